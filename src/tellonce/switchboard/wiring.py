"""The engine's commands as orders to a phone driver."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import (
    Command,
    Connect,
    Dial,
    GoOnRecording,
    HangUp,
    Hold,
    Listen,
    Music,
    PauseRecording,
    PickUp,
    Refuse,
    Release,
    Resume,
    Ring,
    SayCallback,
    SayChoice,
    SayGoodbye,
    SayNews,
    SayWait,
    StopListening,
    StopRinging,
)
from tellonce.switchboard.contacts import Contact
from tellonce.switchboard.decisions import ConsultBegan
from tellonce.switchboard.drivers import Listens, PhoneDriver, PicksUp
from tellonce.switchboard.errors import DriverError
from tellonce.switchboard.facts import NOBODY
from tellonce.switchboard.folding import Event
from tellonce.switchboard.folding.contacts import heard
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.settings import Channel, Settings

log = logging.getLogger(__name__)

Saying = SayChoice | SayWait | SayCallback | SayNews | SayGoodbye | Refuse
Wording = Callable[[Board, Saying], Prompt | None]
"""What is said for a command; None for nothing."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What is said besides: to who calls, to a caller who has waited while a phone rings, and to who is called back.

    Attributes:
        called_back: of whether the line was lost before.
        seconds: how long a prompt takes.
        sayable: settings without the menus that nobody has recorded.
    """

    welcome: Prompt | None = None
    connecting: Prompt | None = None
    called_back: Callable[[bool], Prompt | None] = lambda _is_lost: None
    seconds: Callable[[Prompt], float] = lambda _prompt: 0.0
    sayable: Callable[[Settings], Settings] = lambda settings: settings


def silence(_board: Board, _command: Saying) -> None:
    """Says nothing: for phones that cannot speak."""


class Wiring:
    """One driver, and what it is to say; whether people need a phone that it can ring, and calls are recorded."""

    def __init__(
        self,
        driver: PhoneDriver,
        wording: Wording = silence,
        *,
        manners: Manners = Manners(),
        needs_phones: bool = False,
        records: bool = False,
    ) -> None:
        self.driver, self.wording, self.manners = driver, wording, manners
        self.needs_phones, self.records = needs_phones, records

    async def pick_up(self, call: str) -> None:
        """Answers a caller, and greets them."""
        await self.driver.answer(call)
        if self.manners.welcome is not None:
            await self._try_to_say(call, self.manners.welcome)

    async def greet_called(self, contact: Contact) -> float:
        """Says to whom we called who we are; how many seconds that takes. They are connected after it."""
        prompt = self.manners.called_back(contact.was_lost)
        if prompt is None or not await self._try_to_say(contact.id, prompt):
            return 0.0
        return self.manners.seconds(prompt)

    async def prepare(self, board: Board, events: Iterable[Event]) -> None:
        """A consult is a second call of the person who asks: the driver knows it before anybody is rung for it."""
        for event in events:
            if isinstance(event, ConsultBegan):
                contact = board.contacts.get(event.contact)
                if contact is not None:
                    await self.driver.consult(event.leg, of=event.contact, person=contact.person)

    async def carry_out(self, board: Board, command: Command, *, name: str = "") -> None:
        """Orders what the command asks for; of contacts that are no calls nothing is ordered.

        A phone that rings shows the `name`.
        """
        if not _is_a_call(board, command.contact):
            return
        match command:
            case Ring():
                await self._ring(board, command, name)
            case Dial(contact, _, number):
                await self.driver.dial(contact, number)
            case SayChoice():
                await self._say(board, command)
                await self.driver.tell_said(command.contact, heard(command.choice, command.about))
            case SayWait() | SayCallback() | SayNews() | SayGoodbye():
                await self._say(board, command)
            case Refuse(_, person):
                if person == NOBODY:  # somebody on staff reads it on their phone's panel, where it was kept for
                    await self._say(board, command)
            case Connect(contact) if not self.records:
                await self.driver.pause_recording(contact)
                await _orders(self.driver, command)
            case Listen() | StopListening() | PickUp():
                await self._if_it_can(command)
            case _:  # SendNews is filed from the journal, so that a kill loses none
                await _orders(self.driver, command)

    async def _ring(self, board: Board, command: Ring, name: str) -> None:
        known = board.contacts.get(command.contact)
        number = known.number if known is not None else ""
        await self.driver.ring(command.contact, command.person, shown_number=number, shown_name=name)
        if self.manners.connecting is not None and known is not None and _has_waited(known):
            await self._try_to_say(command.contact, self.manners.connecting)

    async def _if_it_can(self, command: Listen | StopListening | PickUp) -> None:
        """What not every driver can; where a phone cannot be made to pick up, it goes on ringing."""
        if isinstance(command, PickUp):
            if isinstance(self.driver, PicksUp):
                await self.driver.pick_up(command.contact, command.person)
            return
        if not self.driver.can_listen_in:
            raise DriverError("This phone cannot be listened in on: it takes an Asterisk.")
        driver = cast("Listens", self.driver)
        if isinstance(command, Listen):
            await driver.listen_in(command.contact, command.supervisor, whispers=command.whispers)
        else:
            await driver.stop_listening(command.supervisor)

    async def _say(self, board: Board, command: Saying) -> None:
        prompt = self.wording(board, command)
        if prompt is not None:
            await self._try_to_say(command.contact, prompt)

    async def _try_to_say(self, call: str, prompt: Prompt) -> bool:
        """What cannot be said (a recording is broken, the disk is full) is not: the call goes on without it."""
        try:
            await self.driver.say(call, prompt)
        except Exception:
            log.exception("switchboard.not_said", extra={"pieces": prompt.pieces})
            return False
        return True


async def _orders(driver: PhoneDriver, command: Command) -> None:
    match command:
        case StopRinging(contact, person):
            await driver.stop_ringing(contact, person)
        case Connect(contact, person):
            await driver.connect(contact, person)
        case Release(contact, person):
            await driver.release(contact, person)
        case HangUp(contact):
            await driver.hang_up(contact)
        case Hold(contact):
            await driver.hold(contact)
        case Resume(contact):
            await driver.resume(contact)
        case PauseRecording(contact):
            await driver.pause_recording(contact)
        case GoOnRecording(contact):
            await driver.go_on_recording(contact)
        case Music(contact):
            await driver.music(contact)


def _has_waited(contact: Contact) -> bool:
    """Somebody on the line who was told a wait, and whom nobody has been rung for yet."""
    return contact.told_until > 0 and not (contact.missed_by or contact.is_callback or contact.parent)


def _is_a_call(board: Board, contact: str) -> bool:
    known = board.contacts.get(contact)
    return known is None or known.channel == Channel.CALL
