"""Bills with a history for tests of pages: disputes in every state, one that came back, one held, a cause of many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tellonce.modules.billing import actions
from tellonce.modules.billing.contracts import DisputeState, NewFinding
from tellonce.modules.billing.models import Cause, Dispute
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder, charge
from tellonce.modules.staff.models import Person

FIBRE = Line("FIB-500", 5900, 472, words="Fibre 500", product="Fibre 500")
TV = Line("TV-FAM", 3340, 267, words="TV Family", product="TV Family")
RENTAL = Line("RENT-MODEM", 900, 72, words="Modem rental", product="Modem HX-20", device_serial="HX20-0042")
HIRE = Line("RENT-BOX", 1499, 120, words="Box rental", product="Box TV-3")
SPORT = Line("TV-SPORT", 1200, 96, words="Sports package", product="Sports")


@dataclass(frozen=True, slots=True)
class BilledLives:
    """Who and what there is."""

    rosa: Holder
    chidi: Holder
    petra: Holder
    hired: tuple[Holder, ...]
    upheld: Dispute
    waiting: Dispute
    overdue: Dispute
    cause: Cause


def month_before(today: date, months: int, *, day: int = 3) -> date:
    """The day of the month so many months ago."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, day)


def billed_months(holder: Holder, lines: Sequence[Line], *, today: date, months: Sequence[int]) -> None:
    """The same bill in each of these months ago."""
    for back in months:
        a_bill(holder, *lines, on=month_before(today, back))


def billed_lives(*, dana: Person, lead: Person, now: datetime, many: int = 12) -> BilledLives:
    """All of it by the real actions, as of `now`; `many` accounts have the cause."""
    today = now.date()
    began = now - timedelta(days=900)
    rosa, chidi, petra = (a_holder(name=name, at=began) for name in ("Rosa Vidal", "Chidi Eze", "Petra Lind"))
    upheld = _came_back(rosa, dana=dana, now=now)
    _held(petra, dana=dana, now=now)
    bill = a_bill(chidi, FIBRE, SPORT, on=month_before(today, 1))
    waiting = _raised(chidi, bill.number, [charge(bill, 2)], by=dana, at=now - timedelta(days=4))
    overdue = _raised(chidi, bill.number, [charge(bill, 1)], by=dana, at=now - timedelta(days=36))
    hired = tuple(a_holder(name=f"Household {n}", at=now - timedelta(days=700)) for n in range(1, many + 1))
    for holder in hired:
        billed_months(holder, (FIBRE, HIRE), today=today, months=range(4, 0, -1))
    for holder in hired[:3]:
        latest = a_bill(holder, FIBRE, HIRE, on=month_before(today, 0, day=1))
        _raised(holder, latest.number, [charge(latest, 2)], by=dana, at=now - timedelta(days=9))
    cause = actions.open_cause(
        title="Box rental billed after the box came back",
        rule=actions.CauseRule(code="RENT-BOX", first_on=month_before(today, 4), currency="USD"),
        by=dana.as_actor(),
        at=now - timedelta(days=2),
        words="The return desk's file of 3 March was never loaded.",
    )
    _findings(chidi, today=today, now=now)
    actions.credit_account(
        customer_id=petra.customer_id,
        account_id=petra.account_id,
        amount_minor=180_00,
        by=dana.as_actor(),
        at=now,
        words="Three evenings without service",
    )
    return BilledLives(rosa, chidi, petra, hired, upheld, waiting, overdue, cause)


def _raised(holder: Holder, number: str, ids: Sequence, *, by: Person, at: datetime) -> Dispute:  # type: ignore[type-arg]
    return actions.raise_dispute(
        customer_id=holder.customer_id,
        lines=[actions.LineAsked(each) for each in ids],
        words=f"I never ordered what is on bill {number}.",
        by=by.as_actor(),
        at=at,
    )


def _upheld(holder: Holder, line: Line, *, dana: Person, on: date) -> Dispute:
    bill = a_bill(holder, FIBRE, TV, line, on=on)
    at = bill.received_at + timedelta(days=3)
    dispute = _raised(holder, bill.number, [charge(bill, 3)], by=dana, at=at)
    return actions.decide_dispute(
        dispute_id=dispute.pk,
        verdict=DisputeState.UPHELD,
        reason="The modem came back to us on 2 January.",
        by=dana.as_actor(),
        at=at + timedelta(days=1),
    )


def _came_back(holder: Holder, *, dana: Person, now: datetime) -> Dispute:
    """Two years of bills; the rental was taken off five months ago, and is back on the latest bill."""
    today = now.date()
    billed_months(holder, (FIBRE, TV), today=today, months=range(24, 5, -1))
    actions.check_bills(at=now - timedelta(days=160))
    dispute = _upheld(holder, RENTAL, dana=dana, on=month_before(today, 5))
    credit = Line("CREDIT", -(RENTAL.amount_minor + RENTAL.tax_minor), kind="credit", words="Credit")
    a_bill(holder, FIBRE, TV, credit, on=month_before(today, 4))
    billed_months(holder, (FIBRE, TV), today=today, months=(3, 2))
    dearer = Line("TV-FAM", 4540, 363, words="TV Family", product="TV Family")
    a_bill(holder, FIBRE, dearer, RENTAL, on=month_before(today, 1), received_at=now - timedelta(minutes=9))
    actions.check_bills(at=now - timedelta(minutes=6))
    actions.answer_what_came_back(at=now - timedelta(minutes=5))
    return dispute


def _held(holder: Holder, *, dana: Person, now: datetime) -> None:
    """The billing system asked before it sent the bill."""
    today = now.date()
    _upheld(holder, SPORT, dana=dana, on=month_before(today, 6))
    billed_months(holder, (FIBRE, TV), today=today, months=range(5, 1, -1))
    asked = a_bill(holder, FIBRE, TV, SPORT, on=month_before(today, 1), state="asked")
    actions.check_bills(at=now - timedelta(days=40))
    actions.check_bill(bill_id=asked.id, customer_id=holder.customer_id, at=now - timedelta(days=30))


def _findings(holder: Holder, *, today: date, now: datetime) -> None:
    bill = a_bill(holder, FIBRE, RENTAL, on=month_before(today, 0, day=1))
    actions.record_findings(
        [
            NewFinding(
                kind=kind,
                customer_id=holder.customer_id,
                account_id=holder.account_id,
                amount_minor=amount,
                currency="USD",
                evidence=evidence,
                bill_id=bill.id,
                charge_id=charge(bill, line),
                bill_number=bill.number,
                line=line,
                code=RENTAL.code if line == 2 else FIBRE.code,
                issued_on=bill.issued_on,
            )
            for kind, amount, line, evidence in (
                (
                    "returned_device",
                    972,
                    2,
                    {"serial": "HX20-0042", "returned_on": "2026-01-02", "charged_from": "2026-02-01"},
                ),
                ("wrong_price", 600, 1, {"charged": "59.00", "of_record": "53.00", "since": "2026-02-01"}),
                ("wrong_tax", -118, 1, {"rate": "8 %", "usual_rate": "10 %"}),
            )
        ],
        at=now - timedelta(hours=5),
    )
