"""A phone that rings picks up by itself, when its person answers on the page."""

from tellonce.switchboard.drivers.embedded.tests.fakes import ANN, NUMBER, Floor
from tellonce.switchboard.drivers.told import PersonAnswered, PersonNotReached, WhyNot


def test_a_phone_that_rings_is_asked_to_pick_up_by_itself() -> None:
    floor = Floor()
    customer = floor.comes()
    floor.calls.answer("call")
    floor.calls.ring("call", ANN, number=NUMBER, name="Jane")
    rang = floor.legs[str(ANN)]
    floor.calls.pick_up("call", ANN)
    ann = floor.legs[str(ANN)]
    assert rang.is_over
    assert ann is not rang
    assert (floor.asked_to_pick_up, floor.rung_with[0]) == ([False, True], floor.rung_with[1])
    assert ann.side is not None
    ann.side.answered()
    assert floor.told[-1] == PersonAnswered("call", ANN)
    floor.calls.connect("call", ANN)
    assert (customer.heard_by, ann.heard_by) == (ann, customer)
    floor.calls.pick_up("call", ANN)  # it has been picked up
    assert floor.legs[str(ANN)] is ann


def test_a_phone_that_has_signed_out_is_not_reached_when_it_shall_pick_up() -> None:
    floor = Floor()
    floor.comes()
    floor.calls.ring("call", ANN, number=NUMBER, name="Jane")
    floor.is_away = True
    floor.calls.pick_up("call", ANN)
    assert floor.told[-1] == PersonNotReached("call", ANN, WhyNot.NO_PHONE)
