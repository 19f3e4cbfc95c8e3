"""Callbacks: the place is kept, nobody is called twice at once or ahead of those who wait, some numbers never."""

from dataclasses import replace
from typing import Any

import pytest

from tellonce.switchboard.commands import (
    Connect,
    Dial,
    HangUp,
    Refusal,
    Refuse,
    Release,
    Ring,
    SayCallback,
    StopRinging,
)
from tellonce.switchboard.decisions import CallbackPostponed, Ended, Outcome, WaitTold
from tellonce.switchboard.dialling import refusal_to_dial
from tellonce.switchboard.facts import (
    CallbackPromised,
    CallbackWithdrawn,
    DialAnswered,
    DialFailed,
    Finished,
    LineLost,
)
from tellonce.switchboard.settings import Channel, Dialling, Member, Queue
from tellonce.switchboard.tests.making import ANN, BOB, CARE, CAT, MAY_DIAL, NUMBER, TEAM, Floor

OFFERING = replace(CARE, callback_above_s=60.0)
OTHER = "+12025550199"


def with_a_callback() -> Floor:
    """A caller has taken a callback; nobody is there yet."""
    floor = Floor(OFFERING)
    floor.calls("a")
    floor.presses("1", "a")
    floor.hangs_up("a")
    return floor


def test_a_long_wait_comes_with_the_offer_and_the_key_keeps_the_place() -> None:
    floor = Floor(OFFERING)
    floor.calls("a")
    assert floor.last(WaitTold).offers_callback
    assert floor.presses("1", "a") == (SayCallback("a"), HangUp("a"))
    assert floor.accounts() == {"entered": 1, "waiting": 0, "answered": 0, "abandoned": 0, "callback": 1}
    assert floor.hangs_up("a") == ()
    assert "a" in floor.board.contacts


def test_without_an_offer_the_key_does_nothing() -> None:
    floor = Floor(CARE)
    floor.calls("a")
    assert floor.presses("1", "a") == ()
    assert floor.accounts()["waiting"] == 1


@pytest.mark.parametrize("number", ["", "911", "+1911", "+442079460000", "anonymous"])
def test_no_callback_is_offered_to_a_number_that_may_not_be_dialled(number: str) -> None:
    floor = Floor(OFFERING)
    floor.calls("a", number=number)
    assert not floor.last(WaitTold).offers_callback
    assert floor.presses("1", "a") == ()


def test_the_customer_is_dialled_when_it_is_their_turn_and_a_person_is_there() -> None:
    floor = with_a_callback()
    floor.wait(1.0)
    floor.calls("b", number=OTHER)
    floor.comes(ANN)
    assert floor.asked(Ring) == [Ring("a", ANN)]
    assert floor.answers(ANN, "a") == (Dial("a", ANN, NUMBER),)
    assert floor.accounts()["callback"] == 1
    assert floor.take(DialAnswered(floor.at, "a")) == (Connect("a", ANN),)
    assert floor.accounts() == {"entered": 2, "waiting": 1, "answered": 1, "abandoned": 0, "callback": 0}
    floor.hangs_up("a")
    assert floor.ringing(ANN) == "b"


def test_a_callback_is_not_dialled_ahead_of_those_who_wait() -> None:
    floor = Floor(OFFERING)
    floor.calls("b", number=OTHER)
    floor.wait(1.0)
    floor.calls("a")
    floor.presses("1", "a")
    floor.comes(ANN)
    assert floor.ringing(ANN) == "b"


def test_who_does_not_pick_up_is_tried_again_behind_those_who_wait_then() -> None:
    floor = with_a_callback()
    floor.comes(ANN)
    floor.answers(ANN, "a")
    floor.take(DialFailed(floor.at, "a"))
    assert floor.state(ANN) == "available"
    floor.pauses(ANN)
    floor.wait(899.0)
    floor.calls("b", number=OTHER)
    floor.wait(1.0)
    floor.comes(ANN)
    assert floor.ringing(ANN) == "b"
    floor.comes(BOB)
    assert floor.ringing(BOB) == "a"


def test_after_so_many_tries_it_is_given_up() -> None:
    floor = Floor(OFFERING, dialling=replace(MAY_DIAL, tries=2, retry_s=60.0))
    floor.calls("a")
    floor.presses("1", "a")
    floor.comes(ANN)
    for _ in range(2):
        floor.answers(ANN, "a")
        floor.wait(30.0)
        floor.wait(60.0)
    assert floor.last(Ended).outcome is Outcome.UNREACHED
    assert floor.accounts() == {"entered": 1, "waiting": 0, "answered": 0, "abandoned": 0, "callback": 1}
    assert floor.state(ANN) == "available"


def test_one_number_is_never_dialled_twice_at_once() -> None:
    floor = with_a_callback()
    floor.comes(ANN)
    floor.take(CallbackPromised(floor.at, "p", "care", NUMBER, floor.at + 10.0))
    floor.answers(ANN, "a")
    floor.comes(BOB)
    floor.wait(10.0)
    assert floor.ringing(BOB) == ""
    assert floor.last(CallbackPostponed).contact == "p"
    floor.take(DialAnswered(floor.at, "a"))
    floor.hangs_up("a")
    floor.wait(900.0)
    assert "p" in {floor.ringing(ANN), floor.ringing(BOB)}


def test_who_calls_again_takes_the_place_of_their_callback() -> None:
    floor = with_a_callback()
    floor.wait(5.0)
    floor.calls("b", number=OTHER)
    floor.wait(5.0)
    floor.calls("c")
    assert floor.last(Ended).outcome is Outcome.CAME_BACK
    floor.comes(ANN)
    assert floor.ringing(ANN) == "c"
    assert floor.accounts() == {"entered": 3, "waiting": 2, "answered": 0, "abandoned": 0, "callback": 1}


def test_another_customer_with_the_same_number_takes_nobodys_place() -> None:
    floor = with_a_callback()
    floor.calls("b", customer=7)
    assert "a" in floor.board.contacts


def test_a_call_about_something_else_leaves_the_callback_as_it_is() -> None:
    floor = Floor(OFFERING, Queue("tech", "care"))
    floor.calls("a")
    floor.presses("1", "a")
    floor.wait(5.0)
    floor.calls("b", queue="tech")
    assert floor.contact("b").entered == 1_005.0
    assert "a" in floor.board.contacts


def test_a_promised_callback_comes_at_its_time_and_no_sooner() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.take(CallbackPromised(floor.at, "p", "care", NUMBER, floor.at + 600.0, promise="42", story="case 7"))
    floor.wait(599.0)
    assert floor.ringing(ANN) == ""
    assert floor.wait(1.0) == (Ring("p", ANN, "case 7"),)
    assert floor.contact("p").promise == "42"


def test_a_callback_that_is_not_needed_any_more_is_withdrawn() -> None:
    floor = with_a_callback()
    floor.take(CallbackWithdrawn(floor.at, "a"))
    floor.comes(ANN)
    assert floor.ringing(ANN) == ""
    assert floor.accounts()["callback"] == 1


def test_a_promise_to_a_number_that_may_not_be_dialled_is_refused() -> None:
    floor = Floor()
    refused = floor.take(CallbackPromised(floor.at, "p", "care", "911", floor.at + 600.0))
    assert refused == (Refuse("p", -1, Refusal.NOT_ALLOWED_NUMBER),)
    assert floor.wait(600.0) == ()


def test_a_person_who_hangs_up_while_we_dial_has_tried_and_missed_nothing() -> None:
    floor = with_a_callback()
    floor.comes(ANN)
    floor.answers(ANN, "a")
    assert floor.take(Finished(floor.at, "a", ANN)) == (HangUp("a"), Release("a", ANN))
    assert (floor.state(ANN), floor.accounts()["callback"], floor.contact("a").tries) == ("available", 1, 1)
    floor.comes(BOB)
    assert floor.ringing(BOB) == ""
    floor.wait(900.0)
    assert "a" in {floor.ringing(ANN), floor.ringing(BOB)}


def rings_with_an_offer() -> Floor:
    """A caller was told a long wait and offered a callback; now a phone rings for them, and another caller waits."""
    floor = Floor(OFFERING, members=TEAM[:1])
    floor.calls("a")
    floor.wait(1.0)
    floor.calls("b", number=OTHER)
    floor.comes(ANN)
    return floor


def test_the_key_for_a_callback_counts_while_a_phone_rings_and_it_rings_no_more() -> None:
    floor = rings_with_an_offer()
    assert floor.ringing(ANN) == "a"
    assert floor.presses("1", "a")[:3] == (StopRinging("a", ANN), SayCallback("a"), HangUp("a"))
    assert (floor.ringing(ANN), floor.state(ANN)) == ("b", "on_contact")
    assert floor.accounts() == {"entered": 2, "waiting": 1, "answered": 0, "abandoned": 0, "callback": 1}
    assert floor.answers(ANN, "a") == (Release("a", ANN),)  # picked up at the same moment
    floor.hangs_up("a")
    assert floor.accounts()["abandoned"] == 0
    assert floor.presses("1", "a") == ()


def test_such_a_caller_is_called_back_in_their_place_once_they_have_heard_the_goodbye() -> None:
    floor = rings_with_an_offer()
    floor.presses("1", "a")
    floor.calls("c", number="+12025550177")
    floor.wait(14.0)
    floor.hangs_up("b")
    assert floor.ringing(ANN) == "c"
    floor.calls("d", number="+12025550178")
    floor.wait(1.0)
    floor.hangs_up("c")
    assert floor.ringing(ANN) == "a"
    assert floor.contact("a").entered == 1_000.0
    assert floor.answers(ANN, "a") == (Dial("a", ANN, NUMBER),)


def test_without_an_offer_no_key_stops_a_phone() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    assert floor.presses("1", "a") == ()
    assert floor.ringing(ANN) == "a"


@pytest.mark.parametrize("same", [{"number": NUMBER}, {"number": OTHER, "customer": 7}])
@pytest.mark.parametrize("is_talking", [True, False])
def test_who_is_on_the_line_with_us_is_not_called_back_meanwhile(same: dict[str, Any], is_talking: bool) -> None:
    floor = Floor(CARE, Queue("tech", "tech"), members=(*TEAM, Member(CAT, {"tech": 1})))
    floor.take(CallbackPromised(floor.at, "p", "care", NUMBER, floor.at + 100.0, customer=7))
    if is_talking:
        floor.comes(CAT)
    floor.calls("x", queue="tech", **same)
    if is_talking:
        floor.answers(CAT, "x")
    floor.comes(ANN)
    floor.wait(150.0)
    assert floor.ringing(ANN) == ""
    postponed = floor.last(CallbackPostponed)
    assert (postponed.contact, postponed.is_try) == ("p", False)
    floor.hangs_up("x")
    floor.wait(10.0)
    assert floor.ringing(ANN) == "p"
    assert floor.contact("p").entered == 1_100.0  # its wait has counted on


def test_who_calls_while_a_phone_rings_for_their_callback_is_not_dialled() -> None:
    floor = Floor(CARE, Queue("tech", "tech"))
    floor.take(CallbackPromised(floor.at, "p", "care", NUMBER, floor.at))
    floor.comes(ANN)
    floor.wait(0.0)
    assert floor.ringing(ANN) == "p"
    floor.calls("x", queue="tech")
    assert floor.answers(ANN, "p") == (Release("p", ANN),)
    assert (floor.state(ANN), floor.contact("p").tries) == ("available", 0)
    floor.hangs_up("x")
    floor.wait(60.0)
    assert floor.answers(ANN, "p") == (Dial("p", ANN, NUMBER),)


def test_a_chat_or_mail_of_the_customer_keeps_no_callback_waiting() -> None:
    floor = Floor(CARE, Queue("tech", "tech"))
    floor.take(CallbackPromised(floor.at, "p", "care", NUMBER, floor.at, customer=7))
    floor.calls("m", queue="tech", channel=Channel.MAIL, customer=7)
    floor.comes(ANN)
    floor.wait(0.0)
    assert floor.ringing(ANN) == "p"


def test_callers_whose_line_broke_are_called_back_first() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    floor.answers(ANN, "a")
    floor.wait(100.0)
    floor.calls("b", number=OTHER)
    floor.take(LineLost(floor.at, "a"))
    assert floor.ringing(ANN) == "a"
    assert floor.answers(ANN, "a") == (Dial("a", ANN, NUMBER),)
    assert floor.accounts()["answered"] == 1


def test_who_cannot_be_called_back_when_the_line_broke_counts_as_lost() -> None:
    floor = Floor()
    floor.calls("a", number="")
    floor.take(LineLost(floor.at, "a"))
    assert floor.last(Ended).outcome is Outcome.LOST
    assert floor.accounts()["abandoned"] == 1


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+12025550123", None),
        ("", Refusal.NO_NUMBER),
        ("911", Refusal.NOT_ALLOWED_NUMBER),
        ("112", Refusal.NOT_ALLOWED_NUMBER),
        ("+1911", Refusal.NOT_ALLOWED_NUMBER),
        ("2025550123", Refusal.NOT_ALLOWED_NUMBER),
        ("+12025550123;ext=1", Refusal.NOT_ALLOWED_NUMBER),
        ("+12025550123\n", Refusal.NOT_ALLOWED_NUMBER),
        ("+442079460000", Refusal.NOT_ALLOWED_NUMBER),
        ("+19005550000", Refusal.NOT_ALLOWED_NUMBER),
    ],
)
def test_only_full_numbers_of_where_we_may_call_are_dialled(number: str, why: Refusal | None) -> None:
    rules = Dialling(("+1",), never=frozenset({"+19005550000"}))
    assert refusal_to_dial(number, rules) is why
    assert refusal_to_dial(number, Dialling()) is not None


@pytest.mark.parametrize(
    ("number", "is_dialled"),
    [
        ("+12025550123", True),
        ("+18005550123", True),  # which the called one pays
        ("+16135550123", True),  # Canada
        ("+19005550123", False),  # which costs whoever dials it
        ("+18765550123", False),  # Jamaica, with the same country code
        ("+18095550123", False),
        ("+19115550123", False),
        ("+442079460000", False),
    ],
)
def test_of_a_shared_country_code_only_the_countries_that_we_call_are_dialled(number: str, is_dialled: bool) -> None:
    rules = Dialling(("+1",), countries=("US", "CA"))
    assert (refusal_to_dial(number, rules) is None) is is_dialled
