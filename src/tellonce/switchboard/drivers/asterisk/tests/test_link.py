"""The stream of events, lost and found."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tellonce.switchboard.drivers.asterisk.client import Ari
from tellonce.switchboard.drivers.asterisk.link import Link
from tellonce.switchboard.drivers.asterisk.tests.fake import PASSWORD, USER, FakeAsterisk
from tellonce.switchboard.drivers.asterisk.tests.scene import serving, until


async def nothing() -> None:
    """What is looked at when events come: here, nothing."""


@contextlib.asynccontextmanager
async def linked() -> AsyncIterator[tuple[FakeAsterisk, Link, asyncio.Event]]:
    async with serving(FakeAsterisk()) as (fake, address):
        ari, in_reach = Ari(address, user=USER, password=PASSWORD), asyncio.Event()
        link = Link(
            ari, app="tellonce", in_reach=in_reach, lost_after_s=60.0, found=nothing,
            happened=lambda event: None, lost=lambda: None,
        )  # fmt: skip
        running = asyncio.create_task(link.run())
        await in_reach.wait()
        try:
            yield fake, link, in_reach
        finally:
            running.cancel()
            await asyncio.wait([running])
            await ari.close()


def test_nothing_is_given_up_once_events_come_again() -> None:
    async def scenario() -> None:
        async with linked() as (fake, link, in_reach):
            await fake.drop_sockets()
            await until(lambda: link._giving_up is not None)
            assert not in_reach.is_set()
            first = link._giving_up
            fake.takes_sockets = True
            await until(in_reach.is_set)
            assert link._giving_up is None
            assert first is not None
            assert first.cancelled()

    asyncio.run(scenario())


def test_nothing_is_given_up_after_the_end() -> None:
    async def scenario() -> None:
        async with linked() as (fake, link, _):
            await fake.drop_sockets()
            await until(lambda: link._giving_up is not None)
        assert link._giving_up is None

    asyncio.run(scenario())
