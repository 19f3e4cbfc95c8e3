"""Orders keep their order, whatever comes between."""

import asyncio
from collections.abc import Awaitable, Callable

from tellonce.switchboard.drivers.asterisk.client import AriError, AriGoneError
from tellonce.switchboard.drivers.asterisk.orders import Orders


class Played:
    """What was done, and what broke."""

    def __init__(self) -> None:
        self.in_reach = asyncio.Event()
        self.done: list[int] = []
        self.broke: list[BaseException] = []
        self.orders = Orders(in_reach=self.in_reach, working=set(), on_broken=self.broke.append)

    def doing(self, number: int, *faults: Exception) -> Callable[[], Awaitable[None]]:
        left = list(faults)

        async def act() -> None:
            await asyncio.sleep(0)
            if left:
                raise left.pop(0)
            self.done.append(number)

        return act


def test_none_is_done_before_asterisk_is_in_reach_and_then_all_in_order() -> None:
    async def scenario() -> None:
        played = Played()
        for number in range(5):
            played.orders.add(played.doing(number))
        await asyncio.sleep(0.01)
        assert played.done == []
        played.in_reach.set()
        await played.orders.done()
        assert played.done == [0, 1, 2, 3, 4]

    asyncio.run(scenario())


def test_one_that_is_added_while_the_last_ends_is_done_too() -> None:
    async def scenario() -> None:
        played = Played()
        played.in_reach.set()
        for turns in range(20):
            played.orders.add(played.doing(2 * turns))
            for _ in range(turns):
                await asyncio.sleep(0)
            played.orders.add(played.doing(2 * turns + 1))
            await asyncio.wait_for(played.orders.done(), 10)
            assert played.done[-1] == 2 * turns + 1

    asyncio.run(scenario())


def test_what_is_gone_ends_nothing_and_what_was_not_reached_is_done_again() -> None:
    async def scenario() -> None:
        played = Played()
        played.in_reach.set()
        played.orders.add(played.doing(1, AriGoneError("POST /x", 404, "")))
        played.orders.add(played.doing(2, AriError("POST /x", 0, ""), AriError("POST /x", 0, "")))
        played.orders.add(played.doing(3))
        await played.orders.done()
        assert (played.done, played.broke) == ([2, 3], [])

    asyncio.run(scenario())


def test_a_failure_ends_what_was_to_follow_and_later_orders_are_done() -> None:
    async def scenario() -> None:
        played = Played()
        played.in_reach.set()
        fault = AriError("POST /x", 500, "")
        played.orders.add(played.doing(1, fault))
        played.orders.add(played.doing(2))
        await played.orders.done()
        played.orders.add(played.doing(3))
        await played.orders.done()
        assert (played.done, played.broke) == ([3], [fault])

    asyncio.run(scenario())


def test_forgotten_orders_are_not_done() -> None:
    async def scenario() -> None:
        played = Played()
        played.orders.add(played.doing(1))
        await asyncio.sleep(0)
        played.orders.forget()
        played.in_reach.set()
        await played.orders.done()
        assert (played.done, played.broke) == ([], [])

    asyncio.run(scenario())
