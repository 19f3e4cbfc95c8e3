"""What is said besides what the engine asks for: that a phone rings at last, and why we call."""

import asyncio
from dataclasses import replace

from tellonce.switchboard.commands import Command, Ring, SayGoodbye
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.facts import LineLost, NotAnswered, QueueClosed
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.tests.making import ANN, BOB, NUMBER, Floor
from tellonce.switchboard.wiring import Manners, Wiring
from tellonce.switchboard.wording import Speech, called_back, connecting, said

EN = Speech("en")
CONNECTING = connecting(EN)


def wired(floor: Floor) -> tuple[FakeDriver, Wiring]:
    driver = FakeDriver()
    manners = Manners(
        connecting=CONNECTING,
        called_back=lambda is_lost: called_back(EN, is_lost=is_lost, is_recorded=True),
        seconds=lambda prompt: float(len(prompt.pieces)),
    )
    return driver, Wiring(driver, lambda _board, command: said(command, EN, at=floor.at), manners=manners)


def carried_out(floor: Floor, wiring: Wiring, commands: tuple[Command, ...]) -> None:
    async def whole() -> None:
        for command in commands:
            await wiring.carry_out(floor.board, command)

    asyncio.run(whole())


def said_to(driver: FakeDriver, call: str) -> list[Prompt]:
    return driver.lines[call].said


class Speechless(FakeDriver):
    """A phone whose recordings are gone: the disk is full."""

    async def say(self, call: str, prompt: Prompt) -> None:
        """Nothing can be said."""
        raise OSError(28, "No space left on device")


def test_what_cannot_be_said_ends_no_call() -> None:
    floor = Floor()
    _, wiring = wired(floor)
    driver = Speechless()
    wiring.driver, wiring.manners = driver, replace(wiring.manners, welcome=CONNECTING)
    driver.call("a", "100", NUMBER)
    asyncio.run(wiring.pick_up("a"))
    carried_out(floor, wiring, floor.calls("a"))
    floor.comes(ANN)
    carried_out(floor, wiring, floor.commands)
    line = driver.lines["a"]
    assert (line.is_answered, line.music, line.rings, line.said) == (True, True, ANN, [])
    assert asyncio.run(wiring.greet_called(floor.contact("a"))) == 0.0


def test_who_has_waited_hears_that_a_phone_rings_once() -> None:
    floor = Floor(misses=5)
    driver, wiring = wired(floor)
    driver.call("a", "100", NUMBER)
    carried_out(floor, wiring, floor.calls("a"))
    floor.comes(ANN)
    carried_out(floor, wiring, floor.commands)
    assert said_to(driver, "a")[-1] == CONNECTING
    floor.comes(BOB)
    floor.take(NotAnswered(floor.at, "a", ANN))
    assert [each.person for each in floor.asked(Ring)] == [BOB]
    carried_out(floor, wiring, floor.commands)
    assert said_to(driver, "a").count(CONNECTING) == 1


def test_who_need_not_wait_hears_the_phone_ring_without_words() -> None:
    floor = Floor()
    driver, wiring = wired(floor)
    floor.comes(ANN)
    driver.call("a", "100", NUMBER)
    carried_out(floor, wiring, floor.calls("a"))
    assert driver.lines["a"].rings == ANN
    assert said_to(driver, "a") == []


def test_who_is_called_hears_why_and_that_it_is_recorded() -> None:
    floor = Floor()
    driver, wiring = wired(floor)
    floor.calls("a")
    driver.call("a", "100", NUMBER)
    assert asyncio.run(wiring.greet_called(floor.contact("a"))) == 2.0
    assert said_to(driver, "a")[-1].pieces == ("called-back", "recorded")
    floor.take(LineLost(floor.at, "a"))
    asyncio.run(wiring.greet_called(floor.contact("a")))
    assert said_to(driver, "a")[-1].pieces == ("line-broke", "recorded")


def test_who_takes_no_choice_of_a_closed_queue_is_taken_leave_of() -> None:
    floor = Floor()
    driver, wiring = wired(floor)
    floor.take(QueueClosed(floor.at, "care", 9_000.0))
    floor.calls("a")
    driver.call("a", "100", NUMBER)
    floor.hears("a")
    commands = floor.wait(8.0)
    assert isinstance(commands[0], SayGoodbye)
    carried_out(floor, wiring, commands[:1])
    assert said_to(driver, "a")[-1].pieces == ("goodbye",)
