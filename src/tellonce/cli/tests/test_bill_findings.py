"""What a check printed goes back into the installation, line by line."""

import json
from datetime import date

import pytest

from tellonce.cli.work import bill_findings
from tellonce.kernel.errors import InputError
from tellonce.modules.billing.contracts.identity import outside_id
from tellonce.modules.billing.models import Finding
from tellonce.modules.billing.tests.making import Line, a_bill, a_holder

pytestmark = pytest.mark.django_db


def test_json_lines_are_taken_in_once_and_a_line_that_is_no_finding_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bill = a_bill(a_holder(), Line(), on=date(2026, 2, 1))
    said = {"account": bill.account_id, "bill": outside_id(bill.id), "line": 1, "kind": "wrong_price", "evidence": {}}
    one = json.dumps(said | {"amount_minor": 500, "currency": "USD"})
    bill_findings.take_in([one, "", one, json.dumps(json.loads(one) | {"bill": 5})])
    told = capsys.readouterr().out
    assert "1 new findings, 1 known, 0 disputed" in told
    assert "1 are of bills that are not in this installation" in told
    with pytest.raises(InputError, match="line 2"):
        bill_findings.take_in([one, '{"account": 1}'])
    assert Finding.objects.count() == 1
