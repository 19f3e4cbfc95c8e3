"""Recordings: the customer left, the person right, and nothing of what is private."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tellonce.switchboard.drivers.asterisk.stereo import RATE, Track, join
from tellonce.switchboard.drivers.asterisk.tests.fake import Fault
from tellonce.switchboard.drivers.asterisk.tests.scene import ANA, BEN, WELCOME, Scene, run, until
from tellonce.switchboard.drivers.told import DriverLost, Gone, PersonAnswered, Recorded

CUSTOMER_HZ, PERSON_HZ = 440, 1000


def tone(hertz: float, *, seconds: float) -> bytes:
    """A WAV as Asterisk writes it."""
    time = np.arange(round(seconds * RATE)) / RATE
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.sin(2 * np.pi * hertz * time) * 8000).astype("<i2").tobytes())
    return written.getvalue()


def kept(told: Recorded) -> NDArray[np.int16]:
    return sides_of(Path(told.path).read_bytes())


def sides_of(wav: bytes) -> NDArray[np.int16]:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2).T


def heard_in(samples: NDArray[np.int16]) -> int:
    """The loudest tone."""
    return round(float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples)))


def test_the_customer_is_left_and_the_person_right() -> None:
    left, right = Track(tone(CUSTOMER_HZ, seconds=2), 100.0), Track(tone(PERSON_HZ, seconds=1), 100.5)
    wav, seconds = join(left, right, private=[])
    sides = sides_of(wav)
    assert seconds == 2.0
    assert [heard_in(side) for side in sides[:, RATE // 2 : 3 * RATE // 2]] == [CUSTOMER_HZ, PERSON_HZ]
    assert not sides[1, : RATE // 2].any()
    assert not sides[1, 3 * RATE // 2 :].any()


def test_private_times_are_silent_on_both_sides_and_the_rest_stays_in_its_place() -> None:
    tracks = [Track(tone(hertz, seconds=4), 100.0) for hertz in (CUSTOMER_HZ, PERSON_HZ)]
    wav, seconds = join(tracks[0], tracks[1], private=[(101.0, 102.0), (103.5, float("inf"))])
    sides = sides_of(wav)
    assert seconds == 4.0
    assert not sides[:, 3 * RATE // 4 : 9 * RATE // 4].any()
    assert not sides[:, 13 * RATE // 4 :].any()
    assert [heard_in(side) for side in sides[:, 9 * RATE // 4 : 13 * RATE // 4]] == [CUSTOMER_HZ, PERSON_HZ]
    assert [heard_in(side) for side in sides[:, : 3 * RATE // 4]] == [CUSTOMER_HZ, PERSON_HZ]


def test_a_private_time_that_began_before_the_recording() -> None:
    wav, _ = join(Track(tone(CUSTOMER_HZ, seconds=2), 100.0), Track(b"", 100.0), private=[(90.0, 101.0)])
    assert not sides_of(wav)[0, :RATE].any()
    assert sides_of(wav)[0, 5 * RATE // 4 :].any()


def test_another_rate_is_refused() -> None:
    wideband = tone(CUSTOMER_HZ, seconds=1).replace(RATE.to_bytes(4, "little"), (2 * RATE).to_bytes(4, "little"))
    with pytest.raises(ValueError, match="8000"):
        join(Track(wideband, 0.0), Track(b"", 0.0), private=[])


async def recorded(scene: Scene, call: str) -> tuple[str, str]:
    """Both ears hear their tones; the names of the recordings, customer first."""
    await until(lambda: len(scene.fake.live) == 2)
    by_spy = {scene.fake.channels[name].spy: name for name in scene.fake.live}
    customer, person = by_spy["in"], by_spy["out"]
    assert {scene.fake.channels[name].snoops_on for name in by_spy.values()} == {call}
    scene.fake.spoken[customer] = tone(CUSTOMER_HZ, seconds=1)
    scene.fake.spoken[person] = tone(PERSON_HZ, seconds=1)
    return customer, person


def test_a_call_is_recorded_while_somebody_talks_in_it(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        assert not scene.fake.live
        await scene.talks(call, ANA)
        await recorded(scene, call)
        await scene.driver.release(call, ANA)
        await until(lambda: isinstance(scene.told[-1], Recorded))
        told = scene.told[-1]
        assert isinstance(told, Recorded)
        assert (told.call, Path(told.path).parent) == (call, tmp_path)
        assert [heard_in(side) for side in kept(told)] == [CUSTOMER_HZ, PERSON_HZ]
        assert told.seconds >= 1.0
        await until(lambda: not scene.fake.stored and len(scene.fake.channels) == 1)

    run(scenario, tmp_path, recordings=tmp_path)


def test_nothing_is_recorded_before_the_notice_was_heard(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.say(call, WELCOME)
        await scene.says(call, WELCOME)
        channel = await scene.rings(call, ANA)
        scene.fake.pick_up(channel)
        await scene.tells(PersonAnswered(call, ANA))
        await scene.driver.connect(call, ANA)
        await scene.rings(call, BEN)  # so that what was ordered before is done
        assert not scene.fake.live
        scene.finish(call)
        await recorded(scene, call)

    run(scenario, tmp_path, recordings=tmp_path)


def test_a_recording_outlives_the_customer_who_hangs_up(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.talks(call, ANA)
        await recorded(scene, call)
        scene.fake.hang_up(call)
        await scene.tells(Gone(call))
        await until(lambda: isinstance(scene.told[-1], Recorded))

    run(scenario, tmp_path, recordings=tmp_path)


def test_nothing_is_kept_while_it_is_paused(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.pause_recording(call)
        await scene.talks(call, ANA)
        names = await recorded(scene, call)
        await until(lambda: all(scene.fake.live[name].is_muted for name in names))
        await scene.driver.go_on_recording(call)
        await until(lambda: not any(scene.fake.live[name].is_muted for name in names))
        await scene.driver.pause_recording(call)
        await scene.driver.pause_recording(call)
        await until(lambda: all(scene.fake.live[name].is_muted for name in names))

    run(scenario, tmp_path, recordings=tmp_path)


def test_what_asterisk_would_not_mute_is_silent_all_the_same(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        scene.fake.faults.append(Fault("POST", "/mute", 500, times=99))
        await scene.driver.pause_recording(call)
        await scene.talks(call, ANA)
        await recorded(scene, call)
        await scene.asked("POST", "/mute")
        await scene.driver.release(call, ANA)
        await until(lambda: isinstance(scene.told[-1], Recorded))
        told = scene.told[-1]
        assert isinstance(told, Recorded)
        assert told.seconds >= 1.0
        assert not kept(told).any()

    run(scenario, tmp_path, recordings=tmp_path)


def test_a_colleague_who_takes_over_is_recorded_anew_and_a_consult_is_not(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.talks(call, ANA)
        await recorded(scene, call)
        await scene.driver.hold(call)
        await scene.driver.consult("ask", of=call, person=ANA)
        ben = await scene.rings("ask", BEN)
        scene.fake.pick_up(ben)
        await until(lambda: getattr(scene.told[-1], "person", 0) == BEN)
        await scene.driver.connect("ask", BEN)
        await scene.hears(ben, scene.fake.dialled("PJSIP/ana"))
        assert len(scene.fake.live) == 2
        await scene.driver.release(call, ANA)
        await scene.driver.hang_up("ask")
        await scene.driver.connect(call, BEN)
        await until(lambda: any(isinstance(each, Recorded) for each in scene.told))
        await recorded(scene, call)
        scene.fake.hang_up(call)
        await until(lambda: len([each for each in scene.told if isinstance(each, Recorded)]) == 2)

    run(scenario, tmp_path, recordings=tmp_path)


def test_what_was_recorded_of_a_lost_call_is_fetched_when_asterisk_is_there_again(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.talks(call, ANA)
        await recorded(scene, call)
        await scene.fake.drop_sockets()
        await scene.tells(DriverLost((call,)))
        scene.fake.takes_sockets = True
        await until(lambda: isinstance(scene.told[-1], Recorded))
        await until(lambda: not scene.fake.channels)

    run(scenario, tmp_path, recordings=tmp_path, lost_after_s=0.1)


def test_stopping_waits_until_recordings_are_whole(tmp_path: Path) -> None:
    scenes: list[Scene] = []

    async def scenario(scene: Scene) -> None:
        scenes.append(scene)
        call = await scene.comes()
        await scene.talks(call, ANA)
        await recorded(scene, call)
        scene.fake.slow_s = 0.02

    run(scenario, tmp_path, recordings=tmp_path)
    told = scenes[0].told[-1]
    assert isinstance(told, Recorded)
    assert Path(told.path).exists()
    assert not scenes[0].fake.channels
