"""The demo's two kinds of calls beside each other: each order goes where its call is."""

import asyncio
from collections.abc import Callable
from typing import Any

from tellonce.switchboard.drivers import (
    Called,
    CustomerAnswered,
    DriverLost,
    Gone,
    PersonGone,
    Phone,
    PhonesChanged,
    Recorded,
    Told,
)
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.drivers.made_up import BesideMadeUp

REAL, MADE_UP, LEG, ANN = "7f3a", "made up", "second", 1
NAMED = f"real-{REAL}"


class Noted(FakeDriver):
    """A real driver as far as anybody here can tell: notes who may sign in."""

    phones: Any = ()

    async def set_phones(self, phones: Any) -> None:
        self.phones = phones


def run(scenario: Callable[[BesideMadeUp, Noted, list[Told]], Any]) -> None:
    async def whole() -> None:
        real, told = Noted(), list[Told]()
        driver = BesideMadeUp(real)
        await driver.start(told.append, realm="tellonce")
        assert told == [PhonesChanged(frozenset())]
        told.clear()
        await scenario(driver, real, told)
        await driver.stop()

    asyncio.run(whole())


def test_a_call_that_came_by_a_phone_is_the_phones_and_any_other_is_made_up() -> None:
    async def scenario(driver: BesideMadeUp, real: Noted, told: list[Told]) -> None:
        real.call(REAL, "care", "+12025550199")
        assert told == [Called(NAMED, "care", "+12025550199", needs_phone=True)]
        for call in (NAMED, MADE_UP):
            await driver.answer(call)
            await driver.ring(call, ANN, shown_number="", shown_name="")
            await driver.connect(call, ANN)
            await driver.hold(call)
        assert [real.lines[REAL].is_held, driver._made_up.lines[MADE_UP].is_held] == [True, True]
        assert set(real.lines) == {REAL}
        assert set(driver._made_up.lines) == {MADE_UP}
        await driver.hang_up(MADE_UP)
        assert driver._made_up.lines == {}

    run(scenario)


def test_a_consult_about_a_real_call_is_real_until_it_is_over() -> None:
    async def scenario(driver: BesideMadeUp, real: Noted, told: list[Told]) -> None:
        real.call(REAL, "care", "+12025550199")
        await driver.consult(LEG, of=NAMED, person=ANN)
        assert real.lines[LEG].of == REAL
        real.put_down(LEG, ANN)
        assert told[-1] == PersonGone(LEG, ANN)
        await driver.hang_up(LEG)
        assert LEG not in real.lines
        assert driver._consults == set()

    run(scenario)


def test_who_called_with_a_phone_is_called_back_by_it_and_nothing_is_remembered_for_that() -> None:
    async def scenario(driver: BesideMadeUp, real: Noted, told: list[Told]) -> None:
        real.call(REAL, "care", "+12025550199")
        await driver.hang_up(NAMED)
        await driver.ring(NAMED, ANN, shown_number="", shown_name="")
        await driver.dial(NAMED, "+12025550199")
        assert real.dialled == {REAL: "+12025550199"}
        real.answer_dialled(REAL, is_there=True)
        real.leave(REAL)
        real._tell(Recorded(REAL, "a.wav", 1.0, 2.0))
        real._tell(DriverLost((REAL,)))
        assert told[1:] == [
            CustomerAnswered(NAMED), Gone(NAMED), Recorded(NAMED, "a.wav", 1.0, 2.0), DriverLost((NAMED,)),
        ]  # fmt: skip

    run(scenario)


def test_of_a_made_up_call_nothing_is_left_when_it_is_over() -> None:
    async def scenario(driver: BesideMadeUp, _real: Noted, _told: list[Told]) -> None:
        for call in ("hung up while it rang", "hung up while they talked"):
            await driver.ring(call, ANN, shown_number="", shown_name="")
        await driver.stop_ringing("hung up while it rang", ANN)
        await driver.connect("hung up while they talked", ANN)
        await driver.release("hung up while they talked", ANN)
        await driver.ring("not reached", ANN, shown_number="", shown_name="")
        await driver.dial("not reached", "+12025550199")
        await driver.hang_up("not reached")
        await driver.ring("reached", ANN, shown_number="", shown_name="")
        await driver.dial("reached", "+12025550199")
        await driver.connect("reached", ANN)
        await driver.release("reached", ANN)
        assert (driver._made_up.lines, driver._made_up.dialled) == ({}, {})

    run(scenario)


def test_it_is_told_which_phones_there_are() -> None:
    async def scenario(driver: BesideMadeUp, real: Noted, told: list[Told]) -> None:
        await driver.set_phones([Phone(ANN, "b1", "0" * 32)])
        assert [each.user for each in real.phones] == ["b1"]
        real._tell(PhonesChanged(frozenset({ANN})))
        assert told == [PhonesChanged(frozenset({ANN}))]

    run(scenario)
