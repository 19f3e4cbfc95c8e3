"""A finding in words: what was charged, what the record says, and what was looked for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tellonce.kernel.money import Money

_EPOCH = date(1970, 1, 1)
_OF_THE_BILL = frozenset({"carried", "sum_of_lines", "total_leaps"})
_RECORD = {
    "price": "the record has {record}",
    "earlier_bill": "bill {id} charged these days already",
    "after_the_bill": "these days come after the bill's period",
    "not_to_be_charged": "nothing may be charged{since}, which leaves {record}",
    "not_given_back": "nothing may be charged{since}, bill {id} did, and {record} was due",
    "not_to_be_given_back": "these days were rightly charged",
    "orders": "orders for it until then: {id}",
    "book": "the price book has {record}",
    "no_such_service": "the account has nothing of this code",
    "currency": "the account has another currency",
    "other_account": "the line is of account {id}",
    "use": "{id} measured make {record}",
    "no_use_since": "nobody used it{since}",
    "promotion": "{record} was promised",
    "credit": "{record} was agreed",
    "tax_exempt": "the account pays no tax",
    "tax_rate": "{id} millionths are {record}",
    "sum_of_lines": "the lines and their tax come to {record}",
    "carried": "bill {id} and the payments since leave {record}",
    "upheld": "a dispute took it off for good on {on}",
    "waiver": "it is waived{since}, which leaves {record}",
    "not_charged": "the record has {record}",
    "leaps": (
        "before it was {earlier}; no new terms, price of the book, part of a month, promotion that ended, stop or "
        "correction explains more than {record}"
    ),
    "total_leaps": (
        "before it was {earlier}; monthly charges on it that are more than they were: {id}, and no new terms, price of "
        "the book, part of a month, promotion that ended, stop or correction explains more than {record} in all"
    ),
}


def day_of(number: int | None) -> str | None:
    """A day of a finding as people write it; None stays None."""
    return None if number is None else (_EPOCH + timedelta(days=number)).isoformat()


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence of a finding as JSON values: the sentence of `evidence` as `says`, and what it is made of."""
    facts = {
        "says": evidence(row),
        **{name: row[name] for name in ("code", "product", "service", "device")},
        "period_from": day_of(row["since"]),
        "period_until": day_of(row["until"]),
        **{name: row[name] for name in ("charged_minor", "record_minor", "fact")},
        "on": day_of(row["fact_day"]),
        "id": row["fact_id"],
        "earlier": [f"{day_of(day)}: {_money(row, minor)}" for day, minor in _earlier(row)] or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def evidence(row: Mapping[str, Any]) -> str:
    """What was charged and what the record says, in a sentence."""
    return f"{_charged(row)}; {_record(row)}."


def _charged(row: Mapping[str, Any]) -> str:
    charged = _money(row, row["charged_minor"])
    if row["fact"] in _OF_THE_BILL:
        return f"The bill has {charged}"
    if row["fact"] in {"tax_rate", "tax_exempt"}:
        charged += " tax"
    what = row["code"] or row["product"] or "this"
    since, until = row["since"], row["until"]
    days = "" if since is None or until is None else f" for {day_of(since)} to {day_of(until - 1)}"
    return f"Nothing of {what}{days}" if row["line"] is None else f"{charged} of {what}{days}"


def _record(row: Mapping[str, Any]) -> str:
    told = _RECORD[row["fact"]]
    if row["kind"] == "never_activated":
        told = "it is known never to have worked, which leaves {record}"
    on = day_of(row["fact_day"])
    return told.format(
        on=on,
        since=f" from {on} on" if on else "",
        id=row["fact_id"],
        record=_money(row, row["record_minor"]),
        earlier=_before(row),
    )


def _earlier(row: Mapping[str, Any]) -> list[tuple[int, int]]:
    """What stood on earlier bills: the day of the bill, and the amount."""
    said = (each.split(":") for each in (row["earlier"] or "").split(",") if each)
    return [(int(day), int(minor)) for day, minor in said]


def _before(row: Mapping[str, Any]) -> str:
    """The amounts before, those that are the same together: 9.00 in 2025-01 to 2025-03, 9.50 in 2025-04."""
    runs: list[tuple[int, int, int]] = []
    for day, minor in _earlier(row):
        if runs and runs[-1][2] == minor:
            runs[-1] = (runs[-1][0], day, minor)
        else:
            runs.append((day, day, minor))
    months = [((day_of(first) or "")[:7], (day_of(last) or "")[:7], minor) for first, last, minor in runs]
    return ", ".join(
        f"{_money(row, minor)} in {first}" + (f" to {last}" if last != first else "") for first, last, minor in months
    )


def _money(row: Mapping[str, Any], minor: int | None) -> str:
    return "an unknown sum" if minor is None else str(Money(minor, row["currency"]))
