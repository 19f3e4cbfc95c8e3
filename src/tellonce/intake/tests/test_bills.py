"""Bills come in with their lines, from one file or two, once; what cannot be is told by its place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tellonce.intake import actions
from tellonce.intake.contracts import RunState
from tellonce.intake.tests.making import ADA, NOW, a_file, brought_in
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.actions import load_bills
from tellonce.modules.billing.contracts import NewBill, NewCharge
from tellonce.modules.billing.models import Bill, Charge, Watch, WatchCheck
from tellonce.modules.record.models import Account, Service
from tests.factories import a_customer, a_matter

pytestmark = pytest.mark.django_db

HEADER = "bill,acct,day,from,to,total,kind,code,text,plan,line_from,line_to,net,tax"
BILL = """
[bill]
number = "bill"
account_number = "acct"
issued_on = "day"
period_from = "from"
period_to = "to"
total = "total"
"""
CHARGE = """
[charge]
kind = { column = "kind", values = { RC = "recurring", OC = "one_off", D = "discount", CR = "credit", F = "fee" } }
code = "code"
words = "text"
product = "plan"
service = { constant = "net" }
period_from = "line_from"
period_to = "line_to"
amount = "net"
tax = "tax"
"""
TOP = """
name = "{name}"
title = "Bills of a small provider"
of = "{of}"
source = "billing"
currency = "USD"
"""
MAPPING = TOP.format(name="joined", of="bills") + BILL + CHARGE
B1 = "B1,70001,2026-02-01,2026-02-01,2026-02-28,74.20,"
B2 = "B2,70002,2026-02-01,2026-02-01,2026-02-28,31.80,"
ROWS = (
    B1 + "RC,INT500,Fibre 500,Fibre 500,2026-02-01,2026-02-28,80.00,4.80",
    B1 + "D,PROMO,New customers,Fibre 500,2026-02-01,2026-02-28,-10.00,-0.60",
    B2 + 'RC,INT100,"Fibre 100, ""family""",Fibre 100,2026-02-01,2026-02-28,30.00,1.80',
)


def accounts(*numbers: str, currency: str = "USD") -> list[Account]:
    """Accounts with these numbers, each with a service that the billing system calls "net"."""
    made = []
    for number in numbers:
        customer = a_customer()
        made.append(Account.objects.create(customer=customer, number=number, currency=currency))
        Service.objects.create(customer=customer, account=made[-1], kind="internet", plan="Fibre", external_id="net")
    return made


def bills_file(folder: Path, *rows: str, header: str = HEADER, name: str = "bills.csv") -> Path:
    """A file of bills."""
    return a_file(folder, *(rows or ROWS), header=header, name=name)


def problems(path: Path, mapping: str = MAPPING) -> Sequence[tuple[int, str, str]]:
    """What the import says is wrong: line, column, what; nothing came in."""
    before = (Bill.objects.count(), Charge.objects.count())
    run = brought_in(path, mapping)
    assert run.state == RunState.REFUSED, run.report
    assert (Bill.objects.count(), Charge.objects.count()) == before
    return [(each["line"], each["column"], each["what"]) for each in run.report["problems"]]


def test_bills_and_lines_come_from_one_file(tmp_path: Path) -> None:
    first, _second = accounts("70001", "70002")
    run = brought_in(bills_file(tmp_path), MAPPING)
    assert (run.state, run.rows, run.added) == (RunState.DONE, 3, 3), run.report
    bill, other = Bill.objects.order_by("number")
    assert (bill.customer_id, bill.account_id, bill.total_minor, bill.lines) == (first.customer_id, first.pk, 7420, 2)
    assert (bill.period_from, bill.period_until) == (date(2026, 2, 1), date(2026, 3, 1))
    assert (bill.state, bill.checked_at, other.total_minor) == ("issued", None, 3180)
    line, promotion = Charge.objects.filter(bill_id=bill.id).order_by("line")
    assert (line.line, line.kind, line.code, line.amount_minor, line.tax_minor) == (1, "recurring", "INT500", 8000, 480)
    assert line.service_id == Service.objects.get(customer_id=first.customer_id).pk
    assert (promotion.line, promotion.amount_minor, promotion.issued_on) == (2, -1000, date(2026, 2, 1))
    assert Charge.objects.get(bill_id=other.id).words == 'Fibre 100, "family"'


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    accounts("70001", "70002")
    path = bills_file(tmp_path)
    brought_in(path, MAPPING)
    before = list(Charge.objects.order_by("id").values())
    again = brought_in(path, MAPPING)
    assert (again.state, again.added, again.changed, again.unchanged) == (RunState.DONE, 0, 0, 3)
    assert list(Charge.objects.order_by("id").values()) == before


def test_bills_and_lines_come_from_two_files(tmp_path: Path) -> None:
    accounts("70001", "70002")
    heads = bills_file(tmp_path, *(",".join(row.split(",")[:6]) for row in (ROWS[0], ROWS[2])), header=HEADER[:27])
    header = TOP.format(name="heads", of="bills") + BILL
    lines = TOP.format(name="lines", of="charges") + CHARGE.replace("[charge]", '[charge]\nbill = "bill"')
    assert brought_in(heads, header).state == RunState.DONE
    assert {bill.state for bill in Bill.objects.all()} == {"no_lines"}
    path = bills_file(tmp_path, name="lines.csv")
    run = brought_in(path, lines)
    assert (run.state, run.added) == (RunState.DONE, 3), run.report
    assert [(bill.state, bill.lines) for bill in Bill.objects.order_by("number")] == [("issued", 2), ("issued", 1)]
    assert brought_in(path, lines).unchanged == 3
    joined = brought_in(path, MAPPING)
    assert (joined.state, joined.unchanged) == (RunState.DONE, 3), joined.report


@pytest.mark.parametrize(
    ("row", "at", "column", "what"),
    [
        (B1 + "F,LATE,Fee,,,,-5.00,-0.30", 5, "net", "A charge of this kind is below zero."),
        (B1 + "CR,BACK,Sorry,,,,5.00,0.30", 5, "net", "A discount or credit is above zero."),
        (B1 + "XX,LATE,Fee,,,,5.00,0.30", 5, "kind", "The mapping does not know this value."),
        (B1 + "F,LATE,Fee,,2026-03-05,2026-03-01,5.00,0.30", 5, "line_to", "The period ends before it begins."),
        (B1 + "F,LATE,Fee,,,,five,0.30", 5, "net", "It is not a number."),
        (B1 + "F,LATE,Fee,,2026-13-05,,5.00,0.30", 5, "line_from",
         "It is not a date and time of the form 2024-12-31 (or with 23:59)."),
        (B1.replace("70001", "70009") + "F,LATE,Fee,,,,5.00,0.30", 5, "bill",
         "This row says something else of its bill than the bill's first row."),
        ("B1,70001,2026-02-01,2026-02-01,2026-02-28", 5, "", "The row has 5 values, the header 14."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_by_its_place(tmp_path: Path, row: str, at: int, column: str, what: str) -> None:
    accounts("70001", "70002", "70009")
    assert (at, column, what) in problems(bills_file(tmp_path, *ROWS, row))


def test_totals_that_do_not_add_up_and_a_cut_file_are_told(tmp_path: Path) -> None:
    accounts("70001", "70002")
    told = (2, "total", "The lines of this bill and their tax come to 84.80, its total is another.")
    assert problems(bills_file(tmp_path, ROWS[0], ROWS[2])) == [told]


def test_an_unknown_account_and_another_currency_are_told(tmp_path: Path) -> None:
    accounts("70001", currency="EUR")
    assert problems(bills_file(tmp_path)) == [
        (2, "", "The account is kept in EUR."),
        (4, "acct", "There is no account with this number."),
    ]


def test_a_currency_is_known_in_small_letters_too(tmp_path: Path) -> None:
    accounts("70001", "70002")
    mapping = MAPPING.replace('total = "total"', 'total = "total"\ncurrency = "cur"').replace(
        'tax = "tax"', 'tax = "tax"\ncurrency = "cur"'
    )
    file = tmp_path / "bills.csv"
    file.write_text("\n".join([f"{HEADER},cur", *(f"{row},usd" for row in ROWS)]))
    brought_in(file, mapping)
    assert {bill.currency for bill in Bill.objects.all()} == {"USD"}


def test_a_bill_that_came_before_with_other_content_is_told_and_stays(tmp_path: Path) -> None:
    accounts("70001", "70002")
    brought_in(bills_file(tmp_path), MAPPING)
    other = [row.replace("80.00", "81.00").replace("74.20", "75.20") for row in ROWS]
    assert problems(bills_file(tmp_path, *other)) == [(2, "bill", "This bill came before and said something else.")]


def test_an_undone_import_leaves_nothing_and_can_come_again(tmp_path: Path) -> None:
    accounts("70001", "70002")
    path = bills_file(tmp_path)
    run = brought_in(path, MAPPING)
    undone = actions.undo(run_id=run.pk, by=ADA, at=NOW)
    assert (undone.bills, Bill.objects.count(), Charge.objects.count()) == (2, 0, 0)
    assert brought_in(path, MAPPING).added == 3


def test_a_bill_that_a_program_brought_is_known_when_it_comes_in_a_file(tmp_path: Path) -> None:
    accounts("70001", "70002")
    since, until = date(2026, 2, 1), date(2026, 3, 1)
    lines = (
        NewCharge(kind="recurring", code="INT500", amount_minor=8000, tax_minor=480, words="Fibre 500"),
        NewCharge(kind="discount", code="PROMO", amount_minor=-1000, tax_minor=-60, words="New customers"),
    )
    bill = NewBill(
        source="billing",
        number="B1",
        account_number="70001",
        issued_on=since,
        currency="USD",
        charges=tuple(
            replace(line, product="Fibre 500", service_ref="net", period_from=since, period_until=until)
            for line in lines
        ),
        period_from=since,
        period_until=until,
    )
    load_bills([bill], by=ADA, at=NOW)
    run = brought_in(bills_file(tmp_path), MAPPING)
    assert (run.state, run.added, run.unchanged) == (RunState.DONE, 1, 2), run.report


def test_a_disputed_bill_stays_when_its_import_is_undone(tmp_path: Path) -> None:
    a_matter("billing.wrong")
    first, _second = accounts("70001", "70002")
    run = brought_in(bills_file(tmp_path), MAPPING)
    line = Charge.objects.get(customer_id=first.customer_id, line=1)
    billing.raise_dispute(
        customer_id=first.customer_id, lines=[billing.LineAsked(line.id)], words="Too much.", by=ADA, at=NOW
    )
    undone = actions.undo(run_id=run.pk, by=ADA, at=NOW)
    assert (undone.bills, undone.kept) == (1, ("B1",))
    assert (Bill.objects.get().number, Charge.objects.count()) == ("B1", 2)
    again = brought_in(bills_file(tmp_path), MAPPING)
    assert (again.added, again.unchanged) == (1, 2)


def test_a_watch_that_ended_by_bills_of_an_undone_import_watches_again(tmp_path: Path) -> None:
    account, _other = accounts("70001", "70002")
    watch = Watch.objects.create(
        customer_id=account.customer_id, account=account, code="LATE", limit_minor=500, currency="USD",
        since=date(2025, 1, 1), began_at=NOW,
    )  # fmt: skip
    month = "2025-{0:02}-01"
    rows = [ROWS[0].replace("B1", f"A{n}").replace("2026-02-01", month.format(n), 1) for n in range(1, 13)]
    run = brought_in(bills_file(tmp_path, *(row.replace("74.20", "84.80") for row in rows)), MAPPING)
    assert run.state == RunState.DONE, run.report
    billing.check_bills(at=NOW)
    watch.refresh_from_db()
    assert (watch.clean_bills, watch.state) == (12, "ended")
    actions.undo(run_id=run.pk, by=ADA, at=NOW)
    watch.refresh_from_db()
    assert (watch.clean_bills, watch.state, watch.ended_at) == (0, "watching", None)


def test_a_bill_whose_lines_alone_are_undone_was_not_clean(tmp_path: Path) -> None:
    account, _other = accounts("70001", "70002")
    watch = Watch.objects.create(
        customer_id=account.customer_id, account=account, code="LATE", limit_minor=500, currency="USD",
        since=date(2025, 1, 1), began_at=NOW,
    )  # fmt: skip
    heads = bills_file(tmp_path, *(",".join(row.split(",")[:6]) for row in (ROWS[0], ROWS[2])), header=HEADER[:27])
    brought_in(heads, TOP.format(name="heads", of="bills") + BILL)
    lines = TOP.format(name="lines", of="charges") + CHARGE.replace("[charge]", '[charge]\nbill = "bill"')
    run = brought_in(bills_file(tmp_path, name="lines.csv"), lines)
    billing.check_bills(at=NOW)
    watch.refresh_from_db()
    assert watch.clean_bills == 1
    actions.undo(run_id=run.pk, by=ADA, at=NOW)
    watch.refresh_from_db()
    assert (watch.clean_bills, WatchCheck.objects.count()) == (0, 0)
