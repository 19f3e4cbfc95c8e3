"""The phone driver for those who run an Asterisk: SIP, media and phones are its own, we ask it over ARI."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Sequence
from typing import Any, Final

from tellonce.switchboard.drivers.asterisk.calls import Book, Call, Ear
from tellonce.switchboard.drivers.asterisk.client import Ari, AriError
from tellonce.switchboard.drivers.asterisk.conversations import Conversations
from tellonce.switchboard.drivers.asterisk.finding import Finding
from tellonce.switchboard.drivers.asterisk.happenings import Happenings
from tellonce.switchboard.drivers.asterisk.link import Link
from tellonce.switchboard.drivers.asterisk.numbers import is_full
from tellonce.switchboard.drivers.asterisk.phones import Phones
from tellonce.switchboard.drivers.asterisk.recording import Expected, Recorder
from tellonce.switchboard.drivers.asterisk.requests import Requests
from tellonce.switchboard.drivers.asterisk.settings import AsteriskSettings, check_settings
from tellonce.switchboard.drivers.asterisk.sounds import Sounds, Speech
from tellonce.switchboard.drivers.driver import Phone, Sink
from tellonce.switchboard.drivers.told import (
    CustomerNotReached,
    DriverLost,
    PersonNotReached,
    Said,
    Told,
    WhyNot,
)
from tellonce.switchboard.errors import DriverError
from tellonce.switchboard.prompts import Prompt

log = logging.getLogger(__name__)

OLDEST: Final = 20
BEGIN_S: Final = 10.0
END_S: Final = 15.0

_WHAT_TO_DO: Final = {
    0: "is it running, with enabled=yes in http.conf and ari.conf, at the address given?",
    401: "user and password must be those of ari.conf.",
    403: "the user of ari.conf must not be read_only.",
    200: "end the address with /ari.",
    404: "load res_ari and the modules of its guide, and end the address with /ari.",
}


class AsteriskDriver:
    """One Asterisk, 20 or later. `speech` makes the sound of prompts."""

    def __init__(self, settings: AsteriskSettings, *, speech: Speech) -> None:
        check_settings(settings)
        self._settings, self._speech = settings, speech
        self._book, self._in_reach = Book(), asyncio.Event()
        self._phones = Phones(settings.technology, self._tell)
        self._sink: Sink | None = None
        self._link: asyncio.Task[None] | None = None

    @property
    def can_listen_in(self) -> bool:
        """Asterisk mixes: a supervisor may listen in and whisper."""
        return True

    async def start(self, sink: Sink, *, realm: str) -> None:
        """Begins to take calls; raises DriverError with what to do if it cannot.

        Phones sign in at Asterisk: the realm is that of its pjsip.conf.
        """
        settings = self._settings
        self._sink = sink
        self._ari = ari = Ari(settings.address, user=settings.user, password=settings.password)
        expected = Expected()
        self._requests = Requests(ari, settings, Sounds(settings.sounds, uri=settings.sounds_uri, speech=self._speech))
        self._conversations = Conversations(
            app=settings.app, book=self._book, requests=self._requests, recorder=self._recorder(ari, expected),
            tell=self._tell, in_reach=self._in_reach,
        )  # fmt: skip
        self._happenings = Happenings(
            settings=settings, book=self._book, phones=self._phones, conversations=self._conversations,
            expected=expected, tell=self._tell,
        )  # fmt: skip
        finding = Finding(
            ari, settings=settings, book=self._book, phones=self._phones, conversations=self._conversations,
            happenings=self._happenings, expected=expected, lost=self._lost,
        )  # fmt: skip
        link = Link(
            ari, app=settings.app, in_reach=self._in_reach, lost_after_s=settings.lost_after_s, found=finding.found,
            happened=self._happenings.happened, lost=self._lost,
        )  # fmt: skip
        try:
            await self._begin(link)
        except DriverError:
            await self._end()
            raise

    def _recorder(self, ari: Ari, expected: Expected) -> Recorder | None:
        folder = self._settings.recordings
        if folder is None:
            return None
        return Recorder(ari, app=self._settings.app, folder=folder, expected=expected, tell=self._tell)

    async def _begin(self, link: Link) -> None:
        try:
            information = await self._ari.get("/asterisk/info")
        except AriError as error:
            todo = _WHAT_TO_DO.get(error.status, "see its log.")
            raise DriverError(f"Asterisk at {self._settings.address} cannot be used ({error}): {todo}") from error
        version = _version(information)
        if version < OLDEST:
            raise DriverError(f"This is Asterisk {version}; {OLDEST} or later is needed.")
        self._link = asyncio.create_task(link.run())
        try:
            await asyncio.wait_for(self._in_reach.wait(), BEGIN_S)
        except TimeoutError as error:
            raise DriverError("Asterisk sends no events: load res_http_websocket, and see its log.") from error

    async def stop(self) -> None:
        """Takes no more calls, ends those that there are, and waits until recordings are whole."""
        if self._link is None:
            return
        self._happenings.takes_calls = False
        self._conversations.end_all()
        try:
            await asyncio.wait_for(self._conversations.done(), END_S)
        except TimeoutError:
            log.warning("asterisk.not_ended")
        await self._end()

    async def _end(self) -> None:
        if self._link is not None:
            self._link.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._link
            self._link = None
        await self._ari.close()

    async def set_phones(self, phones: Sequence[Phone]) -> None:
        """Whose phone has which user. Passwords are Asterisk's own: it signs nobody out, but we ring nobody else."""
        self._phones.set(phones)

    async def answer(self, call: str) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.answer(there)

    async def say(self, call: str, prompt: Prompt) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.say(there, prompt)

    async def tell_said(self, call: str, what: str) -> None:
        if (there := self._book.calls.get(call)) is not None and not self._conversations.tells_said(there, what):
            self._tell_soon(Said(call, what))

    async def music(self, call: str) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.music(there)

    async def ring(self, call: str, person: int, *, shown_number: str, shown_name: str) -> None:
        user = self._phones.user_of(person)
        if user is None:
            self._tell_soon(PersonNotReached(call, person, WhyNot.NO_PHONE))
        else:
            self._conversations.ring(self._call(call), person, user, caller=(shown_number, shown_name))

    async def stop_ringing(self, call: str, person: int) -> None:
        await self.release(call, person)

    async def connect(self, call: str, person: int) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.connect(there, person)

    async def release(self, call: str, person: int) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.release(there, person)

    async def hang_up(self, call: str) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.hang_up(there)

    async def hold(self, call: str) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.hold(there)

    async def resume(self, call: str) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.resume(there)

    async def consult(self, call: str, *, of: str, person: int) -> None:
        if (there := self._book.calls.get(of)) is not None:
            self._conversations.consult(there, call, person)

    async def dial(self, call: str, number: str) -> None:
        if is_full(number):
            self._conversations.dial(self._call(call), number)
        else:
            self._tell_soon(CustomerNotReached(call, WhyNot.NOT_POSSIBLE))

    async def pause_recording(self, call: str) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.set_private(there, True)

    async def go_on_recording(self, call: str) -> None:
        if (there := self._book.calls.get(call)) is not None:
            self._conversations.set_private(there, False)

    async def listen_in(self, call: str, supervisor: int, *, whispers: bool) -> None:
        """Rings the supervisor's phone, which hears the call once it is picked up.

        The person hears the supervisor who `whispers`, the customer does not. DriverError if nobody talks, or the phone
        cannot be rung.
        """
        there, user = self._book.calls.get(call), self._phones.user_of(supervisor)
        if there is None or not there.connected:
            raise DriverError("Nobody talks on this call any more.")
        if user is None:
            raise DriverError("There is no phone to listen with: give the supervisor one.")
        leg, name = there.connected[0], self._conversations.new_name
        ear = Ear(supervisor, leg, channel=name(), snoop=name(), bridge=name(), whispers=whispers)
        self._book.channels[ear.channel] = self._book.channels[ear.snoop] = ear
        try:
            await self._requests.ring_ear(ear, user)
        except AriError as error:
            self._conversations.stop_listening(ear)
            raise DriverError("The supervisor's phone cannot be rung: it is not signed in at Asterisk.") from error

    async def stop_listening(self, supervisor: int) -> None:
        """The supervisor hears no more."""
        ears = {each for each in self._book.channels.values() if isinstance(each, Ear)}
        for ear in ears:
            if ear.supervisor == supervisor:
                self._conversations.stop_listening(ear)

    def _call(self, call: str) -> Call:
        """The call, or a new one: a callback begins with the person's phone."""
        return self._book.calls.get(call) or self._conversations.opened(call)

    def _lost(self) -> None:
        calls = self._conversations.forget_all()
        self._phones.all_lost()
        self._tell(DriverLost(calls))

    def _tell(self, told: Told) -> None:
        if self._sink is not None:
            self._sink(told)

    def _tell_soon(self, told: Told) -> None:
        """Not within the order: whoever gave it is in the middle of something."""
        asyncio.get_running_loop().call_soon(self._tell, told)


def _version(information: Any) -> int:
    """The first number of a version such as 22.1.0 or certified-20.7-cert1; a build without one counts as new."""
    match information:
        case {"system": {"version": str(version)}} if found := re.search(r"\d+", version):
            return int(found.group())
        case _:
            return OLDEST
