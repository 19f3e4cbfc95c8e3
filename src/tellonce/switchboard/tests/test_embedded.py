"""What the engine decides, carried out by the embedded driver with real phones: every order in its real sequence."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tellonce.switchboard.drivers.embedded.settings import Trunk
from tellonce.switchboard.drivers.embedded.tests.offices import MUSIC, SPEECH, WORDS, Office, an_office, until
from tellonce.switchboard.drivers.embedded.tests.telephones import Talk, Telephone, telephones
from tellonce.switchboard.drivers.told import Called, PhonesChanged, Told
from tellonce.switchboard.facts import (
    ConsultAsked,
    ConsultEnded,
    Fact,
    Finished,
    PersonSet,
    PickUpAsked,
    Presence,
    TimePassed,
    TransferDone,
)
from tellonce.switchboard.hearing import facts_of_told
from tellonce.switchboard.settings import Entry, Member, Queue
from tellonce.switchboard.tests.making import Floor
from tellonce.switchboard.wiring import Wiring

pytestmark = pytest.mark.phones

ANN, BOB = 1, 2
CUSTOMER, ANN_TONE, BOB_TONE = 440, 1_000, 1_500
CARE, NUMBER = "+18005550100", "+12025550199"
QUEUE = Queue("care", "care", callback_above_s=1.0)
MEMBERS = (Member(ANN, {"care": 1}), Member(BOB, {"care": 1}))


class Desk:
    """A floor whose commands the driver carries out, and to which it tells what happens."""

    def __init__(self, office: Office, phones: dict[int, Telephone], caller: Telephone) -> None:
        self.office, self.phones, self.caller = office, phones, caller
        self.floor = Floor(QUEUE, members=MEMBERS, entries=(Entry(CARE, "care"),))
        self.wiring = Wiring(office.driver, lambda _board, _command: WORDS, records=True)
        self.told: asyncio.Queue[Told] = asyncio.Queue()

    async def serve(self) -> None:
        while True:
            told = await self.told.get()
            if isinstance(told, Called):
                await self.office.driver.answer(told.call)
            for fact in facts_of_told(self.floor.board, told, at=self.floor.at):
                await self.take(fact)

    async def take(self, fact: Fact) -> None:
        result = self.floor.engine.take(fact)
        await self.wiring.prepare(self.floor.board, result.events)
        for command in result.commands:
            await self.wiring.carry_out(self.floor.board, command)

    async def calls(self) -> Talk:
        return await self.caller.call(f"sip:{CARE}@{self.office.at}")

    async def arrives(self, person: int) -> None:
        await self.take(PersonSet(self.floor.at, person, Presence.AVAILABLE))

    @property
    def call(self) -> str:
        """The customer's contact."""
        (call,) = (each.id for each in self.floor.board.contacts.values() if not each.parent)
        return call

    async def is_quiet(self) -> None:
        await until(lambda: not self.floor.board.contacts, "the end of all contacts")


def play(scenario: Callable[[Desk], Coroutine[Any, Any, None]], folder: Path) -> None:
    async def whole() -> None:
        async with telephones() as phones:
            trunk = Trunk("carrier", "127.0.0.1", phones.port, numbers=(CARE,), shown_number=CARE)
            async with an_office(folder, trunks=(trunk,)) as office:
                persons = {
                    ANN: await phones.person(office, ANN, ANN_TONE),
                    BOB: await phones.person(office, BOB, BOB_TONE),
                }
                await office.hears(PhonesChanged, persons=frozenset(persons))
                desk = Desk(office, persons, await phones.customer(CUSTOMER, user=NUMBER))
                office.driver._sink = desk.told.put_nowait
                serving = asyncio.create_task(desk.serve())
                try:
                    await scenario(desk)
                finally:
                    serving.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await serving

    asyncio.run(whole())


def test_a_caller_waits_talks_and_is_passed_on_warmly(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        customer = await desk.calls()
        await customer.hears(SPEECH)
        await customer.hears(MUSIC)
        await desk.arrives(ANN)
        ann = await desk.phones[ANN].picks_up()
        await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER))
        await desk.arrives(BOB)
        await desk.take(ConsultAsked(desk.floor.at, desk.call, ANN, "ask", "Third modem.", colleague=BOB))
        bob = await desk.phones[BOB].picks_up()
        await asyncio.gather(customer.hears(MUSIC), ann.hears(BOB_TONE), bob.hears(ANN_TONE))
        await desk.take(TransferDone(desk.floor.at, desk.call, ANN))
        await asyncio.gather(customer.hears(BOB_TONE), bob.hears(CUSTOMER), ann.ends())
        await customer.call.hangup()
        await bob.ends()
        await desk.is_quiet()

    play(scenario, tmp_path)


def test_a_phone_picks_up_by_itself_when_its_person_answers_on_the_page(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        customer = await desk.calls()
        await customer.hears(MUSIC)
        await desk.arrives(ANN)
        picked_up = asyncio.create_task(desk.phones[ANN].picks_up_by_itself())
        await until(lambda: desk.phones[ANN].has_rung, "the phone that rings")
        assert not picked_up.done()
        await desk.take(PickUpAsked(desk.floor.at, desk.call, ANN))
        ann = await picked_up
        await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER))
        await ann.call.hangup()
        await asyncio.gather(customer.ends(), ann.ends())
        await desk.is_quiet()

    play(scenario, tmp_path)


def test_a_customer_is_taken_back_from_a_consult(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        await desk.arrives(ANN)
        customer = await desk.calls()
        ann = await desk.phones[ANN].picks_up()
        await desk.arrives(BOB)
        await customer.hears(ANN_TONE)
        await desk.take(ConsultAsked(desk.floor.at, desk.call, ANN, "ask", "Third modem.", colleague=BOB))
        bob = await desk.phones[BOB].picks_up()
        await bob.hears(ANN_TONE)
        await desk.take(ConsultEnded(desk.floor.at, desk.call, ANN))
        await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER), bob.ends())
        await desk.take(Finished(desk.floor.at, desk.call, ANN))
        await asyncio.gather(customer.ends(), ann.ends())
        await desk.is_quiet()

    play(scenario, tmp_path)


def test_who_was_promised_a_callback_is_called_by_the_person_whose_turn_it_is(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        customer = await desk.calls()
        await customer.hears(SPEECH)
        await customer.call.send_dtmf("1")
        await customer.ends()
        await desk.arrives(ANN)
        ann = await desk.phones[ANN].picks_up()
        there = await desk.caller.picks_up()
        await asyncio.gather(there.hears(ANN_TONE), ann.hears(CUSTOMER))
        await there.call.hangup()
        await ann.ends()
        await desk.is_quiet()

    play(scenario, tmp_path)


def test_a_phone_that_nobody_picks_up_is_let_be_and_another_rings(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        await desk.arrives(ANN)
        customer = await desk.calls()
        ringing = await desk.phones[ANN].rings()
        await desk.arrives(BOB)
        desk.floor.at += QUEUE.ring_s
        await desk.take(TimePassed(desk.floor.at))
        bob = await desk.phones[BOB].picks_up()
        await asyncio.gather(customer.hears(BOB_TONE), bob.hears(CUSTOMER))
        assert ringing.state.name == "CLOSED"

    play(scenario, tmp_path)


def test_who_was_cut_off_with_the_gateway_is_called_back(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        await desk.arrives(ANN)
        customer = await desk.calls()
        ann = await desk.phones[ANN].picks_up()
        await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER))
        await desk.arrives(BOB)
        desk.office.driver._child.kill()
        person = await until(lambda: next((each for each in desk.phones.values() if each.ringing), None), "a phone")
        assert person is not None
        again = await person.picks_up()
        there = await desk.caller.picks_up()
        await asyncio.gather(there.hears(person.tone), again.hears(CUSTOMER))

    play(scenario, tmp_path)
