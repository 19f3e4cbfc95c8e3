"""Asterisk out of reach, restarted, failing, slow."""

import asyncio
from pathlib import Path

import pytest

from tellonce.switchboard.drivers.asterisk.tests.fake import FakeAsterisk, Fault
from tellonce.switchboard.drivers.asterisk.tests.scene import (
    ANA,
    BEN,
    CALLER,
    ENTRY,
    NEVER_SPOKEN,
    SUE,
    WAIT,
    Scene,
    run,
    serving,
    settings_for,
    until,
)
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    DriverLost,
    Gone,
    LineBroke,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    PhonesChanged,
)


async def found_again(scene: Scene) -> None:
    scene.fake.takes_sockets = True
    await until(lambda: scene.fake.sockets)


def test_what_happened_while_no_events_came_is_told_after(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        talking, leaving, ringing, unanswered = [await scene.comes() for _ in range(4)]
        ana = await scene.talks(talking, ANA)
        ben = await scene.rings(ringing, BEN)
        sue = await scene.rings(unanswered, SUE)
        await scene.driver.dial("later", CALLER)
        await until(lambda: scene.fake.dialled(f"PJSIP/{CALLER}@trunk"))
        await scene.fake.drop_sockets()
        scene.fake.hang_up(ana)
        scene.fake.hang_up(leaving)
        scene.fake.pick_up(ben)
        scene.fake.fail(sue, cause=19, status="NOANSWER")
        scene.fake.pick_up(scene.fake.dialled(f"PJSIP/{CALLER}@trunk"))
        fresh = scene.fake.call("18005550100", "2025550199")
        scene.fake.phone("sue", "offline")
        await found_again(scene)
        await scene.tells(Called(fresh, ENTRY, "+12025550199"))
        told = scene.told
        assert Gone(leaving) in told
        assert PersonGone(talking, ANA) in told
        assert PersonAnswered(ringing, BEN) in told
        assert any(isinstance(each, PersonNotReached) and each.person == SUE for each in told)
        assert CustomerAnswered("later") in told
        assert PhonesChanged(frozenset({ANA, BEN})) in told
        assert not [each for each in told if isinstance(each, DriverLost)]
        await scene.driver.connect(ringing, BEN)
        await scene.hears(ben, ringing)

    run(scenario, tmp_path)


def test_orders_wait_for_asterisk_and_a_prompt_that_ended_meanwhile_is_followed_by_music(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        saying, waiting = await scene.comes(), await scene.comes()
        await scene.driver.say(saying, WAIT)
        await scene.says(saying, WAIT)
        await scene.fake.drop_sockets()
        await until(lambda: not scene.driver._in_reach.is_set())
        scene.finish(saying)
        await scene.driver.say(waiting, WAIT)
        await scene.driver.ring(waiting, ANA, shown_number="", shown_name="")
        asked = len(scene.fake.requests)
        await asyncio.sleep(0.05)
        assert len(scene.fake.requests) == asked
        await found_again(scene)
        await scene.hears(saying, "music:default")
        await scene.says(waiting, WAIT)
        await until(lambda: scene.fake.dialled("PJSIP/ana"))
        assert not [each for each in scene.told if isinstance(each, PersonNotReached | LineBroke)]

    run(scenario, tmp_path)


def test_calls_are_given_up_when_asterisk_is_away_for_long_and_what_is_left_of_them_ended(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.talks(call, ANA)
        await scene.fake.drop_sockets()
        await scene.tells(DriverLost((call,)))
        assert scene.told[-2] == PhonesChanged(frozenset())
        await found_again(scene)
        await until(lambda: not scene.fake.channels)
        assert scene.told[-1] == PhonesChanged(frozenset({ANA, BEN, SUE}))
        await scene.talks(await scene.comes(), ANA)

    run(scenario, tmp_path, lost_after_s=0.2)


def test_a_restart_of_asterisk_loses_the_calls_at_once(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        calls = [await scene.comes(), await scene.comes()]
        await scene.rings(calls[0], ANA)
        await scene.fake.drop_sockets()
        scene.fake.restart()
        await found_again(scene)
        await scene.tells(DriverLost(tuple(calls)))
        assert not [each for each in scene.told if isinstance(each, Gone | PersonNotReached)]
        await scene.talks(await scene.comes(), ANA)

    run(scenario, tmp_path)


def test_what_an_earlier_run_left_is_ended_and_who_calls_just_then_is_taken(tmp_path: Path) -> None:
    async def whole() -> None:
        async with serving(FakeAsterisk()) as (fake, address):
            left, coming = fake.call("18005550100", "2025550143"), fake.call("18005550100", "2025550199")
            fake.channels[left].state = "Up"
            scene = Scene(fake, settings_for(tmp_path, address))
            await scene.driver.start(scene.told.append, realm="tellonce")
            await scene.tells(Called(coming, ENTRY, "+12025550199"))
            await until(lambda: left not in fake.channels)
            await scene.driver.stop()

    asyncio.run(whole())


def test_a_delete_of_what_is_gone_is_a_success(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        channel = await scene.talks(call, ANA)
        scene.fake.sockets.clear()  # its end is not told
        scene.fake.hang_up(channel)
        await scene.driver.release(call, ANA)
        await scene.hears(call, "music:default")
        assert not [each for each in scene.told if isinstance(each, LineBroke | PersonGone)]

    run(scenario, tmp_path)


def test_a_failure_that_passes_is_not_noticed(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        scene.fake.faults += [Fault("POST", "/answer", 500, times=2), Fault("POST", "/addChannel", 503, times=1)]
        call = await scene.comes()
        await scene.talks(call, ANA)
        assert not [each for each in scene.told if isinstance(each, LineBroke)]

    run(scenario, tmp_path)


def test_a_bridge_that_was_made_though_the_answer_was_lost(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        scene.fake.faults.append(Fault("POST", "/bridges", 500, times=1, after=True))
        await scene.talks(call, ANA)

    run(scenario, tmp_path)


@pytest.mark.parametrize("part", ["/answer", "/addChannel"])
def test_a_call_that_asterisk_will_not_carry_is_a_broken_line(tmp_path: Path, part: str) -> None:
    async def scenario(scene: Scene) -> None:
        scene.fake.faults.append(Fault("POST", part, 500, times=99))
        call = scene.fake.call("18005550100", "2025550143")
        await scene.tells(Called(call, ENTRY, CALLER))
        await scene.driver.answer(call)
        scene.fake.pick_up(await scene.rings(call, ANA)) if part == "/addChannel" else None
        await until(lambda: part == "/answer" or PersonAnswered(call, ANA) in scene.told)
        await scene.driver.connect(call, ANA)
        await scene.tells(LineBroke(call))
        await until(lambda: call not in scene.fake.channels)
        await scene.driver.release(call, ANA)
        await until(lambda: not scene.fake.channels)
        assert Gone(call) not in scene.told

    run(scenario, tmp_path)


def test_no_call_ends_for_a_prompt_that_cannot_be_played(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        scene.fake.faults.append(Fault("POST", "/play", 500, times=99))
        await scene.driver.say(call, WAIT)
        await scene.asked("POST", "/play")
        await scene.hears(call, "music:default")
        await scene.driver.say(call, WAIT)
        await scene.driver.hang_up(call)
        await until(lambda: not scene.fake.channels)
        assert not [each for each in scene.told if isinstance(each, LineBroke | Gone)]

    run(scenario, tmp_path)


def test_no_call_ends_for_a_prompt_that_was_never_spoken(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.say(call, NEVER_SPOKEN)
        await scene.driver.say(call, WAIT)
        await scene.says(call, WAIT)
        scene.finish(call)
        await scene.hears(call, "music:default")

    run(scenario, tmp_path)


def test_a_prompt_that_was_being_composed_when_a_person_came_is_not_said(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        channel = await scene.rings(call, ANA)
        scene.fake.pick_up(channel)
        await scene.tells(PersonAnswered(call, ANA))
        scene.fake.slow_s = 0.02
        await scene.driver.say(call, WAIT)
        await scene.asked("DELETE", "/moh")
        await scene.driver.connect(call, ANA)
        await scene.hears(call, channel)
        assert not [asked for asked in scene.fake.requests if asked[1].endswith("/play")]

    run(scenario, tmp_path)


def test_a_slow_asterisk_changes_no_order(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        channel = await scene.talks(call, ANA)
        scene.fake.slow_s = 0.02
        for _ in range(3):
            await scene.driver.hold(call)
            await scene.driver.resume(call)
        await scene.driver.hold(call)
        await scene.hears(call, "music:default")
        await scene.driver.resume(call)
        await scene.hears(call, channel)

    run(scenario, tmp_path)


def test_stopping_ends_all_calls_and_refuses_new_ones(tmp_path: Path) -> None:
    scenes: list[Scene] = []

    async def scenario(scene: Scene) -> None:
        scenes.append(scene)
        await scene.talks(await scene.comes(), ANA)
        await scene.rings(await scene.comes(), BEN)
        scene.fake.slow_s = 0.02
        asyncio.get_running_loop().call_later(0.01, scene.fake.call, "18005550100", "2025550199")

    run(scenario, tmp_path)
    assert not scenes[0].fake.channels
    assert not [each for each in scenes[0].told if isinstance(each, Gone | PersonGone | LineBroke)]
