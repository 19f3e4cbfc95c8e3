"""What happens in a made-up call: each has one fate with each person, at the time for it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tellonce.demo.turns import turn_in
from tellonce.modules.phone.models import LiveContact
from tellonce.switchboard.facts import Held, LineLost, Resumed, TransferAsked

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def a_call(name: str, **more: object) -> LiveContact:
    said = {"channel": "call", "stage": "talking", "queue_code": "care", "person_id": 1, "since": NOW} | more
    return LiveContact(id=name, **said)


def fates(seconds: float, *, pace: float = 1.0, **more: object) -> Counter[str]:
    at = NOW + timedelta(seconds=seconds)
    turns = [turn_in(a_call(f"c{number}", **more), at=at, pace=pace) for number in range(1000)]
    return Counter(type(turn).__name__ for turn in turns if turn is not None)


def test_few_are_held_passed_on_or_cut_off_and_only_after_a_while() -> None:
    assert fates(5) == {}
    found = fates(48)
    assert set(found) == {"Held", "TransferAsked", "LineLost"}
    assert found["Held"] > found["TransferAsked"] > found["LineLost"] > 5
    assert sum(found.values()) < 300


def test_at_a_pace_it_comes_so_much_sooner() -> None:
    assert fates(4.8, pace=10.0) == fates(48)


def test_what_is_held_is_taken_back_and_what_was_passed_on_is_not_again() -> None:
    assert set(fates(60, is_held=True)) == {"Resumed", "LineLost"}
    assert "TransferAsked" not in fates(48, note="Knows them.")
    assert "TransferAsked" not in fates(48, queue_code="own")
    assert set(fates(200)) == {"LineLost"}  # where passing on was refused, they talk on


@pytest.mark.parametrize("kind", [Held, TransferAsked, LineLost])
def test_a_fate_stays(kind: type) -> None:
    at = NOW + timedelta(seconds=48)
    name = next(f"c{n}" for n in range(1000) if isinstance(turn_in(a_call(f"c{n}"), at=at, pace=1.0), kind))
    assert isinstance(turn_in(a_call(name), at=at, pace=1.0), kind)
    later = turn_in(a_call(name, is_held=kind is Held), at=at + timedelta(seconds=10), pace=1.0)
    assert isinstance(later, Resumed if kind is Held else kind | type(None))
