"""A call waits, is offered, is answered or not, and its person wraps up."""

from dataclasses import replace

import pytest

from tellonce.lab.routing import Rules
from tellonce.switchboard.commands import Connect, HangUp, PickUp, Release, Ring, StopRinging
from tellonce.switchboard.decisions import Ended, Outcome
from tellonce.switchboard.facts import Answered, Finished, NotAnswered, PersonSet, PickUpAsked, Presence, WrappedUp
from tellonce.switchboard.settings import Member
from tellonce.switchboard.tests.making import ANN, BOB, CARE, Floor

WRAPPING = replace(CARE, wrap_s=30.0)


def test_a_call_goes_to_whoever_has_been_free_longest() -> None:
    floor = Floor()
    floor.comes(BOB)
    floor.wait(5.0)
    floor.comes(ANN)
    floor.calls("a")
    assert floor.asked(Ring) == [Ring("a", BOB)]
    floor.calls("b")
    assert floor.asked(Ring) == [Ring("b", ANN)]


def test_calls_wait_in_their_order_and_are_taken_in_it() -> None:
    floor = Floor()
    floor.calls("a")
    floor.wait(1.0)
    floor.calls("b")
    floor.comes(ANN)
    assert floor.asked(Ring) == [Ring("a", ANN)]
    floor.comes(BOB)
    assert floor.asked(Ring) == [Ring("b", BOB)]


def test_an_answered_call_is_connected_and_its_end_leads_to_wrap_up_and_then_to_the_next() -> None:
    floor = Floor(WRAPPING)
    floor.comes(ANN)
    floor.calls("a")
    assert floor.answers(ANN, "a") == (Connect("a", ANN),)
    assert floor.state(ANN) == "on_contact"
    floor.calls("b")
    floor.wait(10.0)
    assert floor.hangs_up("a") == (Release("a", ANN),)
    assert floor.state(ANN) == "wrapping_up"
    floor.wait(29.0)
    assert floor.ringing(ANN) == ""
    floor.wait(1.0)
    assert floor.ringing(ANN) == "b"


def test_wrap_up_ends_when_the_person_says_so() -> None:
    floor = Floor(WRAPPING)
    floor.comes(ANN)
    floor.calls("a")
    floor.answers(ANN, "a")
    floor.take(Finished(floor.at, "a", ANN))
    assert floor.asked(HangUp) == [HangUp("a")]
    assert floor.state(ANN) == "wrapping_up"
    floor.take(WrappedUp(floor.at, ANN))
    assert floor.state(ANN) == "available"


def test_who_does_not_answer_is_paused_and_the_caller_goes_to_the_next_from_the_front() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    floor.wait(5.0)
    floor.calls("b")
    floor.comes(BOB)
    assert floor.ringing(BOB) == "b"
    floor.wait(10.0)
    floor.answers(BOB, "b")
    floor.hangs_up("b")
    floor.wait(5.0)
    assert (floor.ringing(ANN), floor.state(ANN)) == ("", "paused")
    assert floor.board.people[ANN].reason == "not_answered"
    assert floor.ringing(BOB) == "a"


def test_a_call_that_was_not_answered_keeps_its_place_before_those_who_came_later() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    floor.wait(1.0)
    floor.calls("b")
    assert floor.take(NotAnswered(floor.at, "a", ANN))[0] == StopRinging("a", ANN)
    floor.comes(BOB)
    assert floor.ringing(BOB) == "a"


def test_a_person_is_paused_only_after_so_many_and_rung_again_only_if_nobody_else_can() -> None:
    floor = Floor(misses=2)
    floor.comes(ANN, BOB)
    floor.calls("a")
    floor.take(NotAnswered(floor.at, "a", ANN))
    assert (floor.ringing(BOB), floor.state(ANN)) == ("a", "available")
    floor.take(NotAnswered(floor.at, "a", BOB))
    assert floor.ringing(ANN) == "a"
    floor.take(NotAnswered(floor.at, "a", ANN))
    assert (floor.state(ANN), floor.ringing(BOB)) == ("paused", "a")


def test_the_best_for_a_call_who_did_not_answer_it_is_not_rung_while_others_are_free() -> None:
    members = (Member(ANN, {"care": 3}), Member(BOB, {"care": 1}))
    floor = Floor(members=members, misses=5, rules=Rules(level_s=1_000.0))
    floor.comes(ANN, BOB)
    floor.calls("a")
    assert floor.ringing(ANN) == "a"
    floor.take(NotAnswered(floor.at, "a", ANN))
    assert (floor.ringing(ANN), floor.ringing(BOB)) == ("", "a")


def test_answering_forgets_what_was_missed_before() -> None:
    floor = Floor(misses=2)
    floor.comes(ANN)
    floor.calls("a")
    floor.take(NotAnswered(floor.at, "a", ANN))
    floor.answers(ANN, "a")
    assert floor.board.people[ANN].missed == 0


def test_a_pause_on_a_call_begins_when_the_call_and_its_wrap_up_are_over() -> None:
    floor = Floor(WRAPPING)
    floor.comes(ANN)
    floor.calls("a")
    floor.answers(ANN, "a")
    floor.pauses(ANN)
    assert floor.state(ANN) == "on_contact"
    floor.hangs_up("a")
    assert floor.state(ANN) == "wrapping_up"
    floor.wait(30.0)
    assert (floor.state(ANN), floor.board.people[ANN].reason) == ("paused", "lunch")


def test_who_goes_while_it_rings_has_missed_nothing() -> None:
    floor = Floor()
    floor.comes(ANN, BOB)
    floor.calls("a")
    floor.take(PersonSet(floor.at, ANN, Presence.AWAY))
    assert (floor.state(ANN), floor.board.people[ANN].missed, floor.ringing(BOB)) == ("away", 0, "a")


def test_saying_available_twice_loses_no_place_among_the_free() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.wait(1.0)
    floor.comes(BOB)
    floor.wait(1.0)
    floor.comes(ANN)
    floor.calls("a")
    assert floor.ringing(ANN) == "a"


def test_a_caller_who_hangs_up_while_it_rings_is_abandoned_and_the_ringing_stops() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    assert floor.hangs_up("a") == (StopRinging("a", ANN),)
    assert floor.accounts() == {"entered": 1, "waiting": 0, "answered": 0, "abandoned": 1, "callback": 0}
    floor.calls("b")
    assert floor.ringing(ANN) == "b"


def test_an_answer_that_comes_too_late_takes_the_person_off_and_is_not_kept() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    floor.hangs_up("a")
    steps = len(floor.steps)
    assert floor.take(Answered(floor.at, "a", ANN)) == (Release("a", ANN),)
    assert len(floor.steps) == steps


def test_the_same_arrival_told_twice_is_one() -> None:
    floor = Floor()
    floor.calls("a")
    assert floor.calls("a") == ()
    assert floor.accounts()["entered"] == 1


def test_a_clock_that_steps_back_stands_still() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.at -= 500.0
    floor.calls("a")
    assert floor.contact("a").entered == 1_000.0


@pytest.mark.parametrize("ends", ["caller", "person"])
def test_either_side_may_end_a_call(ends: str) -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    floor.answers(ANN, "a")
    floor.hangs_up("a") if ends == "caller" else floor.take(Finished(floor.at, "a", ANN))
    assert floor.last(Ended).outcome is Outcome.DONE
    assert floor.accounts() == {"entered": 1, "waiting": 0, "answered": 1, "abandoned": 0, "callback": 0}
    assert floor.state(ANN) == "available"


def test_a_phone_shall_pick_up_only_while_it_rings_at_who_asks() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    events = len(floor.events)
    assert floor.take(PickUpAsked(floor.at, "a", BOB)) == ()
    assert floor.take(PickUpAsked(floor.at, "gone", ANN)) == ()
    assert floor.take(PickUpAsked(floor.at, "a", ANN)) == (PickUp("a", ANN),)
    assert len(floor.events) == events  # it is answered when the phone says so
    floor.answers(ANN, "a")
    assert floor.take(PickUpAsked(floor.at, "a", ANN)) == ()
