"""A call takes a person whole; chats and mails share one. Other sites and partners help after a while."""

from dataclasses import replace

import pytest

from tellonce.lab.routing import Rules
from tellonce.switchboard.commands import Ring
from tellonce.switchboard.decisions import Overflowed, WaitTold
from tellonce.switchboard.facts import Configured
from tellonce.switchboard.settings import Channel, Member, Queue
from tellonce.switchboard.tests.making import ANN, BOB, CARE, CAT, NUMBER, TEAM, Floor, snapshot


def chatting(floor: Floor, *contacts: str) -> None:
    for contact in contacts:
        floor.calls(contact, channel=Channel.CHAT, number="")
        floor.answers(ANN, contact)


def test_three_chats_share_a_person_and_the_fourth_waits() -> None:
    floor = Floor(members=TEAM[:1])
    floor.comes(ANN)
    chatting(floor, "x", "y", "z")
    floor.calls("w", channel=Channel.CHAT)
    assert floor.ringing(ANN) == ""
    floor.hangs_up("y")
    assert floor.ringing(ANN) == "w"


def test_one_thing_is_offered_at_a_time() -> None:
    floor = Floor(members=TEAM[:1])
    for chat in ("x", "y"):
        floor.calls(chat, channel=Channel.CHAT)
    floor.comes(ANN)
    assert floor.asked(Ring) == [Ring("x", ANN)]
    floor.answers(ANN, "x")
    assert floor.asked(Ring) == [Ring("y", ANN)]


@pytest.mark.parametrize("channel", [Channel.CHAT, Channel.TEXT, Channel.MAIL])
def test_nobody_tells_a_wait_to_who_writes_and_so_none_is_kept(channel: Channel) -> None:
    floor = Floor(replace(CARE, callback_above_s=0.0))
    floor.calls("x", channel=channel, number=NUMBER)
    floor.wait(600.0)
    floor.comes(ANN)
    assert floor.ringing(ANN) == "x"
    assert not [event for event in floor.events if isinstance(event, WaitTold)]
    assert floor.contact("x").told_until == 0.0


def test_a_call_needs_a_whole_person() -> None:
    floor = Floor()
    floor.comes(ANN)
    chatting(floor, "x")
    floor.calls("a")
    assert floor.ringing(ANN) == ""
    floor.comes(BOB)
    assert floor.ringing(BOB) == "a"


def test_a_person_on_a_call_is_offered_no_chat() -> None:
    floor = Floor(members=TEAM[:1])
    floor.comes(ANN)
    floor.calls("a")
    floor.answers(ANN, "a")
    floor.calls("x", channel=Channel.CHAT)
    assert floor.ringing(ANN) == ""


def test_a_person_with_a_chat_takes_no_further_chat_before_a_call_that_waited_longer() -> None:
    floor = Floor(members=TEAM[:1])
    floor.comes(ANN)
    chatting(floor, "x")
    floor.calls("a")
    floor.wait(1.0)
    floor.calls("y", channel=Channel.CHAT)
    assert floor.ringing(ANN) == ""
    floor.hangs_up("x")
    assert floor.ringing(ANN) == "a"


def test_nobody_waits_up_for_a_call_that_others_will_take() -> None:
    members = (Member(ANN, {"chats": 1}), Member(BOB, {"care": 1}))
    floor = Floor(CARE, Queue("chats", "chats"), members=members)
    floor.comes(ANN)
    floor.calls("x", channel=Channel.CHAT, queue="chats")
    floor.answers(ANN, "x")
    floor.calls("a")
    floor.calls("y", channel=Channel.CHAT, queue="chats")
    assert floor.ringing(ANN) == "y"


EAST = replace(CARE, home=("east",), overflow_to=("partner",), overflow_after_s=60.0)
PLACES = (
    Member(ANN, {"care": 1}, "east"),
    Member(BOB, {"care": 1}, "away", "partner"),
    Member(CAT, {"care": 1}, "west"),
)


def test_a_call_stays_at_home_until_it_has_waited_long_enough_to_go_over() -> None:
    floor = Floor(EAST, members=PLACES)
    floor.comes(BOB, CAT)
    floor.calls("a")
    floor.wait(59.9)
    assert floor.ringing(BOB) == ""
    floor.wait(0.1)
    assert floor.ringing(BOB) == "a"
    assert floor.last(Overflowed).at == 1_060.0


def test_home_takes_it_too_after_that_and_a_third_site_never() -> None:
    floor = Floor(EAST, members=PLACES)
    floor.calls("a")
    floor.wait(61.0)
    floor.comes(CAT)
    assert floor.ringing(CAT) == ""
    floor.comes(ANN)
    assert floor.ringing(ANN) == "a"


def test_partners_get_their_agreed_share() -> None:
    members = tuple(Member(i, {"care": 1}, "", "partner" if i % 2 else "") for i in range(1, 21))
    floor = Floor(members=members, rules=Rules(shares={"partner": 0.25}, shares_s=1e6))
    floor.comes(*range(1, 21))
    to_partner = 0
    for i in range(200):
        floor.wait(1.0)
        call = floor.asked(Ring) or [each for each in floor.calls(str(i)) if isinstance(each, Ring)]
        to_partner += call[0].person % 2
        floor.answers(call[0].person, str(i))
        floor.hangs_up(str(i))
    assert 48 <= to_partner <= 52


def test_a_queue_may_be_there_before_anybody_can_take_it() -> None:
    floor = Floor(CARE, Queue("new", "new", home=("north",)))
    floor.calls("a", queue="new")
    floor.comes(ANN)
    assert floor.ringing(ANN) == ""
    floor.take(Configured(floor.at, replace(floor.board.settings, members=(Member(ANN, {"new": 1}, "north"), TEAM[1]))))
    assert floor.ringing(ANN) == "a"


def test_the_same_settings_again_change_nothing() -> None:
    floor = Floor(members=PLACES, rules=Rules(shares={"partner": 0.25}))
    floor.comes(BOB)
    floor.wait(7.0)
    floor.comes(ANN, CAT)
    for call in ("a", "b"):
        floor.calls(call)
        floor.wait(5.0)
    before = snapshot(floor.board)
    floor.take(Configured(floor.board.now, floor.board.settings))
    assert snapshot(floor.board) == before


def test_new_settings_lose_nobody() -> None:
    floor = Floor(CARE, Queue("old", "care"))
    floor.comes(ANN)
    floor.calls("a", queue="old")
    floor.answers(ANN, "a")
    floor.calls("b", queue="old")
    floor.take(Configured(floor.at, replace(floor.board.settings, queues=(CARE,), members=TEAM[1:])))
    floor.hangs_up("a")
    assert ANN not in floor.board.people
    floor.comes(BOB)
    assert floor.ringing(BOB) == "b"
    assert floor.accounts("old") == {"entered": 2, "waiting": 1, "answered": 1, "abandoned": 0, "callback": 0}
