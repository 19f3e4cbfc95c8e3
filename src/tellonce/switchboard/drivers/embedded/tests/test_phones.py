"""The embedded driver with real phones: who hears whom, by the tones that each sends."""

import asyncio
import contextlib
import wave
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tellonce.switchboard.drivers.embedded.settings import Trunk
from tellonce.switchboard.drivers.embedded.tests.offices import MUSIC, SPEECH, WORDS, Office, an_office, until
from tellonce.switchboard.drivers.embedded.tests.telephones import Talk, Telephone, Telephones, telephones, tone_of
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    CustomerNotReached,
    DriverLost,
    Gone,
    KeySent,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    PhonesChanged,
    Recorded,
    Said,
    WhyNot,
)

pytestmark = pytest.mark.phones

ANN, BOB = 1, 2
CUSTOMER, ANN_TONE, BOB_TONE = 440, 1_000, 1_500


@dataclass
class Scene:
    """An office with phones, and a caller who waits in it."""

    office: Office
    phones: Telephones
    ann: Telephone
    bob: Telephone
    caller: Telephone

    async def calls(self) -> tuple[str, Talk]:
        """The caller is answered, and hears music."""
        talk = await self.caller.call(self.office.entry)
        call = (await self.office.hears(Called)).call
        await self.office.driver.answer(call)
        await self.office.driver.music(call)
        return call, talk

    async def answers(self, call: str, person: int) -> Talk:
        """The person's phone is rung and picked up."""
        await self.office.driver.ring(call, person, shown_number="+12025550199", shown_name="Jane")
        talk = await {ANN: self.ann, BOB: self.bob}[person].picks_up()
        await self.office.hears(PersonAnswered, call=call, person=person)
        return talk

    async def talks(self) -> tuple[str, Talk, Talk]:
        """The caller and Ann hear each other."""
        call, customer = await self.calls()
        ann = await self.answers(call, ANN)
        await self.office.driver.connect(call, ANN)
        await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER))
        return call, customer, ann


@contextlib.asynccontextmanager
async def a_scene(folder: Path, **settings: Any) -> AsyncIterator[Scene]:
    async with an_office(folder, **settings) as office, telephones() as phones:
        ann = await phones.person(office, ANN, ANN_TONE)
        bob = await phones.person(office, BOB, BOB_TONE)
        await office.hears(PhonesChanged, persons=frozenset({ANN, BOB}))
        yield Scene(office, phones, ann, bob, await phones.customer(CUSTOMER))


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


def test_a_caller_hears_music_and_speech_and_presses_keys(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            call, customer = await scene.calls()
            await customer.hears(MUSIC)
            await scene.office.driver.say(call, WORDS)
            await scene.office.driver.tell_said(call, "the words")
            await customer.hears(SPEECH)
            await scene.office.hears(Said, call=call, what="the words")
            await customer.hears(MUSIC)
            for key in "105":
                await customer.call.send_dtmf(key)
                await scene.office.hears(KeySent, call=call, key=key)
            await customer.call.hangup()
            await scene.office.hears(Gone, call=call)

    run(story())


def test_customer_and_person_hear_each_other_and_music_while_held(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            call, customer, ann = await scene.talks()
            await scene.office.driver.hold(call)
            await asyncio.gather(customer.hears(MUSIC), ann.hears(0))
            await scene.office.driver.resume(call)
            await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER))
            await ann.call.hangup()
            await scene.office.hears(PersonGone, call=call, person=ANN, is_lost=False)
            await customer.hears(MUSIC)
            await scene.office.driver.say(call, WORDS)
            await scene.office.driver.hang_up(call)
            await customer.hears(SPEECH)
            await customer.ends()

    run(story())


def test_a_warm_transfer_hands_the_customer_over(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            driver = scene.office.driver
            call, customer, ann = await scene.talks()
            await driver.hold(call)
            await driver.consult("leg", of=call, person=ANN)
            bob = await scene.answers("leg", BOB)
            await driver.connect("leg", BOB)
            await asyncio.gather(ann.hears(BOB_TONE), bob.hears(ANN_TONE), customer.hears(MUSIC))
            await driver.release(call, ANN)
            await driver.hang_up("leg")
            await driver.connect(call, BOB)
            await driver.resume(call)
            await asyncio.gather(customer.hears(BOB_TONE), bob.hears(CUSTOMER), ann.ends())
            assert not bob.is_over

    run(story())


def test_after_a_consult_the_customer_is_taken_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            driver = scene.office.driver
            call, customer, ann = await scene.talks()
            await driver.hold(call)
            await driver.consult("leg", of=call, person=ANN)
            bob = await scene.answers("leg", BOB)
            await driver.connect("leg", BOB)
            await asyncio.gather(ann.hears(BOB_TONE), bob.hears(ANN_TONE))
            await driver.release("leg", BOB)
            await driver.hang_up("leg")
            await driver.resume(call)
            await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER), bob.ends())

    run(story())


def heard_on(path: str, second: float) -> tuple[int, int]:
    """The tones of left and right around a second of a recording; negative seconds count from the end."""
    with wave.open(path) as wav:
        assert (wav.getnchannels(), wav.getframerate()) == (2, 8_000)
        both = np.frombuffer(wav.readframes(wav.getnframes()), "<i2").reshape(-1, 2)
    at = int((second if second >= 0 else len(both) / 8_000 + second) * 8_000)
    part = both[at : at + 2_400]
    return tone_of(part[:, 0].tobytes()), tone_of(part[:, 1].tobytes())


def test_a_recording_has_both_on_their_sides_and_not_what_was_not_to_be_kept(tmp_path: Path) -> None:
    async def story() -> Recorded:
        async with a_scene(tmp_path) as scene:
            driver = scene.office.driver
            call, customer, ann = await scene.talks()
            await asyncio.sleep(1.0)
            await driver.pause_recording(call)
            customer.tone = ann.tone = 2_000
            await asyncio.gather(customer.hears(2_000), ann.hears(2_000))
            await asyncio.sleep(0.5)
            customer.tone, ann.tone = CUSTOMER, ANN_TONE
            await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER))
            await driver.go_on_recording(call)
            await asyncio.sleep(1.0)
            await customer.call.hangup()
            await scene.office.hears(Gone)
            await driver.release(call, ANN)
            return await scene.office.hears(Recorded, call=call)

    recorded = asyncio.run(story())
    heard = [heard_on(recorded.path, moment) for moment in np.arange(0.0, recorded.seconds - 0.3, 0.1)]
    both = [place for place, tones in enumerate(heard) if tones == (CUSTOMER, ANN_TONE)]
    assert (0, 0) in heard[both[0] : both[-1]]
    assert 2_000 not in {tone for tones in heard for tone in tones}
    assert list((tmp_path / "pieces").iterdir()) == []


def test_a_call_in_a_law_is_heard_and_recorded(tmp_path: Path) -> None:
    async def story() -> Recorded:
        async with a_scene(tmp_path) as scene:
            scene.caller = await scene.phones.customer(CUSTOMER, codec="pcma")
            call, customer = await scene.calls()
            await customer.hears(MUSIC)
            ann = await scene.answers(call, ANN)
            await scene.office.driver.connect(call, ANN)
            await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER))
            await asyncio.sleep(0.8)
            await scene.office.driver.release(call, ANN)
            return await scene.office.hears(Recorded, call=call)

    recorded = asyncio.run(story())
    assert heard_on(recorded.path, -0.6) == (CUSTOMER, ANN_TONE)


def test_a_customer_is_called_back_by_the_trunk(tmp_path: Path) -> None:
    async def story() -> None:
        async with telephones() as phones:
            customer = await phones.customer(CUSTOMER, user="+12025550123")
            trunk = Trunk("carrier", "127.0.0.1", phones.port, shown_number="+12025550100")
            async with an_office(tmp_path, trunks=(trunk,)) as office:
                ann = await phones.person(office, ANN, ANN_TONE)
                await office.hears(PhonesChanged, persons=frozenset({ANN}))
                await office.driver.ring("back", ANN, shown_number="+12025550123", shown_name="")
                here = await ann.picks_up()
                await office.hears(PersonAnswered, call="back", person=ANN)
                await office.driver.dial("back", "+12025550123")
                there = await customer.picks_up()
                await office.hears(CustomerAnswered, call="back")
                await office.driver.connect("back", ANN)
                await asyncio.gather(there.hears(ANN_TONE), here.hears(CUSTOMER))
                await office.driver.dial("second", "+12025550123")
                await (await customer.rings()).reject()
                await office.hears(CustomerNotReached, call="second")
                await office.driver.dial("third", "911")
                assert (await office.hears(CustomerNotReached, call="third")).why is WhyNot.NOT_POSSIBLE

    run(story())


def test_persons_who_are_not_reached(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            driver = scene.office.driver
            call, customer = await scene.calls()
            await driver.ring(call, ANN, shown_number="1", shown_name="")
            await (await scene.ann.rings()).reject()
            told = await scene.office.hears(PersonNotReached, call=call, person=ANN)
            assert told.why in {WhyNot.BUSY, WhyNot.DECLINED}
            await driver.ring(call, ANN, shown_number="1", shown_name="")
            ringing = await scene.ann.rings()
            await driver.stop_ringing(call, ANN)
            await until(lambda: ringing.state.name == "CLOSED", "the end of ringing")
            await driver.ring(call, 3, shown_number="1", shown_name="")
            assert (await scene.office.hears(PersonNotReached, person=3)).why is WhyNot.NO_PHONE
            await customer.hears(MUSIC)

    run(story())


def test_a_caller_who_gives_up_while_a_phone_rings(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            call, customer = await scene.calls()
            await scene.office.driver.ring(call, ANN, shown_number="1", shown_name="")
            ringing = await scene.ann.rings()
            await customer.call.hangup()
            await scene.office.hears(Gone, call=call)
            await scene.office.driver.stop_ringing(call, ANN)
            await until(lambda: ringing.state.name == "CLOSED", "the end of ringing")

    run(story())


def test_a_caller_who_gives_up_before_being_answered(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            talk = await scene.caller.call(scene.office.entry)
            call = (await scene.office.hears(Called)).call
            await asyncio.sleep(1.0)  # a phone that has not heard "180 Ringing" yet falls silent, and sends no CANCEL
            await talk.call.hangup()
            await scene.office.hears(Gone, call=call)

    run(story())


def test_a_customer_who_puts_us_on_hold_comes_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            _, customer, ann = await scene.talks()
            await customer.call.hold()
            await ann.hears(0)
            await customer.call.resume()
            await asyncio.gather(customer.hears(ANN_TONE), ann.hears(CUSTOMER))

    run(story())


def test_a_killed_gateway_loses_its_calls_and_no_phone(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_scene(tmp_path) as scene:
            call, _, _ = await scene.talks()
            await asyncio.sleep(1.0)
            scene.office.told.clear()
            scene.office.driver._child.kill()
            assert (await scene.office.hears(DriverLost)).calls == (call,)
            assert (await scene.office.hears(Recorded, call=call)).seconds > 0.3
            await scene.office.hears(PhonesChanged, persons=frozenset({ANN, BOB}))
            new_call, customer = await scene.calls()
            assert new_call != call
            await customer.hears(MUSIC)

    run(story())


def test_a_phone_with_a_wrong_password_is_not_signed_in(tmp_path: Path) -> None:
    async def story() -> None:
        async with an_office(tmp_path) as office, telephones() as phones:
            with pytest.raises(Exception, match="401"):
                await phones.person(office, ANN, ANN_TONE, password="guess")
            assert not any(isinstance(told, PhonesChanged) for told in office.told)

    run(story())


def test_a_phone_signs_in_while_the_gateway_does_not_yet_know_who_may(tmp_path: Path) -> None:
    async def story() -> None:
        async with an_office(tmp_path) as office, telephones() as phones:
            known, office.driver._phones = office.driver._phones, None
            office.driver._child.kill()
            await office.hears(DriverLost)
            await until(lambda: not office.driver.is_down, "the gateway")
            signing_in = asyncio.create_task(phones.person(office, ANN, ANN_TONE))
            await asyncio.sleep(0.2)
            assert known is not None
            await office.driver.set_phones(known)
            await signing_in
            await office.hears(PhonesChanged, persons=frozenset({ANN}))

    asyncio.run(story())
