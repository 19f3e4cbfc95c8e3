"""A bill in words: what changed and why, and the changes add up."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tellonce.modules.billing.contracts.explained import BilledBill, BilledLine, ServiceTerms, Why
from tellonce.modules.billing.explaining import explain

FEB, MAR, APR = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
NO_ID = UUID(int=0)
LINE = BilledLine(
    id=NO_ID,
    line=1,
    kind="recurring",
    code="INT",
    words="Fibre 500",
    product="Fibre 500",
    service_id=7,
    service_ref="net",
    device_serial="",
    period_from=MAR,
    period_until=APR,
    amount_minor=8000,
    tax_minor=480,
)
BEFORE = replace(LINE, period_from=FEB, period_until=MAR)
PROMOTION = replace(LINE, line=2, kind="discount", code="NEW", words="New customers", amount_minor=-1000, tax_minor=0)
TERMS = ServiceTerms(service_id=7, plan="Fibre 500", promotion_ends_on=date(2026, 2, 28))


def a_bill(*lines: BilledLine, month: date = MAR, until: date = APR) -> BilledBill:
    return BilledBill(
        id=NO_ID,
        customer_id=1,
        account_id=1,
        number="B",
        issued_on=month,
        due_on=None,
        period_from=month,
        period_until=until,
        currency="USD",
        total_minor=sum(line.whole_minor for line in lines),
        carried_minor=0,
        lines=lines,
    )


def other(of: BilledLine = LINE, /, **values: Any) -> BilledLine:
    return replace(of, **values)


HALF = {"period_from": date(2026, 3, 18), "amount_minor": 3613, "tax_minor": 217}
CASES = [
    (Why.SAME, [LINE], [BEFORE], "Fibre 500, as last time.", 0),
    (Why.PRICE_CHANGED, [other(service_id=9, amount_minor=8500)], [other(BEFORE, service_id=9)],
     "The price of Fibre 500 is 85.00 USD without tax, last time 80.00 USD.", 500),
    (Why.PROMOTION_ENDED, [other(amount_minor=8500)], [BEFORE],
     "The promotion of Fibre 500 ended on 28 February 2026: 85.00 USD without tax instead of 80.00 USD.", 500),
    (Why.PART_MONTH, [other(**HALF)], [BEFORE], "Fibre 500 for a part of the period: 14 of 31 days.", -4650),
    (Why.WHOLE_AGAIN, [LINE], [other(BEFORE, period_from=date(2026, 2, 15), amount_minor=4000, tax_minor=240)],
     "Fibre 500 for a whole period; last time it was 14 of 28 days.", 4240),
    (Why.NEW_SERVICE, [other(**HALF)], [], "New: Fibre 500 since 18 March 2026, 14 of 31 days.", 3830),
    (Why.ENDED, [], [BEFORE], "Fibre 500 is no longer charged.", -8480),
    (Why.GIVEN_BACK, [other(period_from=date(2026, 2, 20), period_until=MAR, amount_minor=-2571, tax_minor=-154)], [],
     "Fibre 500 given back from 20 February 2026 to 28 February 2026, which was charged in advance.", -2725),
    (Why.PLAN_CHANGED, [other(code="INT1", words="Fibre 1000", amount_minor=9000)], [BEFORE],
     "Fibre 1000 instead of Fibre 500: 90.00 USD without tax, last time 80.00 USD.", 1000),
    (Why.PROMOTION_ENDED, [], [PROMOTION],
     "The discount “New customers” ended on 28 February 2026: 10.00 USD is no longer taken off.", 1000),
    (Why.PROMOTION_BEGAN, [PROMOTION], [], "New discount “New customers”: 10.00 USD is taken off.", -1000),
    (Why.CREDIT, [other(kind="credit", words="Outage", amount_minor=-500, tax_minor=0)], [],
     "A credit of 5.00 USD: Outage.", -500),
    (Why.ONE_OFF, [other(kind="one_off", words="Installation", amount_minor=5000, tax_minor=0)], [],
     "Charged once: Installation, 50.00 USD.", 5000),
    (Why.ONLY_LAST_TIME, [], [other(kind="fee", words="Late fee", amount_minor=500, tax_minor=0)],
     "Last time 5.00 USD was charged once: Late fee.", -500),
    (Why.USE, [other(kind="usage", words="Calls", amount_minor=700, tax_minor=0)],
     [other(kind="usage", words="Calls", amount_minor=300, tax_minor=0)],
     "More use of Calls than last time: 7.00 USD instead of 3.00 USD.", 400),
    (Why.MORE_OR_FEWER, [other(code="BOX"), other(code="BOX", line=2)], [other(BEFORE, code="BOX")],
     "Fibre 500 stands on it 2 times, last time 1: 169.60 USD instead of 84.80 USD.", 8480),
    (Why.MORE_OR_FEWER, [LINE, other(line=2)],
     [other(BEFORE, period_from=date(2026, 2, 15), amount_minor=4000, tax_minor=240)],
     "Fibre 500 stands on it 2 times, last time 1: 169.60 USD instead of 42.40 USD.", 12720),
    (Why.PART_MONTH, [other(period_until=date(2026, 3, 11), amount_minor=2600, tax_minor=156),
                      other(line=2, period_from=date(2026, 3, 11), period_until=date(2026, 3, 18), amount_minor=1800,
                            tax_minor=108)],
     [BEFORE], "Fibre 500 for a part of the period: 17 of 31 days.", -3816),
]  # fmt: skip


@pytest.mark.parametrize(("why", "now", "before", "text", "change"), CASES)
def test_each_reason_is_said_in_one_sentence(
    why: Why, now: list[BilledLine], before: list[BilledLine], text: str, change: int
) -> None:
    said = explain(a_bill(*now), a_bill(*before, month=FEB, until=MAR), services=[TERMS])
    assert (said.sentences[0].why, said.sentences[0].text) == (why, text)
    assert said.change_minor == change
    assert sum(each.change_minor for each in said.sentences) == change


def test_the_change_is_the_first_thing_said() -> None:
    tv = other(code="TV", words="TV", service_id=8, service_ref="tv")
    now = a_bill(tv, LINE)
    said = explain(now, a_bill(replace(tv, period_from=FEB), BEFORE, PROMOTION, month=FEB, until=MAR), services=[TERMS])
    assert said.headline.startswith("10.00 USD more than last time. The discount “New customers” ended")
    assert [each.why for each in said.sentences] == [Why.PROMOTION_ENDED, Why.SAME, Why.SAME]
    assert [each.line.code for each in said.sentences if each.line] == ["TV", "INT"]


def test_a_first_bill_compares_with_nothing() -> None:
    said = explain(a_bill(LINE, PROMOTION), None)
    assert said.headline == "The first bill of this account: 74.80 USD."
    assert not said.changes
