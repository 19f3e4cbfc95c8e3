"""All calls, and what the switchboard orders of them. No socket and no clock here: phones and time are given."""

from dataclasses import replace
from typing import Any

from tellonce.switchboard.drivers.embedded.call import Around, Call, Customer, Seat
from tellonce.switchboard.drivers.embedded.phones import Leg, Lines, Side
from tellonce.switchboard.drivers.embedded.speech import Later, Speech
from tellonce.switchboard.drivers.told import Called, Said, WhyNot

ORPHAN_S = 10.0
"""How long a phone stays up for a call without a customer, before we hang up in the switchboard's place."""


class Calls:
    """An order for what is gone does nothing."""

    def __init__(self, lines: Lines, around: Around, later: Later, music: str) -> None:
        self._lines, self._later, self._music_path = lines, later, music
        self._around = replace(around, left=self._left)
        self._calls: dict[str, Call] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def came(self, call_id: str, leg: Leg, *, entry: str, number: str, name: str) -> Side:
        """Somebody calls."""
        side = self._with_customer(self._begun(call_id), leg)
        self._around.tell(Called(call_id, entry, number, name))
        return side

    def _begun(self, call_id: str, **more: Any) -> Call:
        call = self._calls[call_id] = Call(call_id, self._around, **more)
        self._around.begun(call_id)
        return call

    def _with_customer(self, call: Call, leg: Leg) -> Customer:
        call.customer = call.customer or Customer(call)
        call.customer.leg = leg
        call.speech = Speech(leg, self._later, self._music_path)
        return call.customer

    def answer(self, call_id: str) -> None:
        call = self._calls.get(call_id)
        if call is not None and call.customer is not None and not call.customer.is_up and call.customer.leg is not None:
            call.customer.leg.answer()
            call.customer_is_up()

    def say(self, call_id: str, path: str, seconds: float, *, is_notice: bool = False) -> None:
        call = self._calls.get(call_id)
        if call is not None and call.speech is not None:
            call.speech.say(path, seconds, is_notice=is_notice)
            call.music(call.talking is None or call.is_held)

    def music(self, call_id: str) -> None:
        call = self._calls.get(call_id)
        if call is not None:
            call.music(True)

    def ring(self, call_id: str, person: int, *, number: str, name: str) -> None:
        """Also for a call that is not known: a callback begins with the person's phone."""
        call = self._calls.get(call_id) or self._begun(call_id)
        if person in call.seats:
            return
        seat = call.seats[person] = Seat(call, person, (number, name))
        self._ring(seat)

    def _ring(self, seat: Seat, *, picks_up: bool = False) -> None:
        other, (number, name) = seat.call.other, seat.shown
        codec = other.codec if other is not None else self._lines.codec_out
        seat.leg = self._lines.ring(seat.person, seat, codec=codec, number=number, name=name, picks_up=picks_up)
        if seat.leg is None:
            seat.not_reached(WhyNot.NO_PHONE)

    def pick_up(self, call_id: str, person: int) -> None:
        """A phone that rings is rung anew, with the word that it may pick up by itself."""
        seat = self._seat(call_id, person)
        if seat is not None and seat.leg is not None and not seat.is_up:
            seat.leg.end()
            self._ring(seat, picks_up=True)

    def stop_ringing(self, call_id: str, person: int) -> None:
        seat = self._seat(call_id, person)
        if seat is not None and not seat.is_up:
            self._hang_up_seat(seat)

    def release(self, call_id: str, person: int) -> None:
        seat = self._seat(call_id, person)
        if seat is not None:
            self._hang_up_seat(seat)

    def connect(self, call_id: str, person: int) -> None:
        call = self._calls.get(call_id)
        if call is not None:
            seat = call.seats.get(person) or self._asked(call, person)
            if seat is not None and seat.is_up:
                call.connect(seat)

    def _asked(self, call: Call, person: int) -> Seat | None:
        """The person's seat in a consult about the call."""
        about = (each for each in self._calls.values() if each.about is call)
        return next((each.seats[person] for each in about if person in each.seats), None)

    def hang_up(self, call_id: str) -> None:
        call = self._calls.get(call_id)
        if call is None:
            return
        if call.speech is not None:
            call.speech.then(lambda: self._hang_up_customer(call))
        elif call.about is not None:
            call.asker_left()

    def tell_said(self, call_id: str, about: str) -> None:
        call = self._calls.get(call_id)
        if call is not None and call.speech is not None:
            call.speech.then(lambda: self._around.tell(Said(call_id, about)))

    def hold(self, call_id: str) -> None:
        call = self._calls.get(call_id)
        if call is not None:
            call.hold()

    def resume(self, call_id: str) -> None:
        call = self._calls.get(call_id)
        if call is not None and call.is_held:
            call.join()

    def consult(self, call_id: str, *, of: str, person: int) -> None:
        about = self._calls.get(of)
        asker = about.seats.get(person) if about is not None else None
        if asker is not None and call_id not in self._calls:
            self._begun(call_id, about=about, asker=asker)

    def dial(self, call_id: str, number: str) -> None:
        call = self._calls.get(call_id) or self._begun(call_id)
        if call.customer is not None or call.about is not None:
            return
        call.customer, call.is_left = Customer(call), False
        leg = self._lines.dial(number, call.customer)
        if leg is None:
            call.customer.not_reached(WhyNot.NOT_POSSIBLE)
        else:
            self._with_customer(call, leg)

    def pause_recording(self, call_id: str) -> None:
        call = self._calls.get(call_id)
        if call is not None:
            call.is_not_kept = True
            call.keep_nothing()

    def go_on_recording(self, call_id: str) -> None:
        call = self._calls.get(call_id)
        if call is not None:
            call.is_not_kept = False
            call.keep()

    def end_all(self) -> None:
        """Hangs up everywhere."""
        for call in list(self._calls.values()):
            for seat in list(call.seats.values()):
                self._hang_up_seat(seat)
            self._hang_up_customer(call)
            if call.about is not None:
                call.asker_left()

    def _seat(self, call_id: str, person: int) -> Seat | None:
        call = self._calls.get(call_id)
        return call.seats.get(person) if call is not None else None

    def _hang_up_seat(self, seat: Seat) -> None:
        seat.call.leave(seat)
        if seat.leg is not None:
            seat.leg.end()

    def _hang_up_customer(self, call: Call) -> None:
        if call.customer is not None:
            leg = call.customer.leg
            call.customer_left()
            if leg is not None:
                leg.end()

    def _left(self, call: Call) -> None:
        """Forgets a call that is empty; phones that wait for nobody are hung up after a while."""
        if call.is_empty:
            if self._calls.pop(call.id, None) is not None:
                self._around.over(call.id)
        elif call.is_left:
            self._later(ORPHAN_S, lambda: self._end_orphans(call))

    def _end_orphans(self, call: Call) -> None:
        if call.is_left:
            for seat in list(call.seats.values()):
                self._hang_up_seat(seat)
