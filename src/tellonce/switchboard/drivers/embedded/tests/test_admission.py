"""Who may register and call, and what the others are told."""

from dataclasses import replace

import pytest

from tellonce.switchboard.drivers.driver import Phone
from tellonce.switchboard.drivers.embedded.admission import SILENCE, Admission, Asked, Incoming, Reply
from tellonce.switchboard.drivers.embedded.digest import Doorkeeper, Nonces, ha1_of
from tellonce.switchboard.drivers.embedded.registrar import Binding, Registrar
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings, Trunk
from tellonce.switchboard.drivers.embedded.tests.test_digest import header

ANN, NOW = 1, 1_000_000.0
CARE = "+12025550123"
CARRIER = Trunk("carrier", "192.0.2.20", sources=("192.0.2.0/27",), numbers=(CARE, "help"))
CALLS = Asked("INVITE", "192.0.2.21", 5060, "2025550123", "2025550199", contacts=("sip:a@192.0.2.21",))
SIGNS_IN = Asked("REGISTER", "192.0.2.99", 5062, "ann", contacts=("sip:ann@192.0.2.99:5062",), expires_s=300)


def a_door(*trunks: Trunk, open_entries: tuple[str, ...] = ()) -> Admission:
    registrar = Registrar()
    registrar.set_phones([Phone(ANN, "ann", ha1_of("ann", "tellonce", "secret"))])
    settings = GatewaySettings("/nowhere", trunks=trunks or (CARRIER,), open_entries=open_entries)
    return Admission(settings, Doorkeeper("tellonce", Nonces(b"k" * 32)), registrar)


def answer(door: Admission, asked: Asked, at: float = NOW) -> Reply:
    found = door.judge(asked, at)
    assert isinstance(found, Reply)
    return found


def with_password(door: Admission, asked: Asked, password: str = "secret", at: float = NOW) -> Asked:
    challenge = dict(answer(door, replace(asked, authorization=""), at).headers)["WWW-Authenticate"]
    return replace(asked, authorization=header(challenge, password=password))


def test_a_phone_signs_in_with_its_password_and_can_be_rung_until_its_time_is_over() -> None:
    door = a_door()
    assert answer(door, SIGNS_IN).code == 401
    assert door.registrar.persons(NOW) == frozenset()
    reply = answer(door, with_password(door, SIGNS_IN))
    assert (reply.code, dict(reply.headers)["Contact"]) == (200, "<sip:ann@192.0.2.99:5062>;expires=300")
    at = door.registrar.where(ANN, NOW + 299)
    assert at is not None
    assert (at.host, at.port) == ("192.0.2.99", 5062)
    assert door.registrar.where(ANN, NOW + 301) is None


def test_a_phone_signs_out() -> None:
    door = a_door()
    answer(door, with_password(door, SIGNS_IN))
    assert answer(door, with_password(door, replace(SIGNS_IN, expires_s=0, contacts=("*",)))).code == 200
    assert door.registrar.persons(NOW) == frozenset()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"called": "bob"}, 403),
        ({"expires_s": 5}, 423),
        ({"contacts": ("*",)}, 400),
        ({"contacts": ("sip:a@192.0.2.1", "sip:a@192.0.2.2")}, 400),
    ],
)
def test_a_password_does_not_open_everything(changed: dict[str, object], code: int) -> None:
    door = a_door()
    asked = replace(with_password(door, SIGNS_IN), **changed)  # type: ignore[arg-type]
    assert answer(door, asked).code == code
    assert door.registrar.persons(NOW) == frozenset()


def test_a_phone_whose_password_is_changed_is_signed_out() -> None:
    door = a_door()
    answer(door, with_password(door, SIGNS_IN))
    door.registrar.set_phones([Phone(ANN, "ann", ha1_of("ann", "tellonce", "other"))])
    assert door.registrar.persons(NOW) == frozenset()


def test_a_phone_that_comes_before_we_know_who_may_is_not_turned_away() -> None:
    door = a_door()
    early = Admission(door.settings, door.doorkeeper, Registrar())
    assert [answer(early, SIGNS_IN) for _ in range(20)] == [SILENCE] * 20
    early.registrar.set_phones(door.registrar.phones.values())
    assert answer(early, with_password(early, SIGNS_IN)).code == 200


def test_phones_stay_signed_in_over_a_restart_as_far_as_they_still_may() -> None:
    door = a_door()
    answer(door, with_password(door, SIGNS_IN))
    kept, phones = door.registrar.as_json(NOW), door.registrar.phones
    again = Registrar()
    again.take_up(kept)
    assert again.persons(NOW) == frozenset()
    again.set_phones([phones["ann"]])
    assert again.persons(NOW) == {ANN}
    again.set_phones([])
    again.set_phones([phones["ann"]])
    assert again.persons(NOW) == frozenset()


def test_of_two_phones_of_a_person_the_first_that_is_signed_in_is_rung() -> None:
    browser, desk = Phone(ANN, "b1", "0" * 32), Phone(ANN, "ann", "1" * 32)
    registrar = Registrar()
    registrar.set_phones([browser, desk])
    for user, until in (("ann", NOW + 600), ("b1", NOW + 60)):
        registrar.sign_in(Binding(user, f"sip:{user}@127.0.0.1", "127.0.0.1", 5090, until))
    rung = [registrar.where(ANN, at) for at in (NOW, NOW + 61, NOW + 601)]
    assert [at.user if at else None for at in rung] == ["b1", "ann", None]


def test_a_trunk_calls_an_entry_whose_number_it_writes_in_its_own_way() -> None:
    assert a_door().judge(CALLS, NOW) == Incoming(CARE, "+12025550199", "", "carrier")
    assert a_door().judge(replace(CALLS, called="help"), NOW) == Incoming("help", "+12025550199", "", "carrier")


@pytest.mark.parametrize("caller", ["anonymous", "", "Anonymous", "restricted"])
def test_a_withheld_number_is_none(caller: str) -> None:
    incoming = a_door().judge(replace(CALLS, caller=caller), NOW)
    assert isinstance(incoming, Incoming)
    assert incoming.number == ""


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"called": "2025550124"}, 404),
        ({"called": ""}, 404),
        ({"requires": "timer"}, 420),
        ({"contacts": ()}, 400),
        ({"host": "192.0.2.200"}, 403),
        ({"host": "192.0.2.200", "caller": "ann"}, 403),
        ({"method": "BYE"}, 481),
        ({"method": "MESSAGE"}, 481),
    ],
)
def test_calls_that_may_not_be_are_refused(changed: dict[str, object], code: int) -> None:
    reply = answer(a_door(), replace(CALLS, **changed))  # type: ignore[arg-type]
    assert reply.code == code


def test_a_phone_that_dials_out_of_itself_is_told_who_calls() -> None:
    door = a_door()
    answer(door, with_password(door, SIGNS_IN))
    reply = answer(door, replace(CALLS, host=SIGNS_IN.host, port=SIGNS_IN.port, caller="somebody"))
    assert (reply.code, reply.why) == (403, "Calls are made by the switchboard, not from a phone")


def test_a_trunk_that_is_asked_for_a_password_comes_in_with_it_only() -> None:
    door = a_door(replace(CARRIER, asks_password=True, user="ann", password="of the carrier"))
    challenge = dict(answer(door, CALLS).headers)["WWW-Authenticate"]
    wrong = header(challenge, password="wrong", method="INVITE")
    assert answer(door, replace(CALLS, authorization=wrong)).code == 401
    right = header(challenge, password="of the carrier", method="INVITE")
    assert isinstance(door.judge(replace(CALLS, authorization=right), NOW), Incoming)


def test_an_open_entry_is_for_this_machine_only() -> None:
    door, here = a_door(open_entries=("care",)), replace(CALLS, host="127.0.0.1", called="care")
    assert isinstance(door.judge(here, NOW), Incoming)
    assert answer(door, replace(here, called="other")).code == 404
    assert answer(door, replace(here, host="192.0.2.200")).code == 403
    assert answer(door, replace(here, caller="ann")).code == 403


def test_who_fails_too_often_hears_nothing_for_a_minute() -> None:
    door = a_door()
    for _ in range(10):
        wrong = with_password(door, SIGNS_IN, password="guess")
        assert answer(door, wrong).code == 401
    assert answer(door, SIGNS_IN) == SILENCE
    assert answer(door, replace(SIGNS_IN, host="192.0.2.98")).code == 401
    assert answer(door, SIGNS_IN, NOW + 61).code == 401


def test_a_trunk_is_not_shut_out_for_odd_requests() -> None:
    door = a_door()
    for _ in range(50):
        assert answer(door, replace(CALLS, method="SUBSCRIBE")).code == 481
    assert isinstance(door.judge(CALLS, NOW), Incoming)


def test_options_are_answered_to_trunks_and_phones() -> None:
    door = a_door()
    assert answer(door, Asked("OPTIONS", "192.0.2.20", 5060, "")).code == 200
    assert answer(door, Asked("OPTIONS", "192.0.2.99", 5062, "")).code == 403
    answer(door, with_password(door, SIGNS_IN))
    assert answer(door, Asked("OPTIONS", "192.0.2.99", 5062, "")).code == 200


def test_while_closing_no_call_comes_in() -> None:
    door = a_door()
    door.is_closing = True
    assert answer(door, CALLS).code == 503
