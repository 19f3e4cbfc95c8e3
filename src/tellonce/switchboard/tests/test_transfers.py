"""Hold, consult, and transfers blind and warm: with the story and a written line."""

from dataclasses import replace

from tellonce.switchboard.commands import Connect, HangUp, Hold, Refusal, Refuse, Release, Resume, Ring
from tellonce.switchboard.decisions import Ended, Outcome
from tellonce.switchboard.facts import (
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


def test_a_consult_waits_in_the_queue_and_counts_as_no_contact() -> None:
    floor = talking()
    floor.take(ConsultAsked(floor.at, "a", ANN, "leg", LINE, queue="tech"))
    floor.comes(CAT)
    assert floor.ringing(CAT) == "leg"
    assert floor.accounts("tech")["entered"] == 0
