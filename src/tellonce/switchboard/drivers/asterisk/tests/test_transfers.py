"""Consults and transfers, in the order in which the engine asks for them."""

from pathlib import Path

from tellonce.switchboard.drivers.asterisk.tests.scene import ANA, BEN, Scene, run, until
from tellonce.switchboard.drivers.told import Gone, PersonAnswered, PersonGone, PersonNotReached, WhyNot


async def asked(scene: Scene) -> tuple[str, str]:
    """Ana talks to a customer whom she holds to ask somebody; the call and her phone."""
    call = await scene.comes()
    ana = await scene.talks(call, ANA)
    await scene.driver.consult("ask", of=call, person=ANA)
    await scene.driver.hold(call)
    await scene.hears(call, "music:default")
    await scene.hears(ana)
    return call, ana


async def consulting(scene: Scene) -> tuple[str, str, str]:
    """Ana and Ben talk about the customer, who hears music."""
    call, ana = await asked(scene)
    ben = await scene.rings("ask", BEN)
    scene.fake.pick_up(ben)
    await scene.tells(PersonAnswered("ask", BEN))
    await scene.driver.connect("ask", BEN)
    await scene.hears(ana, ben)
    await scene.hears(ben, ana)
    assert scene.fake.hears(call) == {"music:default"}
    return call, ana, ben


def test_a_warm_transfer(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, ana, ben = await consulting(scene)
        await scene.driver.release(call, ANA)
        await scene.driver.hang_up("ask")
        await scene.driver.connect(call, BEN)
        await scene.driver.resume(call)
        await scene.hears(call, ben)
        await scene.hears(ben, call)
        assert ana not in scene.fake.channels
        await scene.driver.hang_up(call)
        await scene.driver.release(call, BEN)
        await until(lambda: not scene.fake.channels and not scene.fake.bridges)
        assert not [each for each in scene.told if isinstance(each, PersonGone)]

    run(scenario, tmp_path)


def test_the_customer_is_taken_back(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, ana, ben = await consulting(scene)
        await scene.driver.release("ask", BEN)
        await scene.driver.hang_up("ask")
        await scene.driver.resume(call)
        await scene.hears(call, ana)
        await scene.hears(ana, call)
        await until(lambda: ben not in scene.fake.channels)
        assert len(scene.fake.bridges) == 1

    run(scenario, tmp_path)


def test_the_asker_hears_music_until_a_colleague_is_found_and_none_after(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, ana = await asked(scene)
        await scene.driver.music("ask")
        await scene.hears(ana, "music:default")
        ben = await scene.rings("ask", BEN)
        scene.fake.fail(ben, cause=19, status="NOANSWER")
        await scene.tells(PersonNotReached("ask", BEN, WhyNot.NO_ANSWER))
        await scene.driver.hang_up("ask")
        await scene.driver.resume(call)
        await scene.hears(ana, call)
        await scene.hears(call, ana)

    run(scenario, tmp_path)


def test_the_asker_hangs_up_in_the_middle_of_it(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, ana, _ = await consulting(scene)
        scene.fake.hang_up(ana)
        await scene.tells(PersonGone(call, ANA))
        await scene.driver.hang_up(call)
        await scene.driver.release("ask", BEN)
        await scene.driver.hang_up("ask")
        await until(lambda: not scene.fake.channels and not scene.fake.bridges)

    run(scenario, tmp_path)


def test_the_colleague_hangs_up(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, ana, ben = await consulting(scene)
        scene.fake.hang_up(ben)
        await scene.tells(PersonGone("ask", BEN))
        await scene.driver.hang_up("ask")
        await scene.driver.resume(call)
        await scene.hears(call, ana)

    run(scenario, tmp_path)


def test_the_customer_gives_up_while_held(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call, _, _ = await consulting(scene)
        scene.fake.hang_up(call)
        await scene.tells(Gone(call))
        await scene.driver.release("ask", BEN)
        await scene.driver.hang_up("ask")
        await scene.driver.release(call, ANA)
        await until(lambda: not scene.fake.channels and not scene.fake.bridges)

    run(scenario, tmp_path)


def test_a_blind_transfer(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        call = await scene.comes()
        await scene.talks(call, ANA)
        await scene.driver.release(call, ANA)
        await scene.hears(call, "music:default")
        await scene.talks(call, BEN)

    run(scenario, tmp_path)


def test_a_call_that_is_passed_on_before_asterisk_has_answered_is_heard(tmp_path: Path) -> None:
    async def scenario(scene: Scene) -> None:
        scene.fake.late_s = 0.05
        call = await scene.comes()
        await scene.talks(call, ANA)
        await scene.driver.release(call, ANA)  # those in the bridge are believed to be there only after its answer
        await scene.talks(call, BEN)

    run(scenario, tmp_path)
