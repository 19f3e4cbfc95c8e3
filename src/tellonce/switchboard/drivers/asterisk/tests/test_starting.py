"""What the driver must be told, whose phones there are, and how it begins."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tellonce.switchboard.drivers.asterisk import AsteriskDriver
from tellonce.switchboard.drivers.asterisk.tests.fake import FakeAsterisk
from tellonce.switchboard.drivers.asterisk.tests.scene import (
    ANA,
    BEN,
    PHONES,
    SUE,
    Scene,
    listening_at,
    run,
    serving,
    settings_for,
    speech,
    until,
)
from tellonce.switchboard.drivers.driver import Phone, PhoneDriver
from tellonce.switchboard.drivers.told import PersonNotReached, PhonesChanged, WhyNot
from tellonce.switchboard.errors import DriverError


def test_phones_come_and_go(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        assert scene.told == [PhonesChanged(frozenset({ANA, BEN, SUE}))]
        scene.fake.phone("ana", "offline")
        await scene.tells(PhonesChanged(frozenset({BEN, SUE})))
        scene.fake.phone("nobody", "online")
        scene.fake.phone("ben", "online")
        await scene.driver.set_phones([PHONES[BEN]])
        assert scene.told[2:] == [PhonesChanged(frozenset({BEN}))]

    run(scenario, tmp_path)


def test_of_two_phones_of_a_person_the_first_that_is_signed_in_is_rung(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        await scene.driver.set_phones([Phone(ANA, "browser", ""), PHONES[ANA]])
        assert scene.driver._phones.user_of(ANA) == "ana"
        scene.fake.phone("browser", "online")
        await until(lambda: scene.driver._phones.user_of(ANA) == "browser")

    run(scenario, tmp_path)


def test_a_user_that_would_be_another_endpoint_is_no_phone(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        await scene.driver.set_phones([Phone(ANA, "ana/sip:911@evil", ""), PHONES[BEN]])
        await scene.tells(PhonesChanged(frozenset({BEN})))
        await scene.driver.ring("call", ANA, shown_number="", shown_name="")
        await scene.tells(PersonNotReached("call", ANA, WhyNot.NO_PHONE))

    run(scenario, tmp_path)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"password": "wrong"}, "ari.conf"),
        ({"app": "no name"}, "application"),
        ({"phone": "PJSIP"}, "PJSIP/{user}"),
        ({"trunk": "PJSIP/trunk"}, "PJSIP/{number}@trunk"),
        ({"entries": frozenset()}, "entries"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(tmp_path: Path, given: dict[str, str], fault: str) -> None:
    with pytest.raises(DriverError, match=fault.replace("{", r"\{")):
        run(lambda scene: asyncio.sleep(0), tmp_path, **given)


def starting(folder: Path, address: str) -> Coroutine[Any, Any, None]:
    driver: PhoneDriver = AsteriskDriver(settings_for(folder, address), speech=speech)
    return driver.start(lambda told: None, realm="tellonce")


def test_an_asterisk_that_is_not_there(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(FakeAsterisk()) as (_, address):
            pass
        await starting(tmp_path, address)

    with pytest.raises(DriverError, match="is it running"):
        asyncio.run(scenario())


def test_an_asterisk_that_is_too_old(tmp_path: Path) -> None:
    async def scenario() -> None:
        fake = FakeAsterisk()
        fake.version = "18.20.0"
        async with serving(fake) as (_, address):
            await starting(tmp_path, address)

    with pytest.raises(DriverError, match="Asterisk 18; 20 or later"):
        asyncio.run(scenario())


def test_another_server_at_the_address(tmp_path: Path) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>Another server</html>")

    async def scenario() -> None:
        elsewhere = web.Application()
        elsewhere.router.add_get("/{any:.*}", page)
        async with listening_at(elsewhere) as address:
            await starting(tmp_path, address)

    with pytest.raises(DriverError, match="end the address with /ari"):
        asyncio.run(scenario())
