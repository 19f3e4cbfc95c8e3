"""What checks of bills on files found comes back to the bills that the files were written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tellonce.modules.billing.actions.findings import record_findings
from tellonce.modules.billing.contracts import NewFinding
from tellonce.modules.billing.contracts.identity import outside_id
from tellonce.modules.billing.queries import lines as line_queries


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding as a check of files says it: ids are those of the files, `line` None for the bill as a whole."""

    account: int
    bill: int
    line: int | None
    kind: str
    evidence: Mapping[str, Any]
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many findings are new, were known, are of lines that are disputed or credited, and of bills not here."""

    new: int
    known: int
    put_right: int
    strange: int


_BILLS = "SELECT customer_id, account_id, id, number, issued_on FROM billing_bill WHERE account_id = ANY(%(accounts)s)"
_LINES = """
SELECT c.bill_id, c.line, c.id, c.code
FROM unnest(%(customers)s::bigint[], %(bills)s::uuid[]) AS wanted(customer_id, id)
JOIN billing_charge c ON c.customer_id = wanted.customer_id AND c.bill_id = wanted.id
"""


@dataclass(frozen=True, slots=True)
class _Bill:
    customer_id: int
    account_id: int
    id: UUID
    number: str
    issued_on: date


@transaction.atomic
def record_checked(found: Sequence[Checked], *, at: datetime) -> Recorded:
    """Keeps what is found of bills that are here, once; what is disputed or credited already needs nobody's look."""
    bills = _bills(found)
    placed = [(each, bills[each.account, each.bill]) for each in found if (each.account, each.bill) in bills]
    lines = _lines([bill for _, bill in placed])
    ids = [lines[bill.id, each.line][0] for each, bill in placed if (bill.id, each.line) in lines]
    settled = set(line_queries.disputed_in(ids)) | line_queries.credited_of([b.customer_id for _, b in placed], ids)
    new: list[NewFinding] = []
    put_right = 0
    for each, bill in placed:
        charge_id, code = lines.get((bill.id, each.line), (None, str(each.evidence.get("code", ""))))
        if charge_id in settled:
            put_right += 1
        else:
            new.append(_finding(each, bill, charge_id=charge_id, code=code))
    kept = record_findings(new, at=at)
    return Recorded(new=kept, known=len(new) - kept, put_right=put_right, strange=len(found) - len(placed))


def _finding(each: Checked, bill: _Bill, *, charge_id: UUID | None, code: str) -> NewFinding:
    said = each.evidence
    apart = "" if each.line is not None else ":".join(str(said.get(name, "")) for name in ("code", "service", "id"))
    return NewFinding(
        key=f"{bill.account_id}:{bill.id}:{each.line or 0}:{each.kind}:{apart}"[:160],
        kind=each.kind,
        customer_id=bill.customer_id,
        account_id=bill.account_id,
        amount_minor=each.amount_minor,
        currency=each.currency,
        evidence=said,
        bill_id=bill.id,
        charge_id=charge_id,
        bill_number=bill.number,
        line=each.line,
        code=code[:60],
        issued_on=bill.issued_on,
    )


def _bills(found: Sequence[Checked]) -> dict[tuple[int, int], _Bill]:
    """The bills that are meant, by account and the bill's id in the files."""
    wanted = {(each.account, each.bill) for each in found}
    with connection.cursor() as cursor:
        cursor.execute(_BILLS, {"accounts": list({account for account, _ in wanted})})
        rows = [_Bill(customer, account, pk, number, on) for customer, account, pk, number, on in cursor.fetchall()]
    named = {(bill.account_id, outside_id(bill.id)): bill for bill in rows}
    return {key: bill for key, bill in named.items() if key in wanted}


def _lines(bills: Sequence[_Bill]) -> dict[tuple[UUID, int | None], tuple[UUID, str]]:
    customers, ids = [bill.customer_id for bill in bills], [bill.id for bill in bills]
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"customers": customers, "bills": ids})
        return {(bill_id, line): (pk, code) for bill_id, line, pk, code in cursor.fetchall()}
