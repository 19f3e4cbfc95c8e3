"""Bills that were made from the record by the stated rules give no finding, whatever the record is."""

from datetime import date, timedelta

import ibis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tellonce.lab.billing.tests.worlds import MONTHS, Home, Rows, empty, finished, found_in, half_away, month, tables

HOMES = 40
DAYS = st.integers(0, 180)
PRICES = st.integers(1, 20_000)


def on(days: int) -> date:
    return month(1) + timedelta(days=days)


@st.composite
def homes(draw: st.DrawFn) -> Rows:
    """Homes with services that begin, end, pause and change their price on any day; bills know all of it beforehand."""
    rows = empty()
    for number in range(1, HOMES + 1):
        home = Home(rows, number)
        home.settle()
        rows["charges"] = [row for row in rows["charges"] if row["account"] != number]
        rows["services"] = [row for row in rows["services"] if row["account"] != number]
        _bill(home, draw)
    return finished(rows)


def _bill(home: Home, draw: st.DrawFn) -> None:
    first, change, last = sorted(draw(st.tuples(DAYS, DAYS, DAYS)))
    pause = sorted(draw(st.tuples(DAYS, DAYS))) if draw(st.booleans()) else [0, 0]
    prices = draw(st.tuples(PRICES, PRICES))
    terms = [(on(first), on(change), prices[0]), (on(change), on(last), prices[1])]
    for starts, ends, price in terms:
        if starts < ends:
            home.serve(valid_from=starts, valid_until=ends, price_minor=price)
    if pause[0] < pause[1]:
        home.add("pauses", service=home.number, valid_from=on(pause[0]), valid_until=on(pause[1]))
    for number in range(1, MONTHS + 1):
        home.bill_row(number)["issued_on"] = month(number) + timedelta(days=40)  # in arrears: all is known by then
        _charge(home, number, terms, [on(day) for day in pause])
        home.rent(number, 99)


def _charge(home: Home, number: int, terms: list[tuple[date, date, int]], pause: list[date]) -> None:
    """A line for each run of days of a month with one price and without a pause."""
    line = 1
    length = (month(number + 1) - month(number)).days
    for starts, ends, price in terms:
        since, until = max(starts, month(number)), min(ends, month(number + 1))
        around = ((since, min(until, pause[0])), (max(since, pause[1]), until))
        for part in around if pause[0] < pause[1] else ((since, until),):
            days = (part[1] - part[0]).days
            if days > 0 and half_away(price * days, length):
                amount = half_away(price * days, length)
                home.charge(number, line, period_from=part[0], period_until=part[1], amount_minor=amount)
                line += 1


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(homes())
def test_what_was_billed_by_the_rules_gives_no_finding(rows: Rows) -> None:
    assert found_in(tables(rows, ibis.duckdb.connect())) == []
