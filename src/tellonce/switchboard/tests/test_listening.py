"""A supervisor hears one call at a time, and no longer than it lasts."""

from collections.abc import Callable

import pytest

from tellonce.switchboard.commands import Listen, Refusal, Refuse, Ring, StopListening
from tellonce.switchboard.engine import Engine, rebuild
from tellonce.switchboard.facts import (
    NOBODY,
    Configured,
    ConsultAsked,
    Fact,
    Finished,
    HungUp,
    LineLost,
    ListeningAsked,
    ListeningEnded,
    TransferAsked,
    TransferDone,
)
from tellonce.switchboard.freezing import freeze, thaw
from tellonce.switchboard.replaying import replay
from tellonce.switchboard.settings import Channel, Member, Queue, Settings
from tellonce.switchboard.showing import Showing
from tellonce.switchboard.tests.making import ANN, BOB, CARE, CAT, TEAM, Floor, snapshot

SUE, SAM = 41, 42


@pytest.fixture
def floor() -> Floor:
    """Ann and Bob talk."""
    floor = Floor()
    floor.comes(ANN, BOB)
    for call, person in (("a", ANN), ("b", BOB)):
        floor.calls(call)
        floor.answers(person, call)
    return floor


def listens(floor: Floor, contact: str, *, who: int = SUE, whispers: bool = False) -> None:
    floor.take(ListeningAsked(floor.at, contact, who, whispers))


def test_one_call_is_heard_at_a_time(floor: Floor) -> None:
    listens(floor, "a")
    assert list(floor.commands) == [Listen("a", SUE, False)]
    assert floor.contact("a").listener == SUE
    listens(floor, "b", whispers=True)
    assert list(floor.commands) == [StopListening("a", SUE), Listen("b", SUE, True)]
    assert (floor.contact("a").listener, floor.contact("b").listener) == (NOBODY, SUE)
    listens(floor, "b")
    assert list(floor.commands) == [StopListening("b", SUE), Listen("b", SUE, False)]


def test_a_call_has_one_listener_and_who_talks_does_not_listen(floor: Floor) -> None:
    listens(floor, "a")
    listens(floor, "a", who=SAM)
    assert floor.commands == (Refuse("a", SAM, Refusal.NOT_FREE),)
    listens(floor, "b", who=ANN)
    assert floor.commands == (Refuse("b", ANN, Refusal.NOT_FREE),)
    listens(floor, "a", who=ANN)
    assert floor.commands == (Refuse("a", ANN, Refusal.NOT_TALKING),)


@pytest.mark.parametrize("contact", ["gone", "c", "chat"])
def test_what_is_no_talk_is_not_heard(floor: Floor, contact: str) -> None:
    floor.calls("c")
    floor.calls("chat", channel=Channel.CHAT)
    listens(floor, contact)
    assert floor.commands == (Refuse(contact, SUE, Refusal.NOT_TALKING),)


def test_it_ends_when_the_supervisor_has_heard_enough(floor: Floor) -> None:
    listens(floor, "a")
    floor.take(ListeningEnded(floor.at, "a", SAM))
    assert floor.contact("a").listener == SUE
    floor.take(ListeningEnded(floor.at, "a", SUE))
    assert floor.commands == (StopListening("a", SUE),)
    assert floor.contact("a").listener == NOBODY


def test_who_has_the_call_next_is_not_listened_to(floor: Floor) -> None:
    listens(floor, "a")
    floor.take(Finished(floor.at, "b", BOB))
    floor.take(TransferAsked(floor.at, "a", ANN, "a line", colleague=BOB))
    assert floor.contact("a").listener == NOBODY


def test_it_survives_a_kill_and_a_replay(floor: Floor) -> None:
    listens(floor, "a", whispers=True)
    again = rebuild(floor.events).board
    assert snapshot(again) == snapshot(floor.board) == snapshot(thaw(freeze(floor.board)))
    assert replay(floor.events) == floor.events


@pytest.fixture
def with_cat() -> Floor:
    """Ann talks; Cat answers calls as well, and listens to her."""
    floor = Floor(CARE, Queue("moves", "moves"), members=(*TEAM, Member(CAT, {"care": 1})))
    floor.comes(ANN)
    floor.calls("a", number="")
    floor.answers(ANN, "a")
    floor.comes(CAT)
    listens(floor, "a", who=CAT)
    return floor


def test_who_listens_is_offered_nothing(with_cat: Floor) -> None:
    assert with_cat.state(CAT) == "listening"
    with_cat.calls("b", number="+12025550124")
    assert with_cat.asked(Ring) == []
    with_cat.comes(CAT)  # wishes it once more
    assert (with_cat.state(CAT), with_cat.ringing(CAT)) == ("listening", "")
    with_cat.take(ConsultAsked(with_cat.at, "a", ANN, "leg", "a line", colleague=CAT))
    assert with_cat.commands == (Refuse("a", ANN, Refusal.NOT_FREE),)


@pytest.mark.parametrize(
    "over",
    [
        lambda floor: ListeningEnded(floor.at, "a", CAT),
        lambda floor: HungUp(floor.at, "a"),
        lambda floor: Finished(floor.at, "a", ANN),
        lambda floor: LineLost(floor.at, "a"),
        lambda floor: TransferAsked(floor.at, "a", ANN, "a line", queue="moves"),
    ],
    ids=["heard enough", "hung up", "finished", "lost", "passed on"],
)
def test_what_waits_is_offered_when_listening_is_over(with_cat: Floor, over: Callable[[Floor], Fact]) -> None:
    with_cat.pauses(ANN)  # would be free as well then
    with_cat.calls("b", number="+12025550124")
    with_cat.take(over(with_cat))
    assert [(each.contact, each.person) for each in with_cat.asked(Ring)] == [("b", CAT)]
    assert with_cat.state(CAT) == "on_contact"


def test_a_warm_transfer_ends_it_too(with_cat: Floor) -> None:
    with_cat.comes(BOB)
    with_cat.take(ConsultAsked(with_cat.at, "a", ANN, "leg", "a line", colleague=BOB))
    with_cat.answers(BOB, "leg")
    with_cat.pauses(ANN)
    with_cat.calls("b", number="+12025550124")
    assert with_cat.state(CAT) == "listening"
    with_cat.take(TransferDone(with_cat.at, "a", ANN))
    assert [(each.contact, each.person) for each in with_cat.asked(Ring)] == [("b", CAT)]


def test_to_listen_to_another_call_is_still_to_listen(with_cat: Floor) -> None:
    with_cat.comes(BOB)
    with_cat.calls("b", number="+12025550124")
    with_cat.answers(BOB, "b")
    listens(with_cat, "b", who=CAT)
    with_cat.hangs_up("a")
    assert with_cat.state(CAT) == "listening"
    with_cat.hangs_up("b")
    assert with_cat.state(CAT) == "available"


def test_who_begins_to_answer_while_they_listen_is_not_rung(floor: Floor) -> None:
    listens(floor, "a")
    floor.take(Configured(floor.at, Settings((CARE,), (*TEAM, Member(SUE, {"care": 1})))))
    floor.comes(SUE)
    floor.calls("c", number="+12025550124")
    assert (floor.asked(Ring), floor.state(SUE)) == ([], "listening")
    floor.take(ListeningEnded(floor.at, "a", SUE))
    assert floor.ringing(SUE) == "c"


def test_who_listens_is_so_after_a_kill(with_cat: Floor) -> None:
    with_cat.pauses(ANN)
    with_cat.calls("b", number="+12025550124")
    for again in (rebuild(with_cat.events), Engine(thaw(freeze(with_cat.board)))):
        assert snapshot(again.board) == snapshot(with_cat.board)
        assert again.board.people[CAT].state == "listening"
        rung = [each for each in again.take(HungUp(with_cat.at, "a")).commands if isinstance(each, Ring)]
        assert [(each.contact, each.person) for each in rung] == [("b", CAT)]
    assert replay(with_cat.events) == with_cat.events


def test_pages_see_who_listens_and_that_they_stopped(with_cat: Floor) -> None:
    showing = Showing()
    showing.everything(with_cat.board)
    with_cat.comes(BOB)
    with_cat.calls("b", number="+12025550124")
    with_cat.answers(BOB, "b")
    showing.everything(with_cat.board)
    listens(with_cat, "b", who=CAT)
    shown = showing.changed(with_cat.board, with_cat.steps[-1])
    assert {each.contact.id: each.contact.listener for each in shown.contacts} == {"a": NOBODY, "b": CAT}
    with_cat.hangs_up("b")
    shown = showing.changed(with_cat.board, with_cat.steps[-1])
    assert {each.person: each.state for each in shown.people}[CAT] == "available"
