"""The guide's rule of sudden jumps in plain, slow Python; of services alone: a fee must be what the book has."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tellonce.demo.bills.tests.reading import Place, Row, holds, rounded

ALONE, TOGETHER, ROUNDED = Fraction(3, 2), Fraction(5, 4), Fraction(105, 100)
LONG_AGO = timedelta(395)


def jumps(world: Any) -> set[Place]:
    """The lines that jumped, and the bills that did by lines each of which did not."""
    wrong: set[Place] = set()
    crept: dict[int, Fraction] = defaultdict(Fraction)
    for lines in _charges(world).values():
        for line in lines:
            before = [each for each in lines if _counts(world, each, line)]
            over, explained = _beyond(world, line, before, ALONE)
            if over >= 500 and _month(world, line) >= ALONE * explained:
                wrong.add((line["account"], line["bill"], line["line"]))
            over, explained = _beyond(world, line, before, ROUNDED)
            if over > 0:
                crept[line["bill"]] += over * (1 + Fraction(line["tax_minor"], line["amount_minor"]))
    told = {bill for _, bill, _ in wrong}
    for bill_id, together in crept.items():
        bill = world.bill[bill_id]
        is_leap = together >= 1000 and bill["total_minor"] >= TOGETHER * (bill["total_minor"] - together)
        if bill_id not in told and is_leap and (bill["account"], bill_id, None) not in world.wrong:
            wrong.add((bill["account"], bill_id, None))
    return wrong


def _charges(world: Any) -> dict[Any, list[Row]]:
    """What services of unknown price are charged by the month, by what it is for; not what is wrong for its days."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for line in world.lines:
        place = (line["account"], line["bill"], line["line"])
        is_of_service = line["kind"] == "recurring" and line["device"] is None and line["amount_minor"] > 0
        if is_of_service and place not in world.wrong and _term(world, line) is not None:
            found[line["service"], line["code"], line["currency"]].append(line)
    return found


def _term(world: Any, line: Row) -> Row | None:
    """The term of unknown price that the line is for."""
    terms = sorted(world.terms.get(line["service"], ()), key=lambda row: str(row["valid_from"]))
    for place, term in enumerate(terms, start=1):
        end = term["valid_until"]
        inside = end is None or line["period_until"] <= end or (place == len(terms) and line["period_from"] < end)
        inside = inside and term["valid_from"] <= line["period_from"]
        same = (term["account"], term["code"]) == (line["account"], line["code"])
        if inside and same and term["price_minor"] is None:
            found: Row = term
            return found
    return None


def _month(world: Any, line: Row) -> int:
    bill = world.bill[line["bill"]]
    whole, days = bill["period_until"] - bill["period_from"], line["period_until"] - line["period_from"]
    return rounded(Fraction(line["amount_minor"] * whole.days, days.days))


def _counts(world: Any, each: Row, line: Row) -> bool:
    then, now = world.bill[each["bill"]]["issued_on"], world.bill[line["bill"]]["issued_on"]
    term = _term(world, line)
    assert term is not None
    is_before = now - LONG_AGO <= then < now and each["period_from"] < line["period_from"]
    return bool(is_before and each["period_from"] >= term["valid_from"])


def _beyond(world: Any, line: Row, before: list[Row], times: Fraction) -> tuple[int, int]:
    """What is beyond all that explains the line (0 where something does), and how much a month may be."""
    rate = _month(world, line)
    low = [each for each in before if _month(world, each) * times <= rate]
    if len({each["bill"] for each in low}) < 3:
        return 0, rate
    last = max(each["period_from"] for each in low)
    if any(each["period_from"] < last for each in before if each not in low) or _is_explained(world, line, last):
        return 0, rate
    most = max(_month(world, each) for each in low)
    explained = _by_the_book(world, line, last, most)
    for promotion in world.promotions.get(line["service"], ()):
        if last < promotion["valid_until"] < line["period_until"]:
            explained += promotion["discount_minor"]
    bill = world.bill[line["bill"]]
    whole, days = bill["period_until"] - bill["period_from"], line["period_until"] - line["period_from"]
    return line["amount_minor"] - rounded(Fraction(explained * days.days, whole.days)), explained


def _by_the_book(world: Any, line: Row, last: date, most: int) -> int:
    rows = [row for row in world.prices[line["code"]] if row["unit"] == "month"]
    was = min(row["amount_minor"] for row in rows if holds(row, last))
    days = [line["period_from"], line["period_until"] - timedelta(1)]
    now = max(row["amount_minor"] for row in rows if any(holds(row, day) for day in days))
    return int(max(most + max(now - was, 0), now))


def _is_explained(world: Any, line: Row, last: date) -> bool:
    pauses = world.pauses.get(line["service"], ())
    stopped = any(
        row["valid_from"] < line["period_until"] and (row["valid_until"] is None or row["valid_until"] > last)
        for row in pauses
    )
    given_back = any(
        each["amount_minor"] < 0 and (each["service"], each["code"]) == (line["service"], line["code"])
        for each in world.lines_of[line["bill"]]
        if each["kind"] == "recurring"
    )
    return stopped or given_back
