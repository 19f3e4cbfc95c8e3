"""Who hears whom, and what is told, with phones that have no sockets."""

import pytest

from tellonce.switchboard.drivers.embedded.tests.fakes import ANN, BOB, NOBODY, NUMBER, FakeLeg, Floor, hear_each_other
from tellonce.switchboard.drivers.told import (
    CustomerAnswered,
    CustomerNotReached,
    Gone,
    KeySent,
    LineBroke,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    Said,
    WhyNot,
)


def test_a_caller_hears_music_and_what_is_said_between() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.music("call")
    assert (customer.is_up, customer.plays, customer.is_endless) == (True, "music", True)
    floor.calls.say("call", "one", 2.0)
    floor.calls.say("call", "two", 3.0)
    assert (customer.plays, customer.is_endless) == ("one", False)
    floor.passes(2.2)
    assert customer.plays == "two"
    floor.passes(3.2)
    assert customer.plays == "music"


def test_what_is_said_before_the_call_is_answered_is_heard_afterwards() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.say("call", "welcome", 2.0)
    assert customer.plays == ""
    floor.calls.answer("call")
    assert customer.plays == "welcome"
    floor.passes(2.2)
    assert customer.plays == "music"


def test_it_is_told_when_all_was_said_and_then_there_is_music() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.say("call", "welcome", 2.0)
    floor.calls.say("call", "menu", 8.0)
    floor.calls.tell_said("call", "menu:100")
    floor.passes(10.1)
    assert floor.last() != Said("call", "menu:100")
    floor.passes(0.2)
    assert floor.last() == Said("call", "menu:100")
    assert (customer.plays, customer.is_endless) == ("music", True)
    floor.calls.tell_said("call", "nothing")
    assert floor.last() == Said("call", "nothing")


def test_of_who_hangs_up_before_all_was_said_nothing_is_told() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.say("call", "menu", 8.0)
    floor.calls.tell_said("call", "menu:100")
    assert customer.side is not None
    customer.side.gone(is_lost=False)
    floor.passes(20.0)
    assert floor.last() == Gone("call")


def test_a_call_is_declined_without_being_answered() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.hang_up("call")
    assert (customer.is_up, customer.is_over) == (False, True)


def test_keys_are_told() -> None:
    floor = Floor()
    customer = floor.comes()
    assert customer.side is not None
    customer.side.pressed("1")
    assert floor.last() == KeySent("call", "1")


def test_a_person_is_rung_with_the_callers_codec_and_heard_once_connected() -> None:
    floor = Floor()
    customer = floor.comes(codec=8)
    floor.calls.answer("call")
    floor.calls.music("call")
    ann = floor.picks_up(ANN)
    assert floor.rung_with == [(ANN, 8, NUMBER, "Jane")]
    assert floor.last() == PersonAnswered("call", ANN)
    assert customer.heard_by is None
    floor.calls.connect("call", ANN)
    assert hear_each_other(customer, ann)
    assert customer.plays == ""


def test_a_person_who_has_not_picked_up_is_not_connected() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.ring("call", ANN, number=NUMBER, name="")
    floor.calls.connect("call", ANN)
    assert customer.heard_by is None


@pytest.mark.parametrize("why", list(WhyNot))
def test_why_a_person_was_not_reached_is_told_and_they_can_be_rung_again(why: WhyNot) -> None:
    floor = Floor()
    floor.comes()
    floor.calls.ring("call", ANN, number=NUMBER, name="")
    side = floor.legs[str(ANN)].side
    assert side is not None
    side.not_reached(why)
    assert floor.last() == PersonNotReached("call", ANN, why)
    floor.picks_up(ANN)


def test_who_has_no_phone_is_not_reached() -> None:
    floor = Floor()
    floor.comes()
    floor.calls.ring("call", NOBODY, number=NUMBER, name="")
    assert floor.last() == PersonNotReached("call", NOBODY, WhyNot.NO_PHONE)


def test_when_ringing_is_stopped_nothing_is_told() -> None:
    floor = Floor()
    floor.comes()
    floor.calls.ring("call", ANN, number=NUMBER, name="")
    before = len(floor.told)
    floor.calls.stop_ringing("call", ANN)
    assert floor.legs[str(ANN)].is_over
    assert len(floor.told) == before


def test_ringing_that_was_answered_meanwhile_is_not_stopped() -> None:
    floor = Floor()
    customer, ann = floor.talks()
    floor.calls.stop_ringing("call", ANN)
    assert not ann.is_over
    assert hear_each_other(customer, ann)


def test_hold_and_back() -> None:
    floor = Floor()
    customer, ann = floor.talks()
    floor.calls.hold("call")
    assert (customer.heard_by, ann.heard_by, customer.plays) == (None, None, "music")
    floor.calls.resume("call")
    assert hear_each_other(customer, ann)
    assert customer.plays == ""


def test_what_is_said_while_connected_ends_without_music() -> None:
    floor = Floor()
    customer, _ = floor.talks()
    floor.calls.say("call", "news", 1.0)
    assert customer.plays == "news"
    floor.passes(1.2)
    assert customer.plays != "music"


def test_what_was_being_said_is_said_to_its_end_when_somebody_is_connected() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.say("call", "wait", 3.0)
    floor.calls.say("call", "connecting", 3.0)
    ann = floor.picks_up(ANN)
    floor.calls.connect("call", ANN)
    assert customer.plays == "wait"
    assert hear_each_other(customer, ann)
    floor.passes(9.0)
    assert customer.plays == "wait" or not customer.plays  # and what had not begun is not said over the person


def is_told_that_it_is_recorded() -> tuple[Floor, FakeLeg, FakeLeg]:
    """Ann picks up while the caller hears the notice; another prompt is to follow it."""
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.say("call", "notice", 4.0, is_notice=True)
    floor.calls.say("call", "connecting", 1.0)
    ann = floor.picks_up(ANN)
    floor.calls.connect("call", ANN)
    return floor, customer, ann


def test_nobody_is_connected_or_recorded_before_the_notice_was_heard() -> None:
    floor, customer, ann = is_told_that_it_is_recorded()
    floor.passes(3.9)
    floor.calls.go_on_recording("call")
    assert (customer.plays, customer.heard_by, ann.heard_by) == ("notice", None, None)
    assert customer.keeps == ann.keeps == []
    floor.passes(0.3)
    assert hear_each_other(customer, ann)
    assert len(customer.keeps) == 1
    floor.passes(3.0)
    assert customer.plays != "connecting"


def test_a_notice_that_still_waits_is_heard_too() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.say("call", "line-broke", 2.0)
    floor.calls.say("call", "notice", 4.0, is_notice=True)
    ann = floor.picks_up(ANN)
    floor.calls.connect("call", ANN)
    floor.passes(2.5)
    assert (customer.plays, customer.heard_by) == ("notice", None)
    floor.passes(4.0)
    assert hear_each_other(customer, ann)


def test_who_is_held_during_the_notice_is_not_connected_after_it() -> None:
    floor, customer, ann = is_told_that_it_is_recorded()
    floor.calls.hold("call")
    floor.passes(6.0)
    assert (customer.heard_by, customer.plays, customer.keeps) == (None, "music", [])
    floor.calls.resume("call")
    assert hear_each_other(customer, ann)
    assert len(customer.keeps) == 1


def test_who_is_left_alone_during_the_notice_hears_what_was_to_come() -> None:
    floor, customer, _ann = is_told_that_it_is_recorded()
    floor.calls.release("call", ANN)
    floor.passes(4.2)
    assert customer.plays == "connecting"
    floor.passes(2.0)
    assert customer.plays == "music"


def test_a_person_who_goes_during_the_notice_is_not_connected_and_the_next_one_is() -> None:
    floor, customer, ann = is_told_that_it_is_recorded()
    floor.calls.release("call", ANN)
    bob = floor.picks_up(BOB)
    floor.calls.connect("call", BOB)
    assert (ann.is_over, customer.heard_by) == (True, None)
    floor.passes(4.2)
    assert hear_each_other(customer, bob)


def test_a_caller_who_hangs_up_during_the_notice_is_gone() -> None:
    floor, customer, ann = is_told_that_it_is_recorded()
    assert customer.side is not None
    customer.side.gone(is_lost=False)
    floor.passes(5.0)
    assert (customer.heard_by, ann.heard_by, ann.keeps) == (None, None, [])


def test_a_released_person_is_hung_up_and_the_customer_stays_with_music() -> None:
    floor = Floor()
    customer, ann = floor.talks()
    floor.calls.release("call", ANN)
    assert ann.is_over
    assert not customer.is_over
    assert (customer.heard_by, customer.plays) == (None, "music")


def test_the_customer_is_hung_up_after_what_is_being_said() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.say("call", "goodbye", 2.0)
    floor.calls.hang_up("call")
    assert not customer.is_over
    floor.passes(2.2)
    assert customer.is_over
    assert len(floor.calls) == 0


def test_a_customer_who_hangs_up_is_gone_and_the_person_is_left_to_the_switchboard_for_a_while() -> None:
    floor = Floor()
    customer, ann = floor.talks()
    assert customer.side is not None
    customer.side.gone(is_lost=False)
    assert floor.last() == Gone("call")
    assert ann.heard_by is None
    assert not ann.is_over
    floor.passes(11.0)
    assert ann.is_over
    assert len(floor.calls) == 0


def test_a_phone_that_is_lost_is_told_apart_from_one_that_hung_up() -> None:
    floor = Floor()
    customer, ann = floor.talks()
    assert ann.side is not None
    assert customer.side is not None
    ann.side.gone(is_lost=True)
    assert floor.last() == PersonGone("call", ANN, is_lost=True)
    assert customer.plays == "music"
    customer.side.gone(is_lost=True)
    assert floor.last() == LineBroke("call")
    assert len(floor.calls) == 0


def test_a_callback_begins_with_the_persons_phone() -> None:
    floor = Floor()
    ann = floor.picks_up(ANN, "back")
    assert floor.last() == PersonAnswered("back", ANN)
    assert floor.rung_with == [(ANN, floor.codec_out, NUMBER, "Jane")]
    floor.calls.dial("back", NUMBER)
    customer = floor.legs["customer"]
    floor.passes(60.0)
    assert not ann.is_over
    assert customer.side is not None
    customer.side.answered()
    assert floor.last() == CustomerAnswered("back")
    floor.calls.connect("back", ANN)
    assert hear_each_other(customer, ann)


def test_a_callback_looks_for_the_next_person_when_the_first_does_not_pick_up() -> None:
    floor = Floor()
    floor.calls.ring("back", ANN, number=NUMBER, name="")
    floor.calls.stop_ringing("back", ANN)
    assert floor.up == []
    floor.picks_up(BOB, "back")
    assert floor.up == ["back"]


def test_a_customer_may_be_called_before_a_person_is_rung() -> None:
    floor = Floor()
    floor.calls.dial("back", NUMBER)
    customer = floor.legs["customer"]
    assert customer.side is not None
    customer.side.answered()
    floor.calls.music("back")
    assert customer.plays == "music"
    ann = floor.picks_up(ANN, "back")
    floor.calls.connect("back", ANN)
    assert hear_each_other(customer, ann)


def test_a_customer_is_not_reached() -> None:
    floor = Floor()
    floor.calls.dial("back", NUMBER)
    side = floor.legs["customer"].side
    assert side is not None
    side.not_reached(WhyNot.BUSY)
    assert floor.last() == CustomerNotReached("back", WhyNot.BUSY)
    ann = floor.picks_up(ANN, "other")
    floor.calls.dial("other", "911")
    assert floor.last() == CustomerNotReached("other", WhyNot.NOT_POSSIBLE)
    assert not ann.is_over
    floor.calls.release("other", ANN)
    assert len(floor.calls) == 0


def test_dialling_is_given_up() -> None:
    floor = Floor()
    floor.calls.dial("back", NUMBER)
    floor.calls.hang_up("back")
    assert floor.legs["customer"].is_over
    assert len(floor.calls) == 0


def test_a_consult_is_between_the_two_and_the_customer_hears_music() -> None:
    floor = Floor()
    customer, ann, bob = floor.asks()
    assert hear_each_other(ann, bob)
    assert (customer.heard_by, customer.plays) == (None, "music")


def test_the_customer_is_taken_back() -> None:
    floor = Floor()
    customer, ann, bob = floor.asks()
    floor.calls.release("leg", BOB)
    floor.calls.hang_up("leg")
    floor.calls.resume("call")
    assert bob.is_over
    assert hear_each_other(customer, ann)
    assert len(floor.calls) == 1


def test_the_customer_is_handed_over() -> None:
    floor = Floor()
    customer, ann, bob = floor.asks()
    floor.calls.release("call", ANN)
    floor.calls.hang_up("leg")
    floor.calls.connect("call", BOB)
    floor.calls.resume("call")
    assert ann.is_over
    assert not bob.is_over
    assert hear_each_other(customer, bob)
    assert len(floor.calls) == 1
    assert bob.side is not None
    bob.side.gone(is_lost=False)
    assert floor.last() == PersonGone("call", BOB)


def test_the_customer_may_leave_in_a_consult() -> None:
    floor = Floor()
    customer, ann, bob = floor.asks()
    assert customer.side is not None
    customer.side.gone(is_lost=False)
    assert hear_each_other(ann, bob)
    floor.calls.release("call", ANN)
    floor.calls.release("leg", BOB)
    floor.calls.hang_up("leg")
    assert len(floor.calls) == 0


def test_whoever_was_asked_and_is_taken_over_by_nobody_is_hung_up_in_the_end() -> None:
    floor = Floor()
    _, ann, bob = floor.asks()
    floor.calls.hang_up("leg")
    assert not bob.is_over
    floor.passes(11.0)
    assert bob.is_over
    assert not ann.is_over


def test_a_consult_about_what_is_gone_is_none() -> None:
    floor = Floor()
    floor.calls.consult("leg", of="gone", person=ANN)
    assert floor.up == []


def test_what_customer_and_person_say_is_kept_in_pieces() -> None:
    floor = Floor()
    customer, ann = floor.talks()
    floor.calls.hold("call")
    floor.calls.resume("call")
    floor.calls.pause_recording("call")
    floor.calls.hold("call")
    floor.calls.resume("call")
    floor.calls.go_on_recording("call")
    floor.calls.release("call", ANN)
    (tape,) = floor.tapes
    assert [name.removeprefix(tape.name) for name, _ in tape.pieces] == ["-0-customer", "-1-customer", "-2-customer"]
    assert customer.keeps == [tape.pieces[0][0], "", tape.pieces[1][0], "", tape.pieces[2][0], ""]
    assert ann.keeps == [tape.pieces[0][1], "", tape.pieces[1][1], "", tape.pieces[2][1], ""]


def test_nothing_is_kept_before_a_person_is_there_nor_of_a_consult() -> None:
    floor = Floor()
    customer, _, bob = floor.asks()
    assert len(customer.keeps) == 2  # on, and off when held
    assert bob.keeps == []


def test_a_recording_that_was_paused_before_anybody_was_connected_stays_paused() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.pause_recording("call")
    floor.picks_up(ANN)
    floor.calls.connect("call", ANN)
    assert customer.keeps == []


def test_each_conversation_is_a_recording_of_its_own() -> None:
    floor = Floor()
    floor.asks()
    floor.calls.release("call", ANN)
    floor.calls.hang_up("leg")
    floor.calls.connect("call", BOB)
    floor.calls.hang_up("call")
    assert [tape.call for tape in floor.tapes] == ["call", "call"]
    assert len({tape.name for tape in floor.tapes}) == 2


def test_orders_for_what_is_gone_do_nothing() -> None:
    floor = Floor()
    calls = floor.calls
    for order in (calls.answer, calls.music, calls.hang_up, calls.hold, calls.resume, calls.pause_recording):
        order("gone")
    calls.go_on_recording("gone")
    calls.say("gone", "x", 1.0)
    for each in (calls.stop_ringing, calls.connect, calls.release):
        each("gone", ANN)
    assert floor.told == []


def test_at_the_end_everybody_is_hung_up() -> None:
    floor = Floor()
    customer, ann, bob = floor.asks()
    floor.calls.end_all()
    assert (customer.is_over, ann.is_over, bob.is_over, floor.up) == (True, True, True, [])
    assert len(floor.calls) == 0
