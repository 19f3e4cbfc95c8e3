"""Who hears whom, from order to order: what is believed changes at once, Asterisk follows in the same order."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from functools import partial
from itertools import count

from tellonce.switchboard.drivers.asterisk.calls import Book, Call, Ear, Leg, Side
from tellonce.switchboard.drivers.asterisk.orders import Orders
from tellonce.switchboard.drivers.asterisk.recording import Recorder, Recording
from tellonce.switchboard.drivers.asterisk.requests import Requests
from tellonce.switchboard.drivers.driver import Sink
from tellonce.switchboard.drivers.told import (
    CustomerNotReached,
    LineBroke,
    ListenerGone,
    PersonNotReached,
    Said,
    WhyNot,
)
from tellonce.switchboard.prompts import Prompt

log = logging.getLogger(__name__)


class Conversations:
    """The calls of one driver."""

    def __init__(
        self, *, app: str, book: Book, requests: Requests, recorder: Recorder | None, tell: Sink,
        in_reach: asyncio.Event,
    ) -> None:  # fmt: skip
        self._app, self._book, self._requests, self._recorder = app, book, requests, recorder
        self._tell, self._in_reach = tell, in_reach
        self._working: set[Orders] = set()
        self._strays = self._orders(partial(_log_fault, "stray"))
        self._new_names()

    def _new_names(self) -> None:
        self.names = f"{self._app}-{secrets.token_hex(4)}-"
        self._numbers = count(1)

    def new_name(self) -> str:
        """An id for something that we make at Asterisk."""
        return f"{self.names}{next(self._numbers)}"

    def opened(self, call_id: str) -> Call:
        """A new call, in which nobody takes part yet."""
        return self._book.opened(call_id, self._orders(partial(self._broke, call_id)))

    def _orders(self, on_broken: Callable[[BaseException], None]) -> Orders:
        return Orders(in_reach=self._in_reach, working=self._working, on_broken=on_broken)

    def refuse(self, channel: str, *, reason: str) -> None:
        """Ends a channel that belongs to no call."""
        self._strays.add(lambda: self._requests.refuse(channel, reason=reason))

    # The customer

    def watch(self, call: Call) -> None:
        """Of a channel that we did not make Asterisk tells the end only when asked to."""
        side = call.side
        if side is not None:
            call.orders.add(lambda: self._requests.watch(side))

    def answer(self, call: Call) -> None:
        side = call.side
        if side is not None and not side.is_up and not side.is_dialled:
            side.is_up = True
            call.orders.add(lambda: self._requests.answer(side))

    def say(self, call: Call, prompt: Prompt) -> None:
        side, playback = call.side, self.new_name()
        if side is not None:
            side.unsaid.append(playback)
            if prompt.is_notice:
                side.notices.add(playback)
            elif prompt.is_last:
                side.last.add(playback)
            call.orders.add(lambda: self._requests.say(side, playback, prompt, lambda: self.said(playback)))

    def said(self, playback: str) -> None:
        """A prompt has been heard, or cannot be: what was to come after it comes."""
        side = next((each for each in self._book.sides() if playback in each.unsaid), None)
        if side is None:
            return
        for what in side.to_tell.pop(playback, ()):
            self._tell(Said(side.call.id, what))
        side.unsaid.remove(playback)
        side.begun.discard(playback)
        call, was_waited_for = side.call, playback in side.notices | side.last
        side.notices.discard(playback)
        side.last.discard(playback)
        if side.is_leaving and not side.unsaid:
            call.orders.add(lambda: self._requests.hang_up(side.channel))
        elif was_waited_for and call.side is side and not call.waits:
            self._meet(call)
        elif not side.unsaid:
            self._music(side)

    def tells_said(self, call: Call, what: str) -> bool:
        """Whether something is to be said still, after which it is told."""
        side = call.side
        if side is None or not side.unsaid:
            return False
        side.to_tell.setdefault(side.unsaid[-1], []).append(what)
        return True

    def music(self, call: Call) -> None:
        if call.side is not None:
            self._music(call.side)

    def _music(self, side: Side) -> None:
        side.call.orders.add(lambda: self._requests.music(side))

    def dial(self, call: Call, number: str) -> None:
        side = Side(self.new_name(), call, is_dialled=True)
        call.side = self._book.channels[side.channel] = side
        not_made = partial(self._not_dialled, side)
        call.orders.add(lambda: self._requests.dial(side, number, not_made=not_made))

    def _not_dialled(self, side: Side, why: WhyNot) -> None:
        if self._book.channels.pop(side.channel, None) is side and not side.is_leaving:
            self.customer_left(side.call)
            self._tell(CustomerNotReached(side.call.id, why))

    def hang_up(self, call: Call) -> None:
        """Ends the customer's side once all is said; of a consult: the two hear each other no more."""
        side = call.side
        if call.asker is not None:
            self._end_consult(call)
        elif side is not None:
            side.is_leaving = True
            self.customer_left(call)
            if not side.unsaid:
                call.orders.add(lambda: self._requests.hang_up(side.channel))

    def customer_left(self, call: Call) -> None:
        """The customer takes part no more."""
        if call.side is not None:
            call.inside.discard(call.side.channel)
        call.side, call.is_held = None, False
        self._end_recording(call)
        self._close(call)

    # Persons

    def ring(self, call: Call, person: int, user: str, *, caller: tuple[str, str]) -> None:
        if person in call.legs:
            return
        leg = Leg(person, self.new_name(), call)
        call.legs[person] = self._book.channels[leg.channel] = leg
        not_made = partial(self.not_rung, leg)
        call.orders.add(lambda: self._requests.ring(leg, user, caller=caller, not_made=not_made))

    def not_rung(self, leg: Leg, why: WhyNot) -> None:
        """The phone could not even be rung."""
        if self._book.channels.pop(leg.channel, None) is leg:
            self.left(leg)
            self._tell(PersonNotReached(leg.call.id, leg.person, why))

    def release(self, call: Call, person: int) -> None:
        """Ends the person's phone on this call; the customer waits with music."""
        leg = call.legs.get(person)
        if leg is None:
            return
        self._book.channels.pop(leg.channel, None)
        call.orders.add(lambda: self._requests.hang_up(leg.channel))
        self.left(leg)
        if leg.is_connected and not call.connected:
            self.wait(call)

    def wait(self, call: Call) -> None:
        """Nobody talks to the customer any more: they hear music."""
        call.is_held = False
        self._part(call)
        self.music(call)

    def left(self, leg: Leg) -> None:
        """The person's phone takes part no more."""
        call = leg.call
        call.legs.pop(leg.person, None)
        call.inside.discard(leg.channel)
        for consult in [each for each in self._book.calls.values() if each.asker is leg]:
            consult.side, consult.is_over = None, True
            self._close(consult)
        if leg.is_connected and not call.connected:
            self._end_recording(call)
        self._close(call)

    # Both

    def connect(self, call: Call, person: int) -> None:
        self.answer(call)
        leg = self._book.leg_of(call, person)
        if leg is None or not leg.is_up or call.side is None or not call.side.is_up:
            return
        leg.is_connected, call.is_held = True, False
        self._meet(call)

    def _meet(self, call: Call) -> None:
        """Customer and person hear each other, and are recorded: once the customer has heard what they must."""
        if call.side is None or not call.side.must_hear:
            self._join(call)
            self._record(call)

    def _join(self, call: Call) -> None:
        unsaid: list[str] = []
        if call.side is not None:
            unsaid = [each for each in call.side.unsaid if each in call.side.begun]
            call.side.unsaid, call.side.begun, call.side.last = [], set(), set()
        call.bridge = call.bridge or self.new_name()
        call.orders.add(lambda: self._requests.join(call, unsaid))

    def hold(self, call: Call) -> None:
        side = call.side
        if side is None or call.is_held or not call.connected:
            return
        call.is_held = True
        call.orders.add(lambda: self._requests.take_out(call, side.channel))
        self._music(side)

    def resume(self, call: Call) -> None:
        if call.is_held and call.side is not None:
            call.is_held = False
            self._meet(call)

    def _part(self, call: Call) -> None:
        bridge, call.bridge = call.bridge, ""
        call.inside.clear()
        if bridge:
            call.orders.add(lambda: self._requests.part(bridge))

    def consult(self, parent: Call, call_id: str, person: int) -> None:
        """A second call, in which the person stands in the customer's place."""
        asker = parent.legs.get(person)
        if asker is None or call_id in self._book.calls:
            return
        consult = self._book.opened(call_id, parent.orders)
        consult.asker, consult.side = asker, Side(asker.channel, consult, is_made=True, is_up=True)
        parent.orders.add(lambda: self._requests.take_out(parent, asker.channel))

    def _end_consult(self, consult: Call) -> None:
        side, consult.is_over = consult.side, True
        for leg in consult.connected:
            leg.is_connected = False
        self._part(consult)
        if side is not None:
            consult.side = None
            consult.orders.add(lambda: self._requests.quiet(side))
        self._close(consult)

    def _close(self, call: Call) -> None:
        if call.side is None and not call.legs:
            self._part(call)
        self._book.close_if_empty(call)

    # Recording

    def _record(self, call: Call) -> None:
        if self._recorder is None or call.asker is not None or call.recording is not None or call.side is None:
            return
        orders = self._orders(partial(_log_fault, "recording"))
        call.recording = Recording(call.id, call.side.channel, (self.new_name(), self.new_name()), orders)
        self._recorder.set_private(call.recording, call.is_private)
        self._recorder.begin(call.recording)

    def set_private(self, call: Call, is_private: bool) -> None:
        """Nothing is kept of what is said, or all of it again."""
        call.is_private = is_private
        if self._recorder is not None and call.recording is not None:
            self._recorder.set_private(call.recording, is_private)

    def _end_recording(self, call: Call) -> None:
        recording, call.recording = call.recording, None
        if self._recorder is not None and recording is not None:
            self._recorder.end(recording)

    # Listening in

    def ear_entered(self, ear: Ear, channel: str) -> None:
        """The supervisor has picked up, or the channel that hears is there."""
        act = self._requests.prick if channel == ear.channel else self._requests.listen
        ear.leg.call.orders.add(lambda: act(ear))

    def listener_gone(self, ear: Ear) -> None:
        """The supervisor has hung up, or what they heard is over."""
        self.stop_listening(ear)
        self._tell(ListenerGone(ear.leg.call.id, ear.supervisor))

    def stop_listening(self, ear: Ear) -> None:
        for channel in (ear.channel, ear.snoop):
            self._book.channels.pop(channel, None)
        self._strays.add(lambda: self._requests.stop_listening(ear))

    # The end

    def _broke(self, call_id: str, fault: BaseException) -> None:
        """Asterisk would not do what a call needs: the call is over, and the customer is told of as lost."""
        log.error("asterisk.call_broke", extra={"call": call_id}, exc_info=fault)
        call = self._book.calls.get(call_id)
        if call is None or call.side is None:
            return
        side = call.side
        self._book.channels.pop(side.channel, None)
        self.customer_left(call)
        self.refuse(side.channel, reason="congestion")
        self._tell(LineBroke(call_id))

    def forget_all(self) -> tuple[str, ...]:
        """All calls are lost; what was recorded of them is fetched if Asterisk still has it."""
        lost = tuple(call.id for call in self._book.calls.values() if call.asker is None)
        for call in self._book.calls.values():
            call.orders.forget()
            self._end_recording(call)
        self._book.calls.clear()
        self._book.channels.clear()
        self._new_names()
        return lost

    def end_all(self) -> None:
        """Hangs up everybody."""
        for call in list(self._book.calls.values()):
            self._end_recording(call)
        for channel in list(self._book.channels):
            self._book.channels.pop(channel, None)
            self.refuse(channel, reason="normal")
        self._book.calls.clear()

    async def done(self) -> None:
        """Waits until Asterisk has followed in all, and recordings are whole."""
        while self._working:
            await next(iter(self._working)).done()


def _log_fault(what: str, fault: BaseException) -> None:
    log.error("asterisk.not_done", extra={"of": what}, exc_info=fault)
