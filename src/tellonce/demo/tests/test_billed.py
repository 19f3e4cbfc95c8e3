"""The demo's bills in a real database: they add up, and what customers complained of stands on them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tellonce.datakit.engines import engine, keeping, parquet_tables
from tellonce.demo.billed.loading import Billed
from tellonce.demo.billed.truth import AGAIN, TWICE, planted, score
from tellonce.demo.catching_up import bring_up_to_now
from tellonce.demo.generate import generate
from tellonce.intake.bulk.bill_files import write_bills
from tellonce.lab.billing import NAMES, all_findings, record_of, run_of

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_bills_of_the_demo(tmp_path: Path) -> None:
    billed = generate(seed=1, now=NOW, progress=lambda *_: None, customers=1500)
    bills_add_up_and_everything_refers_to_what_is_there()
    every_page_about_bills_has_life()
    whoever_complained_of_a_charge_has_it_on_a_bill_before()
    prices_rise_and_promotions_end_on_bills()
    bills_are_paid_mostly_in_time_and_what_is_disputed_waits()
    what_the_checks_say_is_planted_and_what_can_be_known_is_said(billed, tmp_path)


def count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {statement}")
        return int(cursor.fetchone()[0])


def bills_add_up_and_everything_refers_to_what_is_there(*, now: datetime = NOW) -> None:
    assert count("billing_bill") > 8_000
    assert count("billing_bill WHERE checked_at IS NULL") == 0
    sums = "SELECT bill_id, sum(amount_minor + tax_minor) AS total, count(*) AS lines FROM billing_charge GROUP BY 1"
    wrong = (
        f"billing_bill b LEFT JOIN ({sums}) s ON s.bill_id = b.id WHERE s.total <> b.total_minor OR s.lines <> b.lines"
    )
    assert count(wrong) == 0
    assert count("billing_disputeline l LEFT JOIN billing_charge c ON c.id = l.charge_id AND c.bill_id = l.bill_id "
                 "AND c.customer_id = l.customer_id WHERE c.id IS NULL") == 0  # fmt: skip
    assert count("billing_disputeline l JOIN billing_charge c ON c.id = l.charge_id "
                 "WHERE c.amount_minor + c.tax_minor <> l.charged_minor") == 0  # fmt: skip
    on_bill = "billing_credit g JOIN billing_charge c ON c.id = g.charge_id WHERE g.state = 'on_bill'"
    assert count(on_bill) > 10
    assert count(f"{on_bill} AND -(c.amount_minor + c.tax_minor) <> g.amount_minor") == 0
    assert count(f"record_moment WHERE at > '{now.isoformat()}'") == 0
    connection.check_constraints()


def every_page_about_bills_has_life() -> None:
    assert {state: count(f"billing_dispute WHERE state = '{state}'") > 0 for state in
            ("open", "upheld", "partly", "not_upheld", "withdrawn")} == dict.fromkeys(
            ("open", "upheld", "partly", "not_upheld", "withdrawn"), True)  # fmt: skip
    assert count("billing_watch WHERE state = 'watching'") > 30
    assert count("billing_watch WHERE state = 'ended'") > 0
    assert count("billing_watchcheck WHERE outcome = 'came_back' AND answered_at IS NOT NULL") > 0
    assert count("billing_watchcheck WHERE outcome = 'came_back' AND answered_at IS NULL") == 0
    assert count("billing_cause") == 3
    assert count("billing_correction WHERE state = 'done'") == 1
    assert count("billing_correction WHERE state = 'asked'") == 1
    assert count("billing_causeaccount WHERE corrected_at IS NOT NULL") > 5
    assert count("billing_finding WHERE state = 'open'") > 0
    assert count("billing_watchcheck WHERE outcome = 'held'") > 0
    assert count("billing_credit WHERE state = 'asked'") == 6
    assert count("billing_deviceevent WHERE kind = 'returned'") > 0


def whoever_complained_of_a_charge_has_it_on_a_bill_before() -> None:
    told = "billing_dispute d JOIN care_contact k ON k.id = d.contact_id"
    assert count(told) > 50
    assert count(f"{told} WHERE k.customer_id <> d.customer_id") == 0
    late = "billing_disputeline l JOIN billing_dispute d ON d.id = l.dispute_id WHERE l.issued_on > d.raised_at::date"
    assert count(late) == 0


def prices_rise_and_promotions_end_on_bills() -> None:
    assert count("billing_charge WHERE code = 'PROMOTION' AND period_until - period_from < 28") > 10
    assert count("(SELECT DISTINCT amount_minor FROM billing_charge WHERE code = 'CABLE-300' "
                 "AND period_until - period_from >= 28 AND amount_minor IN (5900, 6200)) p") == 2  # fmt: skip


def bills_are_paid_mostly_in_time_and_what_is_disputed_waits() -> None:
    paid = "billing_payment p JOIN billing_bill b ON p.number = 'P-' || b.number AND p.account_id = b.account_id"
    old = f"b.issued_on < '{(NOW - timedelta(days=60)).date()}'"
    every = count(f"{paid} WHERE {old}")
    assert every > 10_000
    late, dunned = (count(f"{paid} WHERE {old} AND p.on > b.due_on + {days}") for days in (0, 17))
    assert 0.03 < late / every < 0.15
    assert 0.001 < dunned / every < 0.03
    assert count(f"billing_payment WHERE \"on\" > '{NOW.date()}' OR amount_minor <= 0") == 0
    whole = "regexp_replace(number, '-2$', '')"
    sums = f"SELECT {whole} AS number, sum(amount_minor) AS amount FROM billing_payment GROUP BY 1"
    more = f"billing_bill b JOIN ({sums}) s ON s.number = 'P-' || b.number WHERE s.amount > b.total_minor"
    assert count(more) == 0
    asked = "SELECT bill_id, sum(asked_minor) AS asked FROM billing_disputeline GROUP BY 1"
    held = f"{paid} JOIN ({asked}) w ON w.bill_id = b.id WHERE p.amount_minor = b.total_minor - w.asked"
    assert count(held) > 5
    assert count("billing_payment WHERE number LIKE '%-2'") > 5
    before = "lag(carried_minor + total_minor) OVER (PARTITION BY account_id ORDER BY issued_on)"
    since = "lag(issued_on) OVER (PARTITION BY account_id ORDER BY issued_on)"
    steps = (
        f"SELECT customer_id, account_id, carried_minor, issued_on, {before} AS balance, {since} AS since"
        " FROM billing_bill"
    )
    paid_then = (
        "coalesce((SELECT sum(amount_minor) FROM billing_payment p WHERE p.customer_id = s.customer_id"
        ' AND p.account_id = s.account_id AND p."on" >= s.since AND p."on" < s.issued_on), 0)'
    )
    assert count("billing_bill WHERE carried_minor <> 0") > 100
    assert count(f"({steps}) s WHERE since IS NOT NULL AND carried_minor <> balance - {paid_then}") == 0
    fees = "billing_charge c WHERE c.code = 'LATE-FEE' AND c.bill_id NOT IN (SELECT bill_id FROM billing_disputeline)"
    assert count(fees) > 20


@pytest.mark.django_db
def test_the_bills_of_the_months_since_are_made_checked_and_paid() -> None:
    generate(seed=1, now=NOW, progress=lambda *_: None, customers=600)
    later = NOW + timedelta(days=75)
    before = count("billing_bill")
    promised = count("billing_credit WHERE state = 'granted'")
    assert promised > 0
    assert bring_up_to_now(seed=1, now=later, progress=lambda *_: None, customers=600)
    since = f"issued_on > '{NOW.date()}'"
    new = count(f"billing_bill WHERE {since}")
    assert count("billing_bill") == before + new
    assert new > 600
    assert count(f"billing_bill WHERE {since} AND issued_on > '{later.date()}'") == 0
    assert count("billing_bill WHERE checked_at IS NULL") == 0
    twice = "SELECT account_id, period_from FROM billing_bill GROUP BY 1, 2 HAVING count(*) > 1"
    assert count(f"({twice}) t") == 0
    bills_add_up_and_everything_refers_to_what_is_there(now=later)
    assert count(f"billing_watchcheck WHERE {since}") > 0
    assert count("billing_watchcheck WHERE outcome = 'came_back' AND answered_at IS NULL") == 0
    assert count(f"billing_credit WHERE state = 'on_bill' AND seen_on > '{NOW.date()}'") > promised / 2
    overdue = f"billing_dispute WHERE state = 'open' AND due_on < '{later.date()}'"
    assert count(overdue) == 0
    assert count(f"billing_payment WHERE \"on\" > '{NOW.date()}' AND \"on\" <= '{later.date()}'") > 300
    assert count(f"billing_payment WHERE \"on\" > '{later.date()}'") == 0
    rise = "billing_charge WHERE code = 'CABLE-300' AND amount_minor = 5900 AND " + since
    assert count(rise) == 0


def what_the_checks_say_is_planted_and_what_can_be_known_is_said(billed: Billed, folder: Path) -> None:
    write_bills(folder, at=NOW, by_name="a test")
    with engine("duckdb", memory="1GB", threads=1) as backend:
        run = run_of(record_of(parquet_tables(backend, folder, NAMES)), keep=keeping(backend))
        findings = all_findings(run).to_pyarrow().to_pylist()
    counted = score(planted(billed), findings)
    assert counted.known[TWICE] > 0
    assert counted.known[AGAIN] > 0
    assert counted.recall >= 0.98, counted
    assert counted.precision >= 0.95, counted
