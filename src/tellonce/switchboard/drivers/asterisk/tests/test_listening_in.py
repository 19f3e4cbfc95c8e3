"""A supervisor who listens in, and whispers."""

from pathlib import Path

import pytest

from tellonce.switchboard.drivers.asterisk.tests.scene import (
    ANA,
    SUE,
    Scene,
    run,
    until,
)
from tellonce.switchboard.drivers.told import (
    ListenerGone,
    PersonAnswered,
    PersonGone,
)
from tellonce.switchboard.errors import DriverError


async def listening(scene: Scene, *, whispers: bool) -> tuple[str, str, str]:
    """Sue listens to a call of Ana's; the call, Ana's phone and Sue's."""
    call = await scene.comes()
    ana = await scene.talks(call, ANA)
    await scene.driver.listen_in(call, SUE, whispers=whispers)
    await until(lambda: scene.fake.dialled("PJSIP/sue"))
    sue = scene.fake.dialled("PJSIP/sue")
    scene.fake.pick_up(sue)
    await until(lambda: len(scene.fake.hears(sue)) == 1)
    return call, ana, sue


@pytest.mark.parametrize(("whispers", "whisper"), [(False, "none"), (True, "out")])
def test_a_supervisor_listens_in(tmp_path: Path, whispers: bool, whisper: str) -> None:
    async def scenario(scene: Scene) -> None:
        assert scene.driver.can_listen_in
        call, ana, sue = await listening(scene, whispers=whispers)
        (ear,) = scene.fake.hears(sue)
        snoop = scene.fake.channels[ear]
        assert (snoop.snoops_on, snoop.spy, snoop.whisper) == (ana, "both", whisper)
        assert scene.fake.hears(call) == {ana}
        await scene.driver.stop_listening(SUE)
        await until(lambda: set(scene.fake.channels) == {call, ana} and len(scene.fake.bridges) == 1)
        assert scene.fake.hears(call) == {ana}
        assert scene.told[-1] == PersonAnswered(call, ANA)

    run(scenario, tmp_path)


@pytest.mark.parametrize("who", ["person", "supervisor"])
def test_listening_ends_with_whoever_hangs_up_first(tmp_path: Path, who: str) -> None:
    async def scenario(scene: Scene) -> None:
        call, ana, sue = await listening(scene, whispers=False)
        scene.fake.hang_up(ana if who == "person" else sue)
        left = {call} if who == "person" else {call, ana}
        await until(lambda: set(scene.fake.channels) == left and len(scene.fake.bridges) <= 1)
        assert (PersonGone(call, ANA) in scene.told) == (who == "person")
        if who == "supervisor":
            assert ListenerGone(call, SUE) in scene.told

    run(scenario, tmp_path)


def test_who_cannot_listen_in_is_told_why(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        with pytest.raises(DriverError, match="Nobody talks"):
            await scene.driver.listen_in(call, SUE, whispers=False)
        await scene.talks(call, ANA)
        with pytest.raises(DriverError, match="no phone"):
            await scene.driver.listen_in(call, 99, whispers=False)
        scene.fake.phone("sue", "offline")
        with pytest.raises(DriverError, match="not signed in"):
            await scene.driver.listen_in(call, SUE, whispers=False)

    run(scenario, tmp_path)
