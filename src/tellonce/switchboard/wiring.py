"""The engine's commands as orders to a phone driver."""

from collections.abc import Callable, Iterable

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import (
    Command,
    Connect,
    Dial,
    HangUp,
    Hold,
    Music,
    Refuse,
    Release,
    Resume,
    Ring,
    SayCallback,
    SayChoice,
    SayNews,
    SayWait,
    SendNews,
    StopRinging,
)
from tellonce.switchboard.decisions import ConsultBegan
from tellonce.switchboard.drivers import PhoneDriver
from tellonce.switchboard.facts import NOBODY
from tellonce.switchboard.folding import Event
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.settings import Channel

Saying = SayChoice | SayWait | SayCallback | SayNews | Refuse
Wording = Callable[[Board, Saying], Prompt | None]
"""What is said for a command; None for nothing."""


def silence(_board: Board, _command: Saying) -> None:
    """Says nothing: for phones that cannot speak."""


class Wiring:
    """One driver, and what it is to say; whether people need a phone that it can ring."""

    def __init__(
        self,
        driver: PhoneDriver,
        wording: Wording = silence,
        *,
        welcome: Prompt | None = None,
        needs_phones: bool = False,
    ) -> None:
        self.driver, self.wording, self.needs_phones, self._welcome = driver, wording, needs_phones, welcome

    async def pick_up(self, call: str) -> None:
        """Answers a caller, and greets them."""
        await self.driver.answer(call)
        if self._welcome is not None:
            await self.driver.say(call, self._welcome)

    async def prepare(self, board: Board, events: Iterable[Event]) -> None:
        """A consult is a second call of the person who asks: the driver knows it before anybody is rung for it."""
        for event in events:
            if isinstance(event, ConsultBegan):
                contact = board.contacts.get(event.contact)
                if contact is not None:
                    await self.driver.consult(event.leg, of=event.contact, person=contact.person)

    async def carry_out(self, board: Board, command: Command) -> None:
        """Orders what the command asks for; of contacts that are no calls nothing is ordered."""
        if not _is_a_call(board, command.contact):
            return
        match command:
            case Ring(contact, person):
                number = board.contacts[contact].number if contact in board.contacts else ""
                await self.driver.ring(contact, person, shown_number=number, shown_name="")
            case Dial(contact, _, number):
                await self.driver.dial(contact, number)
            case SayChoice() | SayWait() | SayCallback() | SayNews():
                await self._say(board, command)
            case Refuse(_, person):
                if person == NOBODY:  # somebody on staff reads it on the page
                    await self._say(board, command)
            case SendNews():
                pass  # by mail or text
            case _:
                await _orders(self.driver, command)

    async def _say(self, board: Board, command: Saying) -> None:
        prompt = self.wording(board, command)
        if prompt is not None:
            await self.driver.say(command.contact, prompt)


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
        case Music(contact):
            await driver.music(contact)


def _is_a_call(board: Board, contact: str) -> bool:
    known = board.contacts.get(contact)
    return known is None or known.channel == Channel.CALL
