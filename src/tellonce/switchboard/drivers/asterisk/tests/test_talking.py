"""Calls from the first ring to the last word, at a fake Asterisk over real sockets."""

from pathlib import Path

import pytest

from tellonce.switchboard.drivers.asterisk.tests.scene import (
    ANA,
    BEN,
    BYE,
    CALLER,
    CONNECTS,
    ENTRY,
    NEVER_SPOKEN,
    WAIT,
    WELCOME,
    Scene,
    run,
    until,
)
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    CustomerNotReached,
    Gone,
    KeySent,
    LineBroke,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    Said,
    WhyNot,
)


def test_a_call_from_the_first_ring_to_the_last_word(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        fake, driver = scene.fake, scene.driver
        call = fake.call("18005550100", "(202) 555-0143", name="Ida")
        await scene.tells(Called(call, ENTRY, CALLER, "Ida"))
        assert fake.channels[call].state == "Ring"
        await driver.answer(call)
        await driver.say(call, WAIT)
        await driver.music(call)
        await scene.says(call, WAIT)
        assert fake.channels[call].state == "Up"
        scene.finish(call)
        await scene.hears(call, "music:default")

        channel = await scene.talks(call, ANA)
        await driver.hold(call)
        await scene.hears(call, "music:default")
        await scene.hears(channel)
        await driver.resume(call)
        await scene.hears(call, channel)
        await scene.hears(channel, call)

        await driver.release(call, ANA)
        await scene.hears(call, "music:default")
        await until(lambda: channel not in fake.channels)
        await driver.say(call, BYE)
        await driver.hang_up(call)
        await scene.says(call, BYE)
        scene.finish(call)
        await until(lambda: not fake.channels and not fake.bridges)
        assert scene.told[2:] == [PersonAnswered(call, ANA)]

    run(scenario, tmp_path)


def test_it_is_told_when_all_was_said_or_cannot_be(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.tell_said(call, "nothing")
        await scene.tells(Said(call, "nothing"))
        await scene.driver.say(call, WAIT)
        await scene.driver.say(call, BYE)
        await scene.driver.tell_said(call, "both")
        await scene.says(call, WAIT)
        scene.finish(call)
        await scene.says(call, BYE)
        assert Said(call, "both") not in scene.told
        scene.finish(call)
        await scene.tells(Said(call, "both"))
        await scene.driver.say(call, NEVER_SPOKEN)
        await scene.driver.tell_said(call, "what nobody recorded")
        await scene.tells(Said(call, "what nobody recorded"))
        await scene.hears(call, "music:default")

    run(scenario, tmp_path)


def test_prompts_wait_for_each_other_and_a_person_comes_before_them(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.say(call, WAIT)
        await scene.driver.say(call, BYE)
        await scene.says(call, WAIT)
        scene.finish(call)
        await scene.says(call, BYE)
        await scene.driver.say(call, WAIT)
        await scene.talks(call, ANA)
        assert not scene.fake.channels[call].playing

    run(scenario, tmp_path)


async def _picks_up_during_the_notice(scene: Scene) -> tuple[str, str]:
    """The caller hears the notice, with another prompt to come; channels of the caller and of Ana."""
    call = await scene.comes()
    await scene.driver.say(call, WELCOME)
    await scene.driver.say(call, WAIT)
    await scene.says(call, WELCOME)
    channel = await scene.rings(call, ANA)
    scene.fake.pick_up(channel)
    await scene.tells(PersonAnswered(call, ANA))
    await scene.driver.connect(call, ANA)
    return call, channel


def test_the_notice_is_heard_to_its_end_before_anybody_is_connected(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, channel = await _picks_up_during_the_notice(scene)
        await scene.driver.hold(call)  # an order that is carried out after those before it
        await scene.driver.resume(call)
        await scene.driver.ring(call, BEN, shown_number="", shown_name="")
        await until(lambda: scene.fake.dialled("PJSIP/ben"))
        assert scene.fake.hears(call) == {scene.media(WELCOME)}
        assert not scene.fake.bridges
        scene.finish(call)
        await scene.hears(call, channel)
        await scene.hears(channel, call)
        assert not scene.fake.channels[call].playing

    run(scenario, tmp_path)


async def _picks_up(scene: Scene, call: str) -> str:
    """Ana picks up, and is connected; what was ordered before it is done."""
    channel = await scene.rings(call, ANA)
    scene.fake.pick_up(channel)
    await scene.tells(PersonAnswered(call, ANA))
    await scene.driver.connect(call, ANA)
    await scene.driver.ring(call, BEN, shown_number="", shown_name="")
    await until(lambda: scene.fake.dialled("PJSIP/ben"))
    return channel


def test_that_somebody_is_there_in_a_moment_is_said_to_its_end_before_they_are(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.say(call, CONNECTS)
        await scene.says(call, CONNECTS)
        channel = await _picks_up(scene, call)
        assert scene.fake.hears(call) == {scene.media(CONNECTS)}
        assert not scene.fake.bridges
        scene.finish(call)
        await scene.hears(call, channel)
        await scene.hears(channel, call)

    run(scenario, tmp_path)


def test_it_is_not_begun_for_who_is_there_already(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.say(call, WAIT)
        await scene.driver.say(call, CONNECTS)
        await scene.says(call, WAIT)
        channel = await _picks_up(scene, call)
        await scene.hears(call, channel)
        assert not scene.fake.channels[call].playing

    run(scenario, tmp_path)


def test_who_is_let_go_while_it_is_said_is_not_connected_after_it(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.say(call, CONNECTS)
        await scene.says(call, CONNECTS)
        channel = await _picks_up(scene, call)
        await scene.driver.release(call, ANA)
        await until(lambda: channel not in scene.fake.channels)
        scene.finish(call)
        await scene.hears(call, "music:default")

    run(scenario, tmp_path)


def test_who_is_held_during_the_notice_is_connected_when_taken_back(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, channel = await _picks_up_during_the_notice(scene)
        await scene.driver.hold(call)
        scene.finish(call)
        await scene.says(call, WAIT)
        scene.finish(call)
        await scene.hears(call, "music:default")
        await scene.driver.resume(call)
        await scene.hears(call, channel)

    run(scenario, tmp_path)


def test_a_person_who_hangs_up_during_the_notice_leaves_the_caller_waiting(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, channel = await _picks_up_during_the_notice(scene)
        scene.fake.hang_up(channel)
        await scene.tells(PersonGone(call, ANA))
        await scene.driver.release(call, ANA)
        scene.finish(call)
        await scene.says(call, WAIT)
        scene.finish(call)
        await scene.hears(call, "music:default")

    run(scenario, tmp_path)


def test_a_prompt_while_connected_is_not_followed_by_music(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        channel = await scene.talks(call, ANA)
        await scene.driver.say(call, WAIT)
        await until(lambda: scene.fake.channels[call].playing)
        scene.finish(call)
        await scene.driver.hold(call)
        await scene.driver.resume(call)
        await scene.hears(call, channel)

    run(scenario, tmp_path)


def test_keys_are_told(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        for key in "0#":
            scene.fake.press(call, key)
        await scene.tells(KeySent(call, "#"))
        assert KeySent(call, "0") in scene.told

    run(scenario, tmp_path)


def test_the_phone_shows_who_calls_and_a_name_cannot_pretend_a_number(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.ring(call, ANA, shown_number=CALLER, shown_name='Bank" <+15550000000>')
        await until(lambda: scene.fake.dialled("PJSIP/ana"))
        assert scene.fake.channels[scene.fake.dialled("PJSIP/ana")].shown == f'"Bank    15550000000" <{CALLER}>'

    run(scenario, tmp_path)


def test_a_caller_who_gives_up_while_a_phone_rings(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        channel = await scene.rings(call, ANA)
        scene.fake.hang_up(call)
        await scene.tells(Gone(call))
        await scene.driver.stop_ringing(call, ANA)
        await until(lambda: channel not in scene.fake.channels)
        assert scene.told[-1] == Gone(call)

    run(scenario, tmp_path)


def test_a_phone_that_is_picked_up_too_late_is_hung_up(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        scene.fake.slow_s = 0.05
        await scene.driver.ring(call, ANA, shown_number="", shown_name="")
        await scene.asked("POST", "/channels")
        await scene.driver.stop_ringing(call, ANA)
        await until(lambda: scene.fake.dialled("PJSIP/ana"))
        scene.fake.pick_up(scene.fake.dialled("PJSIP/ana"))
        await until(lambda: not scene.fake.dialled("PJSIP/ana"))
        await scene.driver.connect(call, ANA)
        assert not [each for each in scene.told if isinstance(each, PersonAnswered | PersonGone | PersonNotReached)]
        assert scene.fake.hears(call) == {"music:default"}

    run(scenario, tmp_path)


@pytest.mark.parametrize(
    ("cause", "status", "why"),
    [
        (17, "BUSY", WhyNot.BUSY),
        (21, "BUSY", WhyNot.DECLINED),
        (19, "NOANSWER", WhyNot.NO_ANSWER),
        (0, "NOANSWER", WhyNot.NO_ANSWER),
        (0, "CONGESTION", WhyNot.NOT_POSSIBLE),
        (20, "CHANUNAVAIL", WhyNot.NO_PHONE),
    ],
)
def test_why_a_phone_was_not_picked_up(tmp_path: Path, cause: int, status: str, why: WhyNot) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        scene.fake.fail(await scene.rings(call, ANA), cause=cause, status=status)
        await scene.tells(PersonNotReached(call, ANA, why))
        await scene.talks(call, BEN)

    run(scenario, tmp_path)


def test_who_has_no_phone_or_is_not_signed_in_is_not_reached(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.driver.ring(call, 99, shown_number="", shown_name="")
        assert PersonNotReached(call, 99, WhyNot.NO_PHONE) not in scene.told  # not in the middle of an order
        await scene.tells(PersonNotReached(call, 99, WhyNot.NO_PHONE))
        scene.fake.phone("ana", "offline")
        await scene.driver.ring(call, ANA, shown_number="", shown_name="")
        await scene.tells(PersonNotReached(call, ANA, WhyNot.NO_PHONE))

    run(scenario, tmp_path)


@pytest.mark.parametrize(("cause", "is_lost"), [(0, False), (16, False), (44, True)])
def test_a_person_hangs_up_or_their_phone_is_lost(tmp_path: Path, cause: int, is_lost: bool) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        scene.fake.hang_up(await scene.talks(call, ANA), cause=cause)
        await scene.tells(PersonGone(call, ANA, is_lost=is_lost))
        if is_lost:
            await scene.hears(call, "music:default")
            await scene.talks(call, BEN)
        else:
            await scene.hears(call)

    run(scenario, tmp_path)


def test_a_line_that_breaks_is_no_caller_who_hung_up(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        scene.fake.hang_up(call, cause=38)
        await scene.tells(LineBroke(call))

    run(scenario, tmp_path)


def test_a_caller_with_whom_the_dial_plan_goes_on_is_gone(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        channel = await scene.talks(call, ANA)
        scene.fake.go_on(call)
        await scene.tells(Gone(call))
        await scene.driver.release(call, ANA)
        await until(lambda: channel not in scene.fake.channels)
        assert call in scene.fake.channels

    run(scenario, tmp_path)


def test_a_callback(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        phone = await scene.rings("later", ANA)
        scene.fake.pick_up(phone)
        await scene.tells(PersonAnswered("later", ANA))
        await scene.driver.dial("later", CALLER)
        await until(lambda: scene.fake.dialled(f"PJSIP/{CALLER}@trunk"))
        customer = scene.fake.dialled(f"PJSIP/{CALLER}@trunk")
        assert scene.fake.channels[customer].shown == f'"" <{ENTRY}>'
        scene.fake.pick_up(customer)
        await scene.tells(CustomerAnswered("later"))
        await scene.driver.connect("later", ANA)
        await scene.hears(customer, phone)
        scene.fake.hang_up(customer)
        await scene.tells(Gone("later"))
        await scene.driver.release("later", ANA)
        await until(lambda: not scene.fake.channels and not scene.fake.bridges)

    run(scenario, tmp_path)


def test_a_callback_that_is_not_picked_up(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        phone = await scene.rings("later", ANA)
        scene.fake.pick_up(phone)
        await scene.tells(PersonAnswered("later", ANA))
        await scene.driver.dial("later", CALLER)
        await until(lambda: scene.fake.dialled(f"PJSIP/{CALLER}@trunk"))
        scene.fake.fail(scene.fake.dialled(f"PJSIP/{CALLER}@trunk"), cause=17, status="BUSY")
        await scene.tells(CustomerNotReached("later", WhyNot.BUSY))
        await scene.driver.hang_up("later")
        await scene.driver.release("later", ANA)
        await until(lambda: not scene.fake.channels)

    run(scenario, tmp_path)


@pytest.mark.parametrize("number", ["911", "+1911@evil", "0012025550143", ""])
def test_only_full_numbers_are_dialled(tmp_path: Path, number: str) -> None:
    async def scenario(scene: Scene) -> None:
        await scene.driver.dial("later", number)
        await scene.tells(CustomerNotReached("later", WhyNot.NOT_POSSIBLE))
        assert not [asked for asked in scene.fake.requests if asked[:2] == ("POST", "/channels")]

    run(scenario, tmp_path)


def test_a_trunk_that_is_down_is_told(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        scene.fake.phone("trunk", "offline")
        await scene.driver.dial("later", CALLER)
        await scene.tells(CustomerNotReached("later", WhyNot.NOT_POSSIBLE))

    run(scenario, tmp_path)


@pytest.mark.parametrize(
    ("exten", "args", "reason"),
    [
        ("18005550199", ("inbound",), "unallocated"),
        ("h", ("inbound",), "normal"),
        ("18005550100", ("elsewhere",), "normal"),
    ],
)
def test_what_is_no_call_for_us_is_refused(tmp_path: Path, exten: str, args: tuple[str, ...], reason: str) -> None:
    async def scenario(scene: Scene) -> None:
        channel = scene.fake.call(exten, "2025550143", args=args)
        await until(lambda: channel not in scene.fake.channels)
        assert scene.fake.refused[channel] == reason
        assert not [each for each in scene.told if isinstance(each, Called | Gone)]

    run(scenario, tmp_path)
