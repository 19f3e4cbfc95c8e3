"""What the engine decides, carried out by an Asterisk: every order as it really comes, in its real sequence."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tellonce.switchboard.drivers.asterisk.tests import scene
from tellonce.switchboard.drivers.asterisk.tests.scene import ANA, BEN, CALLER, ENTRY, Scene, until
from tellonce.switchboard.drivers.told import Called, Told
from tellonce.switchboard.facts import (
    ConsultAsked,
    ConsultEnded,
    Fact,
    Finished,
    PersonSet,
    Presence,
    TimePassed,
    TransferDone,
)
from tellonce.switchboard.hearing import facts_of_told
from tellonce.switchboard.settings import Entry, Member, Queue
from tellonce.switchboard.tests.making import Floor
from tellonce.switchboard.wiring import Wiring

CARE = Queue("care", "care", callback_above_s=1.0)
MEMBERS = (Member(ANA, {"care": 1}), Member(BEN, {"care": 1}))


class Desk:
    """A floor whose commands an Asterisk carries out, and to which it tells what happens."""

    def __init__(self, at: Scene) -> None:
        self.scene, self.fake = at, at.fake
        self.floor = Floor(CARE, members=MEMBERS, entries=(Entry(ENTRY, "care"),))
        self.wiring = Wiring(at.driver, lambda _board, _command: scene.WAIT, records=True)
        self._told: asyncio.Queue[Told] = asyncio.Queue()
        at.hear = self._told.put_nowait

    async def serve(self) -> None:
        """Carries out what comes of all that is told."""
        while True:
            told = await self._told.get()
            if isinstance(told, Called):
                await self.scene.driver.answer(told.call)
            for fact in facts_of_told(self.floor.board, told, at=self.floor.at):
                await self.take(fact)

    async def take(self, fact: Fact) -> None:
        result = self.floor.engine.take(fact)
        await self.wiring.prepare(self.floor.board, result.events)
        for command in result.commands:
            await self.wiring.carry_out(self.floor.board, command)

    async def talks(self, user: str, customer: str) -> str:
        """The phone of the user rings, is picked up, and has the customer; its channel."""
        await until(lambda: self.fake.dialled(f"PJSIP/{user}"))
        channel = self.fake.dialled(f"PJSIP/{user}")
        await until(lambda: self.fake.channels[channel].state == "Ringing")
        self.fake.pick_up(channel)
        await self.scene.hears(customer, channel)
        await self.scene.hears(channel, customer)
        return channel

    async def is_quiet(self) -> None:
        """Nobody is on a line, here or there."""
        await until(lambda: not self.fake.channels and not self.fake.bridges and not self.floor.board.contacts)


def play(scenario: Callable[[Desk], Coroutine[Any, Any, None]], folder: Path) -> None:
    async def whole(at: Scene) -> None:
        desk = Desk(at)
        serving = asyncio.create_task(desk.serve())
        await scenario(desk)
        serving.cancel()

    scene.run(whole, folder)


def test_a_caller_waits_talks_and_is_passed_on_warmly(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        call = desk.fake.call("18005550100", CALLER)
        await desk.scene.says(call, scene.WAIT)
        desk.scene.finish(call)
        await desk.scene.hears(call, "music:default")
        await arrive(desk, ANA)
        ana = await desk.talks("ana", call)

        await arrive(desk, BEN)
        await desk.take(ConsultAsked(desk.floor.at, call, ANA, "ask", "Third modem.", colleague=BEN))
        await desk.scene.hears(call, "music:default")
        ben = await desk.talks("ben", ana)
        await desk.take(TransferDone(desk.floor.at, call, ANA))
        await desk.scene.hears(call, ben)
        await desk.scene.hears(ben, call)
        assert ana not in desk.fake.channels
        desk.fake.hang_up(call)
        await desk.is_quiet()

    play(scenario, tmp_path)


def test_a_customer_is_taken_back_from_a_consult(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        await arrive(desk, ANA)
        call = desk.fake.call("18005550100", CALLER)
        ana = await desk.talks("ana", call)
        await arrive(desk, BEN)
        await desk.take(ConsultAsked(desk.floor.at, call, ANA, "ask", "Third modem.", colleague=BEN))
        await desk.talks("ben", ana)
        await desk.take(ConsultEnded(desk.floor.at, call, ANA))
        await desk.scene.hears(call, ana)
        await desk.scene.hears(ana, call)
        await desk.take(Finished(desk.floor.at, call, ANA))
        await desk.is_quiet()

    play(scenario, tmp_path)


def test_a_person_whose_phone_is_lost_costs_the_caller_music_and_no_call(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        await arrive(desk, ANA)
        call = desk.fake.call("18005550100", CALLER)
        ana = await desk.talks("ana", call)
        await arrive(desk, BEN)
        desk.fake.hang_up(ana, cause=44)
        await until(lambda: desk.fake.dialled("PJSIP/ben"))
        await desk.scene.hears(call, "music:default")
        await desk.talks("ben", call)
        desk.fake.hang_up(call)
        await desk.is_quiet()

    play(scenario, tmp_path)


def test_who_was_promised_a_callback_is_called_by_the_person_whose_turn_it_is(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        call = desk.fake.call("18005550100", CALLER)
        await desk.scene.says(call, scene.WAIT)
        desk.fake.press(call, "1")
        await until(lambda: desk.fake.channels[call].playing[1:])
        desk.scene.finish(call)
        desk.scene.finish(call)
        await until(lambda: not desk.fake.channels)
        await arrive(desk, ANA)
        await until(lambda: desk.fake.dialled("PJSIP/ana"))
        ana = desk.fake.dialled("PJSIP/ana")
        await until(lambda: desk.fake.channels[ana].state == "Ringing")
        desk.fake.pick_up(ana)
        await until(lambda: desk.fake.dialled(f"PJSIP/{CALLER}@trunk"))
        customer = desk.fake.dialled(f"PJSIP/{CALLER}@trunk")
        await until(lambda: desk.fake.channels[customer].state == "Ringing")
        desk.fake.pick_up(customer)
        await desk.scene.hears(customer, ana)
        desk.fake.hang_up(customer)
        await desk.is_quiet()

    play(scenario, tmp_path)


def test_a_phone_that_nobody_picks_up_is_let_be_and_another_rings(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        await arrive(desk, ANA)
        call = desk.fake.call("18005550100", CALLER)
        await until(lambda: desk.fake.dialled("PJSIP/ana"))
        await arrive(desk, BEN)
        desk.floor.at += CARE.ring_s
        await desk.take(TimePassed(desk.floor.at))
        await until(lambda: not desk.fake.dialled("PJSIP/ana"))
        await desk.talks("ben", call)

    play(scenario, tmp_path)


async def arrive(desk: Desk, person: int) -> None:
    """The person is available from now on."""
    await desk.take(PersonSet(desk.floor.at, person, Presence.AVAILABLE))
