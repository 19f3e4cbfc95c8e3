"""Not everybody may take every contact now: who declined it is spared for a while, and some calls need a phone."""

from typing import Any

import pytest

from tellonce.switchboard.commands import Refusal, Refuse
from tellonce.switchboard.decisions import Form, WaitTold
from tellonce.switchboard.drivers.told import PersonNotReached, WhyNot
from tellonce.switchboard.engine import rebuild
from tellonce.switchboard.facts import ConsultAsked, NotAnswered, PhonesKnown, TransferAsked
from tellonce.switchboard.freezing import freeze, thaw
from tellonce.switchboard.hearing import facts_of_told
from tellonce.switchboard.replaying import replay
from tellonce.switchboard.settings import Member
from tellonce.switchboard.tests.making import ANN, BOB, CAT, TEAM, Floor, snapshot


def declines(floor: Floor, contact: str, person: int) -> None:
    floor.take(NotAnswered(floor.at, contact, person, is_miss=False))


def test_who_declines_has_missed_nothing_and_the_call_goes_to_somebody_else() -> None:
    floor = Floor()
    floor.comes(ANN, BOB)
    floor.calls("a")
    declines(floor, "a", ANN)
    assert (floor.state(ANN), floor.board.people[ANN].missed, floor.ringing(BOB)) == ("available", 0, "a")
    floor.calls("b")
    assert floor.ringing(ANN) == "b"


def test_who_declines_when_nobody_else_is_there_is_asked_again_after_a_while_and_takes_others_meanwhile() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    declines(floor, "a", ANN)
    assert (floor.state(ANN), floor.ringing(ANN)) == ("available", "")
    floor.wait(1.0)
    floor.calls("b")
    assert floor.ringing(ANN) == "b"
    floor.answers(ANN, "b")
    floor.hangs_up("b")
    assert floor.ringing(ANN) == ""
    floor.comes(BOB)
    assert floor.ringing(BOB) == "a"
    declines(floor, "a", BOB)
    floor.wait(19.9)
    assert (floor.ringing(ANN), floor.ringing(BOB)) == ("", "")
    floor.wait(0.1)
    assert "a" in {floor.ringing(ANN), floor.ringing(BOB)}


def test_that_somebody_declined_survives_a_kill_and_is_decided_again_the_same() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    declines(floor, "a", ANN)
    assert snapshot(thaw(freeze(floor.board))) == snapshot(rebuild(floor.events).board) == snapshot(floor.board)
    floor.wait(20.0)
    assert replay(floor.events) == floor.events
    floor.answers(ANN, "a")
    floor.hangs_up("a")
    assert floor.board.choosy == set()
    assert floor.engine.next_due is None


def real(floor: Floor, contact: str, **more: Any) -> None:
    floor.calls(contact, needs_phone=True, **more)


def test_a_call_that_needs_a_phone_rings_only_where_there_is_one() -> None:
    floor = Floor()
    floor.take(PhonesKnown(floor.at, (BOB,)))
    floor.comes(ANN)
    real(floor, "a")
    assert floor.last(WaitTold).form is Form.NOT_KNOWN
    floor.calls("b")
    assert floor.ringing(ANN) == "b"
    floor.comes(BOB)
    assert floor.ringing(BOB) == "a"


def test_a_call_that_needs_a_phone_is_taken_as_soon_as_there_is_one() -> None:
    floor = Floor()
    floor.take(PhonesKnown(floor.at, ()))
    floor.comes(ANN)
    real(floor, "a")
    assert (floor.ringing(ANN), floor.state(ANN)) == ("", "available")
    floor.take(PhonesKnown(floor.at, (ANN,)))
    assert floor.ringing(ANN) == "a"
    assert snapshot(thaw(freeze(floor.board))) == snapshot(rebuild(floor.events).board) == snapshot(floor.board)
    assert replay(floor.events) == floor.events


def test_a_call_that_needs_a_phone_is_passed_on_and_asked_about_only_where_there_is_one() -> None:
    floor = Floor(members=(*TEAM, Member(CAT, {"care": 1})))
    floor.take(PhonesKnown(floor.at, (ANN,)))
    floor.comes(ANN)
    real(floor, "a")
    floor.answers(ANN, "a")
    floor.comes(BOB, CAT)
    for asks in (TransferAsked(floor.at, "a", ANN, "line", colleague=BOB),
                 ConsultAsked(floor.at, "a", ANN, "leg", "line", colleague=BOB)):  # fmt: skip
        assert floor.take(asks) == (Refuse("a", ANN, Refusal.NOT_FREE),)
    floor.take(ConsultAsked(floor.at, "a", ANN, "leg", "line", queue="care"))
    assert (floor.ringing(BOB), floor.ringing(CAT)) == ("", "")
    floor.take(PhonesKnown(floor.at, (ANN, CAT)))
    assert floor.ringing(CAT) == "leg"


def test_where_nobody_answers_without_a_phone_all_may_take_a_call_that_needs_one() -> None:
    floor = Floor()
    floor.comes(ANN)
    real(floor, "a")
    assert floor.ringing(ANN) == "a"


@pytest.mark.parametrize("why", list(WhyNot))
def test_only_a_phone_that_rang_out_was_missed(why: WhyNot) -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    for fact in facts_of_told(floor.board, PersonNotReached("a", ANN, why), at=floor.at):
        floor.take(fact)
    assert floor.state(ANN) == ("paused" if why is WhyNot.NO_ANSWER else "available")
    assert floor.ringing(ANN) == ""
