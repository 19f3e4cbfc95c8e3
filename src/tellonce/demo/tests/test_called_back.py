"""Made-up customers who are called back: most pick up, some do not, and who has picked up says goodbye in the end."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tellonce.demo.lines import PhoneLine, _Call
from tellonce.modules.phone.models import Asked, LiveContact, LivePerson
from tests.factories import a_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def a_line(*people: Any, pace: float = 1.0) -> PhoneLine:
    colleagues = SimpleNamespace(people=list(people), in_hand={}, is_open=lambda _person, _at: True)
    return PhoneLine(rng=random.Random(4), colleagues=cast("Any", colleagues), pace=pace)


def a_callback(call: str, stage: str, person: int | None = 1, *, is_callback: bool = True) -> None:
    LiveContact.objects.create(
        id=call, channel="call", stage=stage, queue_code="care", person_id=person, is_callback=is_callback,
        entered_at=NOW, since=NOW,
    )  # fmt: skip


def asked() -> list[tuple[str, str]]:
    return [(each.kind, each.data["contact"]) for each in Asked.objects.order_by("id") if "contact" in each.data]


def test_most_pick_up_and_some_do_not_and_each_is_asked_for_once() -> None:
    line = a_line()
    for number in range(60):
        a_callback(f"p{number}", "dialling")
    a_callback("real-1", "dialling")
    for seconds in (10, 13, 16):
        line.tick(NOW + timedelta(seconds=seconds))
    assert Counter(call for _kind, call in asked()) == Counter(f"p{number}" for number in range(60))
    kinds = Counter(kind for kind, _call in asked())
    assert kinds["DialAnswered"] > kinds["DialFailed"] > 0


def test_they_let_it_ring_before_they_pick_up() -> None:
    a_callback("p", "dialling")
    a_line().tick(NOW + timedelta(seconds=1))
    assert asked() == []


def test_who_waits_for_a_callback_loses_no_patience() -> None:
    line = a_line()
    line.calls["p"] = _Call(cast("Any", None), NOW)
    a_callback("p", "waiting", None)
    line.tick(NOW + timedelta(minutes=5))
    assert asked() == []
    LiveContact.objects.filter(pk="p").update(is_callback=False)
    line.tick(NOW + timedelta(minutes=5))
    assert asked() == [("HungUp", "p")]


def test_who_was_reached_says_goodbye_in_the_end() -> None:
    ann = a_person()
    LivePerson.objects.create(person=ann, state="on_contact", wished="available", since=NOW)
    line = a_line(ann)
    for call in ("p", "real-1"):
        a_callback(call, "talking", ann.pk, is_callback=False)
    line.tick(NOW + timedelta(seconds=60))
    assert asked() == []
    line.tick(NOW + timedelta(seconds=701))
    assert asked() == [("HungUp", "p")]


def test_who_would_rather_be_called_back_presses_the_key_once() -> None:
    line = a_line()
    line.calls["p"] = _Call(cast("Any", None), NOW + timedelta(minutes=5), NOW + timedelta(seconds=12))
    a_callback("p", "waiting", None, is_callback=False)
    for seconds in (11, 13, 16):
        line.tick(NOW + timedelta(seconds=seconds))
    assert asked() == [("KeyPressed", "p")]


def test_at_ten_times_the_pace_a_colleague_who_wraps_up_is_ready_as_soon() -> None:
    ann = a_person()
    LivePerson.objects.create(person=ann, state="wrapping_up", wished="away", since=NOW)
    line = a_line(ann, pace=10.0)
    line.tick(NOW + timedelta(seconds=0.9))
    assert not Asked.objects.exists()
    line.tick(NOW + timedelta(seconds=6.1))
    assert [each.kind for each in Asked.objects.all()] == ["WrappedUp"]


def test_a_call_whose_line_breaks_or_that_is_passed_on_is_nobodys_conversation() -> None:
    ann = a_person()
    LivePerson.objects.create(person=ann, state="on_contact", wished="available", since=NOW)
    line = a_line(ann)
    for number in range(200):
        line.calls[f"c{number}"] = _Call(cast("Any", None), NOW, contact_id=number + 1)
        line.colleagues.in_hand[number + 1] = cast("Any", None)
        a_callback(f"c{number}", "talking", ann.pk, is_callback=False)
    line.tick(NOW + timedelta(seconds=48))
    kinds: dict[str, set[str]] = {}
    for kind, call in asked():
        kinds.setdefault(kind, set()).add(call)
    assert set(kinds) == {"Held", "TransferAsked", "LineLost"}
    assert all(call not in line.calls for call in kinds["LineLost"])
    assert all(line.calls[call].contact_id == 0 for call in kinds["TransferAsked"])
    over = {int(call[1:]) + 1 for call in kinds["LineLost"] | kinds["TransferAsked"]}
    assert not over & set(line.colleagues.in_hand)
    assert len(line.colleagues.in_hand) == 200 - len(over)
