"""Bills one by one or some at a time: those that the billing system asks about, and those that a program has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions.announcing import bills_arrived
from tellonce.modules.billing.actions.copying import BILL_COLUMNS, CHARGE_COLUMNS, remove_bills, tell_of_bills
from tellonce.modules.billing.contracts import (
    MOST_DAYS_AHEAD,
    BadBillError,
    BillKnownError,
    BillState,
    BillTold,
    ChargeKind,
    NewBill,
)
from tellonce.modules.billing.contracts.identity import bill_id, charge_id, digest_of_bill, digest_of_lines
from tellonce.modules.billing.contracts.incoming import NewCharge
from tellonce.modules.billing.models import Bill, Charge
from tellonce.modules.billing.queries.known import KnownBill, known_bills
from tellonce.modules.record.copying import copy_rows, table_of
from tellonce.modules.record.queries import outside
from tellonce.modules.staff.contracts import Actor

_NOT_BELOW_ZERO = frozenset({ChargeKind.USAGE.value, ChargeKind.ONE_OFF.value, ChargeKind.FEE.value})
_NOT_ABOVE_ZERO = frozenset({ChargeKind.DISCOUNT.value, ChargeKind.CREDIT.value})
_AT_ONCE = 20_000
Account = tuple[int, int, str]
"""Its id, its customer, its currency."""


@dataclass(frozen=True, slots=True)
class BillsLoaded:
    """How many bills came in, came in place of one that was asked about or had no lines, and were here already.

    `ids` are (customer, bill) of all, in the order in which they were given.
    """

    added: int
    changed: int
    unchanged: int
    ids: tuple[tuple[int, UUID], ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A bill with all of its lines numbered, and what is known about where it belongs."""

    bill: NewBill
    id: UUID
    account_id: int
    customer_id: int
    total_minor: int
    digest: UUID
    lines_digest: UUID


@transaction.atomic
def load_bills(
    bills: Sequence[NewBill],
    *,
    by: Actor,
    at: datetime,
    import_id: int | None = None,
    checked_at: datetime | None = None,
) -> BillsLoaded:
    """Bills with their lines, all or none; they are checked soon unless `checked_at` says that they were.

    BadBillError where one cannot be, BillKnownError where one was sent before and said something else.
    """
    placed = _placed(bills)
    return _take_in(placed, _known(placed), by=by, at=at, import_id=import_id, checked_at=checked_at)


@transaction.atomic
def put_asked_bill(bill: NewBill, *, by: Actor, at: datetime) -> tuple[int, UUID]:
    """Keeps a bill that the billing system asks about before it sends it; its customer and id.

    Asked again it is what it is now. BillKnownError when it was sent already: then nothing can be held any more.
    """
    _lock(source=bill.source, number=bill.number)
    if bill.issued_on > at.date() + timedelta(days=MOST_DAYS_AHEAD):
        raise _bad(bill, gettext("it is dated more than %(days)d days after today") % {"days": MOST_DAYS_AHEAD})
    asked = replace(bill, state=BillState.ASKED)
    (one,) = _placed([asked])
    known = _known([one]).get(one.id)
    if known is not None and known[3] != BillState.ASKED:
        raise BillKnownError(gettext("Bill %(number)s was sent already.") % {"number": bill.number})
    known_too = {} if known is None else {one.id: known}
    return _take_in([one], known_too, by=by, at=at, import_id=None, checked_at=None).ids[0]


def _take_in(
    placed: Sequence[_Placed],
    known: Mapping[UUID, KnownBill],
    *,
    by: Actor,
    at: datetime,
    import_id: int | None,
    checked_at: datetime | None,
) -> BillsLoaded:
    """Writes what is new or other now of bills whose account and state are known."""
    for one in placed:
        _refuse_changed(one, known.get(one.id))
    fresh = _with_services([one for one in placed if _is_fresh(one, known.get(one.id))])
    anew = [(one.customer_id, str(one.id)) for one in fresh if one.id in known]
    if anew:
        remove_bills(anew)
    _copy(fresh, at=at, import_id=import_id, checked_at=checked_at)
    sent = [one for one in fresh if one.bill.state == BillState.ISSUED]
    if sent:
        tell_of_bills((_told(one) for one in sent), by=by, import_id=import_id)
    if sent and checked_at is None:
        bills_arrived()
    return BillsLoaded(
        added=len(fresh) - len(anew),
        changed=len(anew),
        unchanged=len(placed) - len(fresh),
        ids=tuple((one.customer_id, one.id) for one in placed),
    )


def _placed(bills: Sequence[NewBill]) -> list[_Placed]:
    accounts: dict[str, Account] = {}
    numbers = sorted({bill.account_number for bill in bills})
    for start in range(0, len(numbers), _AT_ONCE):
        found = outside.accounts_by_number(numbers[start : start + _AT_ONCE])
        accounts |= {number: (pk, customer_id, currency) for number, pk, customer_id, currency in found}
    placed = [_place(bill, accounts) for bill in bills]
    if len({one.id for one in placed}) < len(placed):
        raise BadBillError(gettext("The same bill is there twice."))
    return placed


def _place(bill: NewBill, accounts: Mapping[str, Account]) -> _Placed:
    account = accounts.get(bill.account_number)
    if account is None:
        raise _bad(bill, gettext("there is no account %(number)s") % {"number": bill.account_number})
    if account[2] != bill.currency:
        raise _bad(bill, gettext("its account is kept in %(currency)s") % {"currency": account[2]})
    lines = tuple(replace(charge, line=charge.line or number) for number, charge in enumerate(bill.charges, start=1))
    _refuse_bad(bill, lines)
    total = sum(line.amount_minor + line.tax_minor for line in lines)
    return _Placed(
        bill=replace(bill, charges=lines),
        id=bill_id(source=bill.source, number=bill.number),
        account_id=account[0],
        customer_id=account[1],
        total_minor=total,
        digest=digest_of_bill(
            (
                *(bill.number, bill.account_number, bill.issued_on, bill.due_on, bill.period_from),
                *(bill.period_until, bill.currency, total, bill.carried_minor or 0),
            )
        ),
        lines_digest=digest_of_lines(_said(line) for line in lines),
    )


def _with_services(placed: list[_Placed]) -> list[_Placed]:
    """Lines that name a service by its id in the billing system get ours, where the customer has such a one."""
    naming = {one.customer_id for one in placed if any(line.service_ref for line in one.bill.charges)}
    if not naming:
        return placed
    ours = {(customer_id, ref): pk for customer_id, ref, pk in sorted(outside.services_of(sorted(naming)))}

    def named(one: _Placed, line: NewCharge) -> NewCharge:
        found = line.service_id or ours.get((one.customer_id, line.service_ref))
        return replace(line, service_id=found)

    return [
        replace(one, bill=replace(one.bill, charges=tuple(named(one, line) for line in one.bill.charges)))
        for one in placed
    ]


def _said(line: NewCharge) -> tuple[Any, ...]:
    return (
        *(str(line.kind), line.code, line.words, line.product, line.service_ref, line.device_serial),
        *(line.period_from, line.period_until, line.amount_minor, line.tax_minor),
    )


def _refuse_bad(bill: NewBill, lines: Sequence[NewCharge]) -> None:
    if bill.period_from and bill.period_until and bill.period_until <= bill.period_from:
        raise _bad(bill, gettext("its period ends before it begins"))
    if len({line.line for line in lines}) < len(lines):
        raise _bad(bill, gettext("two of its lines have one number"))
    for line in lines:
        broken = (
            (line.kind not in ChargeKind.values, gettext("nobody knows the kind of line %(line)d")),
            (line.kind in _NOT_BELOW_ZERO and line.amount_minor < 0, gettext("line %(line)d is below zero")),
            (line.kind in _NOT_ABOVE_ZERO and line.amount_minor > 0, gettext("line %(line)d is above zero")),
            (line.amount_minor * line.tax_minor < 0, gettext("the tax of line %(line)d goes the other way")),
            (_ends_first(line), gettext("the period of line %(line)d ends before it begins")),
        )
        for is_broken, words in broken:
            if is_broken:
                raise _bad(bill, words % {"line": line.line})


def _ends_first(line: NewCharge) -> bool:
    return line.period_from is not None and line.period_until is not None and line.period_until <= line.period_from


def _bad(bill: NewBill, why: str) -> BadBillError:
    return BadBillError(gettext("Bill %(number)s cannot be: %(why)s.") % {"number": bill.number, "why": why})


def _known(placed: Sequence[_Placed]) -> dict[UUID, KnownBill]:
    ids = [str(one.id) for one in placed]
    found: dict[UUID, KnownBill] = {}
    for start in range(0, len(ids), _AT_ONCE):
        found |= {UUID(row[0]): row for row in known_bills(ids[start : start + _AT_ONCE])}
    return found


def _refuse_changed(one: _Placed, known: KnownBill | None) -> None:
    """A bill that was sent does not change: only one that was asked about, or waits for its lines, does."""
    if known is None or known[3] == BillState.ASKED:
        return
    _id, _customer, account_id, _state, digest, lines_digest, *_rest = known
    same_lines = lines_digest is None or lines_digest == str(one.lines_digest)
    if account_id != one.account_id or digest != str(one.digest) or not same_lines:
        raise BillKnownError(
            gettext("Bill %(number)s was sent before and said something else.") % {"number": one.bill.number}
        )


def _is_fresh(one: _Placed, known: KnownBill | None) -> bool:
    if known is None or known[3] == BillState.NO_LINES:
        return True
    if known[3] != BillState.ASKED:
        return False
    is_same = known[4:6] == (str(one.digest), str(one.lines_digest)) and known[2] == one.account_id
    return one.bill.state != BillState.ASKED or not is_same


def _copy(placed: Sequence[_Placed], *, at: datetime, import_id: int | None, checked_at: datetime | None) -> None:
    copy_rows(
        table_of(Bill),
        (*BILL_COLUMNS, "checked_at"),
        ((*_bill_row(one, at=at, import_id=import_id), checked_at) for one in placed),
    )
    copy_rows(
        table_of(Charge),
        CHARGE_COLUMNS,
        (_charge_row(one, line, import_id=import_id) for one in placed for line in one.bill.charges),
    )


def _bill_row(one: _Placed, *, at: datetime, import_id: int | None) -> tuple[Any, ...]:
    bill = one.bill
    return (
        *(one.customer_id, one.id, one.account_id, bill.source, bill.number, str(bill.state), bill.issued_on),
        *(bill.due_on, bill.period_from, bill.period_until, bill.currency, one.total_minor, bill.carried_minor),
        *(len(bill.charges), one.digest, one.lines_digest, at, import_id),
    )


def _charge_row(one: _Placed, line: NewCharge, *, import_id: int | None) -> tuple[Any, ...]:
    bill = one.bill
    return (
        *(one.customer_id, charge_id(source=bill.source, number=bill.number, line=line.line), one.id, one.account_id),
        *(line.line, str(line.kind), line.code, line.words, line.product, line.service_id, line.service_ref),
        *(line.device_serial, line.period_from, line.period_until, line.amount_minor, line.tax_minor),
        *(bill.currency, bill.issued_on, import_id),
    )


def _told(one: _Placed) -> BillTold:
    bill = one.bill
    return BillTold(one.customer_id, bill.number, bill.issued_on, bill.due_on, one.total_minor, bill.currency)


def _lock(*, source: str, number: str) -> None:
    """Holds one bill for the rest of the transaction: two who ask about it at once come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"billing_bill:{source}:{number}"])
