"""Hold, consult, and transfers blind and warm: with the story and a written line."""

from dataclasses import replace

import pytest

from tellonce.switchboard.commands import Connect, HangUp, Hold, Refusal, Refuse, Release, Resume, Ring, StopRinging
from tellonce.switchboard.decisions import Ended, Outcome
from tellonce.switchboard.facts import (
    NOBODY,
    ConsultAsked,
    ConsultEnded,
    Finished,
    Held,
    NotAnswered,
    QueueClosed,
    Resumed,
    TransferAsked,
    TransferDone,
)
from tellonce.switchboard.settings import Member, Queue
from tellonce.switchboard.showing import Showing
from tellonce.switchboard.tests.making import ANN, BOB, CARE, CAT, Floor

TECH = Queue("tech", "tech", wrap_s=10.0)
LINE = "Third modem in a month; wants a technician."


def talking() -> Floor:
    """Ann talks to a caller; Bob and Cat are technicians."""
    members = (Member(ANN, {"care": 1}), Member(BOB, {"tech": 1}), Member(CAT, {"tech": 1}))
    floor = Floor(replace(CARE, wrap_s=30.0), TECH, members=members)
    floor.comes(ANN)
    floor.calls("a", story="case 7")
    floor.answers(ANN, "a")
    return floor


def consulting() -> Floor:
    floor = talking()
    floor.comes(BOB)
    floor.take(ConsultAsked(floor.at, "a", ANN, "leg", LINE, queue="tech"))
    return floor


def test_a_blind_transfer_brings_the_story_and_the_line_to_whom_the_queue_finds() -> None:
    floor = talking()
    floor.comes(BOB)
    floor.take(TransferAsked(floor.at, "a", ANN, LINE, queue="tech"))
    assert floor.commands == (Release("a", ANN), Ring("a", BOB, "case 7", LINE))
    assert floor.state(ANN) == "wrapping_up"
    floor.answers(BOB, "a")
    assert floor.accounts()["answered"] == 1
    assert floor.accounts("tech")["entered"] == 0


def test_who_was_passed_on_waits_with_the_effort_it_caused_them() -> None:
    floor = talking()
    floor.take(TransferAsked(floor.at, "a", ANN, LINE, queue="tech"))
    floor.calls("b", queue="tech")
    floor.wait(59.0)
    floor.calls("c", queue="tech")
    assert floor.contact("a").efforts == 1
    floor.comes(BOB, CAT)
    assert (floor.ringing(BOB), floor.ringing(CAT)) == ("a", "b")


def test_who_hangs_up_after_being_passed_on_was_answered_before() -> None:
    floor = talking()
    floor.take(TransferAsked(floor.at, "a", ANN, LINE, queue="tech"))
    floor.hangs_up("a")
    assert floor.last(Ended).outcome is Outcome.LEFT_TRANSFER
    assert floor.accounts() == {"entered": 1, "waiting": 0, "answered": 1, "abandoned": 0, "callback": 0}


def test_a_transfer_to_a_colleague_rings_that_very_person() -> None:
    floor = talking()
    floor.comes(BOB, CAT)
    floor.take(TransferAsked(floor.at, "a", ANN, LINE, colleague=CAT, queue="tech"))
    assert floor.ringing(CAT) == "a"
    floor.take(NotAnswered(floor.at, "a", CAT))
    assert floor.ringing(BOB) == "a"


def test_a_transfer_that_cannot_be_is_refused_and_the_call_stays() -> None:
    floor = talking()
    floor.take(QueueClosed(floor.at, "tech", floor.at + 3_600.0))
    asked = {
        Refusal.NOT_FREE: TransferAsked(floor.at, "a", ANN, LINE, colleague=BOB),
        Refusal.CLOSED: TransferAsked(floor.at, "a", ANN, LINE, queue="tech"),
        Refusal.UNKNOWN_QUEUE: TransferAsked(floor.at, "a", ANN, LINE, queue="none"),
        Refusal.NOT_TALKING: TransferAsked(floor.at, "a", BOB, LINE, queue="care"),
    }
    for why, fact in asked.items():
        assert floor.take(fact) == (Refuse("a", fact.person, why),)
    assert floor.contact("a").person == ANN


def test_hold_and_back() -> None:
    floor = talking()
    assert floor.take(Held(floor.at, "a", ANN)) == (Hold("a"),)
    assert floor.take(Held(floor.at, "a", ANN)) == ()
    assert floor.take(Resumed(floor.at, "a", ANN)) == (Resume("a"),)


def test_a_warm_transfer_is_hold_a_second_call_and_handing_over() -> None:
    floor = consulting()
    assert floor.commands == (Hold("a"), Ring("leg", BOB, "case 7", LINE))
    assert floor.answers(BOB, "leg") == (Connect("leg", BOB),)
    done = floor.take(TransferDone(floor.at, "a", ANN))
    assert done == (Release("a", ANN), HangUp("leg"), Connect("a", BOB), Resume("a"))
    assert (floor.contact("a").person, floor.contact("a").note) == (BOB, LINE)
    assert (floor.state(ANN), floor.state(BOB)) == ("wrapping_up", "on_contact")
    floor.hangs_up("a")
    assert floor.state(BOB) == "wrapping_up"
    assert floor.accounts()["answered"] == 1


def test_a_consult_that_is_over_gives_the_customer_back_and_the_colleague_free() -> None:
    floor = consulting()
    floor.answers(BOB, "leg")
    floor.take(ConsultEnded(floor.at, "a", ANN))
    assert floor.commands == (Release("leg", BOB), HangUp("leg"), Resume("a"))
    assert (floor.state(BOB), floor.state(ANN)) == ("available", "on_contact")
    assert "leg" not in floor.board.contacts


def test_nothing_is_handed_over_before_the_colleague_has_answered() -> None:
    floor = consulting()
    assert floor.take(TransferDone(floor.at, "a", ANN)) == (Refuse("a", ANN, Refusal.NOT_TALKING),)
    again = ConsultAsked(floor.at, "a", ANN, "leg2", LINE, queue="tech")
    assert floor.take(again) == (Refuse("a", ANN, Refusal.PENDING),)


def test_a_customer_who_hangs_up_ends_the_consult_too() -> None:
    floor = consulting()
    floor.answers(BOB, "leg")
    floor.hangs_up("a")
    assert not floor.board.contacts
    assert (floor.state(ANN), floor.state(BOB)) == ("wrapping_up", "available")


def test_a_colleague_who_ends_the_consult_leaves_the_customer_with_who_asked() -> None:
    floor = consulting()
    floor.answers(BOB, "leg")
    floor.take(Finished(floor.at, "leg", BOB))
    assert (floor.contact("a").person, floor.contact("a").consult) == (ANN, "")
    assert floor.state(BOB) == "available"
    assert floor.take(ConsultEnded(floor.at, "a", ANN)) == (Resume("a"),)
    assert not floor.contact("a").is_held


def asking_bob() -> Floor:
    """Ann asks Bob himself; Cat, who could as well, is free."""
    floor = talking()
    floor.comes(BOB, CAT)
    floor.take(ConsultAsked(floor.at, "a", ANN, "leg", LINE, colleague=BOB))
    return floor


@pytest.mark.parametrize("how", ["rings out", "declines", "pauses"])
def test_the_very_colleague_who_does_not_answer_is_told_to_who_asked_and_nobody_else_rings(how: str) -> None:
    floor = asking_bob()
    assert floor.ringing(BOB) == "leg"
    match how:
        case "rings out":
            floor.wait(20.0)
        case "declines":
            floor.take(NotAnswered(floor.at, "leg", BOB, is_miss=False))
        case _:
            floor.pauses(BOB)
    assert floor.commands == (StopRinging("leg", BOB), HangUp("leg"))
    assert "leg" not in floor.board.contacts
    asked = floor.contact("a")
    assert (asked.consult, asked.unanswered_by, asked.is_held, asked.person) == ("", BOB, True, ANN)
    assert (floor.ringing(CAT), floor.ringing(ANN)) == ("", "")


@pytest.mark.parametrize("then", ["takes back", "asks another", "passes on"])
def test_that_a_colleague_did_not_answer_is_said_until_something_else_is_done(then: str) -> None:
    floor = asking_bob()
    floor.wait(20.0)
    match then:
        case "takes back":
            assert floor.take(Resumed(floor.at, "a", ANN)) == (Resume("a"),)
        case "asks another":
            floor.take(ConsultAsked(floor.at, "a", ANN, "leg2", LINE, colleague=CAT))
            assert floor.ringing(CAT) == "leg2"
        case _:
            floor.take(TransferAsked(floor.at, "a", ANN, LINE, queue="tech"))
            assert floor.ringing(CAT) == "a"
    assert floor.contact("a").unanswered_by == NOBODY


def test_a_colleague_whom_a_queue_found_and_who_does_not_answer_leaves_it_to_another() -> None:
    floor = consulting()
    floor.comes(CAT)
    floor.wait(20.0)
    assert (floor.ringing(CAT), floor.contact("a").unanswered_by) == ("leg", NOBODY)


def test_pages_see_of_the_customer_what_became_of_the_consult() -> None:
    floor = asking_bob()
    showing = Showing()
    showing.everything(floor.board)
    floor.wait(20.0)
    shown = showing.changed(floor.board, floor.steps[-1])
    assert [(each.contact.id, each.contact.consult, each.contact.unanswered_by) for each in shown.contacts] == [
        ("a", "", BOB)
    ]
    assert shown.over == ("leg",)


def test_pages_see_that_a_colleague_has_ended_the_consult() -> None:
    floor = asking_bob()
    floor.answers(BOB, "leg")
    showing = Showing()
    showing.everything(floor.board)
    floor.take(Finished(floor.at, "leg", BOB))
    shown = showing.changed(floor.board, floor.steps[-1])
    assert [(each.contact.id, each.contact.consult) for each in shown.contacts] == [("a", "")]


def test_a_consult_waits_in_the_queue_and_counts_as_no_contact() -> None:
    floor = talking()
    floor.take(ConsultAsked(floor.at, "a", ANN, "leg", LINE, queue="tech"))
    floor.comes(CAT)
    assert floor.ringing(CAT) == "leg"
    assert floor.accounts("tech")["entered"] == 0
