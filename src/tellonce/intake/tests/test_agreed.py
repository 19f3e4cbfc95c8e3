"""Orders and what was used come in row by row: all of a file or nothing, once, and the checks look at them."""

from datetime import date
from pathlib import Path

import pytest

from tellonce.intake import actions
from tellonce.intake.contracts import RunState
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.billed_house import the_house
from tellonce.intake.tests.making import ADA, NOW, a_file, brought_in
from tellonce.intake.tests.test_bill_files_checked import checked
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.models import Order, Traffic
from tellonce.modules.record.models import Account, Service

pytestmark = pytest.mark.django_db
ORDERS = """
name = "orders"
title = "What was ordered"
of = "orders"
source = "shop"
[order]
number = "order"
account_number = "acct"
code = "code"
on = "day"
service = { column = "svc", optional = true }
"""
TRAFFIC = """
name = "traffic"
title = "Use by month"
of = "traffic"
source = "meters"
[traffic]
service = "svc"
month = "day"
units = "mb"
"""
CUSTOMERS = """
name = "few"
title = "A few"
of = "customers"
source = "few"
[customer]
external_id = "id"
name = "id"
[[account]]
number = "account"
[[service]]
kind = { constant = "internet" }
plan = { constant = "Fibre" }
external_id = "service"
"""


@pytest.fixture
def few(tmp_path: Path) -> None:
    rows = ("c1,70001,n1", "c2,70002,n2", "c3,70003,n2")
    brought_in(a_file(tmp_path, *rows, header="id,account,service", name="few.csv"), CUSTOMERS)


def ordered(folder: Path, *rows: str) -> ImportRun:
    return brought_in(a_file(folder, *rows, header="order,acct,code,day,svc", name="orders.csv"), ORDERS)


def used(folder: Path, *rows: str, mapping: str = TRAFFIC, header: str = "svc,day,mb") -> ImportRun:
    return brought_in(a_file(folder, *rows, header=header, name="traffic.csv"), mapping)


def said(run: ImportRun) -> list[tuple[int, str, str, str]]:
    return [(each["line"], each["column"], each["value"], each["what"]) for each in run.report["problems"]]


@pytest.mark.usefixtures("few")
def test_an_order_is_known_by_its_number_and_takes_new_values(tmp_path: Path) -> None:
    run = ordered(tmp_path, "O-1,70001,INST,2026-01-05,n1", "O-2,70002,FEE,2026-01-06,")
    assert (run.state, run.added) == (RunState.DONE, 2), run.report
    again = ordered(tmp_path, "O-1,70001,INST,2026-01-05,n1", "O-2,70002,FEE,2026-01-09,")
    assert (again.added, again.changed, again.unchanged) == (0, 1, 1)
    account, service = Account.objects.get(number="70001"), Service.objects.get(external_id="n1")
    found = Order.objects.order_by("number").values_list("number", "code", "on", "source")
    assert list(found) == [("O-1", "INST", date(2026, 1, 5), "shop"), ("O-2", "FEE", date(2026, 1, 9), "shop")]
    first = Order.objects.get(number="O-1")
    assert (first.account_id, first.customer_id, first.service_id) == (account.pk, account.customer_id, service.pk)
    actions.undo(run_id=again.pk, by=ADA, at=NOW)
    assert Order.objects.count() == 2
    actions.undo(run_id=run.pk, by=ADA, at=NOW)
    assert not Order.objects.exists()


@pytest.mark.usefixtures("few")
def test_what_does_not_fit_is_said_with_line_and_column_and_nothing_comes_in(tmp_path: Path) -> None:
    run = ordered(tmp_path, "O-1,70001,INST,2026-01-05,n1", "O-2,79999,FEE,2026-01-06,", "O-3,70001,FEE,2026-01-06,n2")
    assert run.state == RunState.REFUSED
    assert said(run) == [
        (3, "acct", "79999", "There is no account with this number."),
        (4, "svc", "n2", "There is no service with this id."),
    ]
    assert not Order.objects.exists()
    twice = ordered(tmp_path, "O-1,70001,INST,2026-01-05,", "O-1,70001,INST,2026-01-06,")
    assert [line for line, *_rest in said(twice)] == [3]
    bad = ordered(tmp_path, "O-1,70001,INST,January,")
    assert [(line, column, value) for line, column, value, _what in said(bad)] == [(2, "day", "January")]


@pytest.mark.usefixtures("few")
def test_what_was_used_is_kept_by_the_month_and_measured_anew(tmp_path: Path) -> None:
    assert used(tmp_path, "n1,2026-01-31,500", "n1,2026-02-01,0").added == 2
    again = used(tmp_path, "n1,2026-01-15,700", "n1,2026-02-28,0")
    assert (again.added, again.changed, again.unchanged) == (0, 1, 1)
    assert list(Traffic.objects.order_by("month").values_list("month", "units")) == [
        (date(2026, 1, 1), 700),
        (date(2026, 2, 1), 0),
    ]
    twice = used(tmp_path, "n1,2026-03-01,1", "n1,2026-03-31,2")
    assert [line for line, *_rest in said(twice)] == [3]


@pytest.mark.usefixtures("few")
def test_services_of_the_same_name_are_told_apart_by_the_account(tmp_path: Path) -> None:
    refused = used(tmp_path, "n2,2026-01-01,5", "n9,2026-01-01,5", "n1,2026-01-01,-5")
    assert said(refused)[:1] == [(4, "mb", "-5", said(refused)[0][3])]
    refused = used(tmp_path, "n2,2026-01-01,5", "n9,2026-01-01,5")
    assert [each[:3] for each in said(refused)] == [(2, "svc", "n2"), (3, "svc", "n9")]
    assert not Traffic.objects.exists()
    with_account = TRAFFIC + 'account_number = "acct"\n'
    rows = ("n2,2026-01-01,5,70002", "n2,2026-01-01,6,70003")
    run = used(tmp_path, *rows, mapping=with_account, header="svc,day,mb,acct")
    assert (run.state, run.added) == (RunState.DONE, 2), run.report
    whose = {row.pk: row.customer_id for row in Service.objects.filter(external_id="n2")}
    owner = Account.objects.get(number="70003").customer_id
    assert [whose[row.service_id] for row in Traffic.objects.filter(units=6)] == [owner]


def test_a_charge_without_an_order_is_found_and_what_was_before_the_first_order_is_not(tmp_path: Path) -> None:
    fee = ("one_off", "INST", "n3", "", 50.0)
    wrong = {(3, date(2026, 1, 1)): lambda lines: [*lines, fee], (3, date(2026, 3, 1)): lambda lines: [*lines, fee]}
    ids = the_house(tmp_path, other=wrong)
    assert [row for row in checked(tmp_path / "before") if row[1] == "not_ordered"] == []
    assert ordered(tmp_path, "O-1,70005,INST,2026-02-01,").state == RunState.DONE
    assert [row for row in checked(tmp_path / "after") if row[1] == "not_ordered"] == [(ids[3], "not_ordered", 2, 5000)]
    assert ordered(tmp_path, "O-2,70003,INST,2026-02-10,").state == RunState.DONE
    assert [row for row in checked(tmp_path / "ordered") if row[1] == "not_ordered"] == []


def test_a_service_that_nobody_used_for_two_periods_is_found(tmp_path: Path) -> None:
    ids = the_house(tmp_path)
    assert [row for row in checked(tmp_path / "before") if row[1] == "no_traffic"] == []
    assert used(tmp_path, "n10,2026-01-01,0", "n10,2026-02-01,0", "n9,2026-01-01,0", "n9,2026-02-01,9").added == 4
    found = {row[0] for row in checked(tmp_path / "after") if row[1] == "no_traffic"}
    assert found == {ids[10]}


@pytest.mark.usefixtures("few")
def test_both_are_exported_and_forgotten_with_the_customer(tmp_path: Path) -> None:
    ordered(tmp_path, "O-1,70001,INST,2026-01-05,n1")
    used(tmp_path, "n1,2026-01-01,5")
    owner = Account.objects.get(number="70001").customer_id
    kept = billing.personal_data([owner])
    assert [row["number"] for row in kept["orders"]] == ["O-1"]
    assert [row["units"] for row in kept["traffic"]] == [5]
    billing.forget([owner], at=NOW)
    assert Order.objects.get().number == ""
