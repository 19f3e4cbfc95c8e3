"""A customer's real phone, the gateway, and a browser's window: who hears whom, whatever the window does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.importorskip("baresip", reason="baresip-python is not installed: no real phones on this machine")

from tellonce.audio.counts import Failure
from tellonce.audio.line import ElsewhereError, NoPhoneError, NothingRingsError
from tellonce.audio.lines import Lines
from tellonce.audio.metrics import figures
from tellonce.audio.tests.windows import Window, lines_of
from tellonce.switchboard.drivers import (
    Called,
    Gone,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    PhonesChanged,
    WhyNot,
)
from tellonce.switchboard.drivers.embedded.tests.offices import MUSIC, Office, an_office, until
from tellonce.switchboard.drivers.embedded.tests.telephones import Talk, Telephones, telephones

pytestmark = pytest.mark.phones

ANN, BOB, NOBODY = 1, 2, 3
CUSTOMER, PERSON = 440, 1_000


async def _rung(office: Office, phones: Telephones, codec: str = "pcmu") -> tuple[str, Talk]:
    """A customer who waits, while Ann's phone is rung."""
    talk = await (await phones.customer(CUSTOMER, codec=codec)).call(office.entry)
    call = (await office.hears(Called)).call
    await office.driver.answer(call)
    await office.driver.music(call)
    await office.driver.ring(call, ANN, shown_number="1", shown_name="")
    return call, talk


async def _talking(
    office: Office, phones: Telephones, lines: Lines, window: Window, codec: str = "pcmu"
) -> tuple[str, Talk]:
    call, talk = await _rung(office, phones, codec)
    await lines.answer(ANN)
    await office.hears(PersonAnswered, call=call, person=ANN)
    await office.driver.connect(call, ANN)
    await asyncio.gather(talk.hears(PERSON), window.hears(CUSTOMER))
    return call, talk


@contextlib.asynccontextmanager
async def _a_phone(folder: Path, **times: float) -> AsyncIterator[tuple[Office, Telephones, Lines, Window]]:
    """An office where Ann's phone is open in a window."""
    async with an_office(folder) as office, telephones() as phones:
        lines = lines_of(office, folder, **times)
        await lines.start()
        window = Window(lines)
        await window.opens(ANN)
        await office.hears(PhonesChanged, persons=frozenset({ANN}))
        try:
            yield office, phones, lines, window
        finally:
            await window.closes()
            await lines.close()


def test_a_call_is_answered_in_the_browser_and_both_hear_each_other(tmp_path: Path) -> None:
    async def whole() -> None:
        async with _a_phone(tmp_path) as (office, phones, lines, window):
            call, talk = await _talking(office, phones, lines, window)
            assert "tellonce_audio_calls 1.0" in (await figures(lines)).decode()
            await office.driver.hold(call)
            await asyncio.gather(talk.hears(MUSIC), window.hears(0))
            await office.driver.resume(call)
            await asyncio.gather(talk.hears(PERSON), window.hears(CUSTOMER))
            await office.driver.release(call, ANN)
            await asyncio.gather(talk.hears(MUSIC), until(lambda: lines.all[0].call is None, "the end of the call"))
            await talk.call.hangup()
            await office.hears(Gone, call=call)

    asyncio.run(whole())


def test_an_a_law_caller_is_heard_too_and_may_hang_up(tmp_path: Path) -> None:
    async def whole() -> None:
        async with _a_phone(tmp_path) as (office, phones, lines, window):
            call, talk = await _talking(office, phones, lines, window, codec="pcma")
            await talk.call.hangup()
            await office.hears(Gone, call=call)
            await office.driver.release(call, ANN)
            await until(lambda: lines.all[0].call is None, "the end of the call")

    asyncio.run(whole())


def test_a_window_that_is_loaded_again_has_its_call_and_another_one_may_take_it(tmp_path: Path) -> None:
    async def whole() -> None:
        async with _a_phone(tmp_path) as (office, phones, lines, window):
            _call, talk = await _talking(office, phones, lines, window)
            again = Window(lines, tone=1_200)
            await again.opens(ANN)
            await asyncio.gather(talk.hears(1_200), again.hears(CUSTOMER))
            assert window.peer.over.result() == "again"
            other = Window(lines, seat="two", tone=1_500)
            with pytest.raises(ElsewhereError):
                await other.opens(ANN)
            await other.closes()
            taking = Window(lines, seat="two", tone=1_500)
            await taking.opens(ANN, is_taken=True)
            await asyncio.gather(talk.hears(1_500), taking.hears(CUSTOMER))
            assert again.peer.over.result() == "elsewhere"
            await talk.call.hangup()
            await asyncio.gather(again.closes(), taking.closes())

    asyncio.run(whole())


def test_a_process_that_was_killed_is_followed_by_one_that_has_the_call(tmp_path: Path) -> None:
    async def whole() -> None:
        async with _a_phone(tmp_path) as (office, phones, lines, window):
            call, talk = await _talking(office, phones, lines, window)
            _die(lines)
            await talk.hears(0)
            after = lines_of(office, tmp_path)
            await after.start()
            assert [line.call is not None for line in after.all] == [True]
            again = Window(after, tone=1_200)
            await again.opens(ANN)
            await asyncio.gather(talk.hears(1_200), again.hears(CUSTOMER))
            await office.driver.release(call, ANN)
            await until(lambda: after.all[0].call is None, "the end of the call")
            await again.closes()
            await after.close()

    asyncio.run(whole())


def test_calls_that_a_new_gateway_does_not_know_are_forgotten(tmp_path: Path) -> None:
    async def whole() -> None:
        async with _a_phone(tmp_path) as (office, phones, lines, window):
            call, _talk = await _talking(office, phones, lines, window)
            kept = (tmp_path / "browsers.json").read_text()
            await office.driver.release(call, ANN)
            await until(lambda: lines.all[0].call is None, "the end of the call")
            _die(lines)
            (tmp_path / "browsers.json").write_text(kept)
            after = lines_of(office, tmp_path)
            await after.start()
            assert after.all[0].call is not None
            await until(lambda: after.all[0].call is None, "the call to be forgotten")
            await after.close()

    asyncio.run(whole())


def test_who_does_not_come_back_is_lost_and_the_caller_is_not(tmp_path: Path) -> None:
    async def whole() -> None:
        async with _a_phone(tmp_path, away_s=0.5) as (office, phones, lines, window):
            call, talk = await _talking(office, phones, lines, window)
            await window.closes()
            lines.gone(window.peer)
            await office.hears(PersonGone, call=call, person=ANN, is_lost=True)
            await office.hears(PhonesChanged, persons=frozenset())
            await talk.hears(MUSIC)
            assert not talk.is_over
            assert lines.all == []
            assert lines.counts.failed == {Failure.LEFT: 1}
            await talk.call.hangup()

    asyncio.run(whole())


def test_what_rings_no_more_is_not_answered_and_who_is_away_is_not_rung(tmp_path: Path) -> None:
    async def whole() -> None:
        async with _a_phone(tmp_path, answer_s=0.3) as (office, phones, lines, _window):
            with pytest.raises(NothingRingsError):
                await lines.answer(ANN)
            call, talk = await _rung(office, phones)
            await until(lambda: lines.all[0].call is not None, "the ringing")
            await office.driver.stop_ringing(call, ANN)
            await until(lambda: lines.all[0].call is None, "no ringing")
            with pytest.raises(NothingRingsError):
                await lines.answer(ANN)
            with pytest.raises(NothingRingsError):
                await lines.answer(BOB)
            await lines.leave(ANN)
            await office.driver.ring(call, ANN, shown_number="1", shown_name="")
            await office.hears(PersonNotReached, call=call, person=ANN, why=WhyNot.NO_PHONE)
            strange = Window(lines)
            with pytest.raises(NoPhoneError):
                await strange.opens(NOBODY)
            await strange.closes()
            await talk.call.hangup()

    asyncio.run(whole())


def test_who_signs_out_has_no_phone_any_more(tmp_path: Path) -> None:
    async def whole() -> None:
        async with _a_phone(tmp_path) as (office, _phones, lines, window):
            lines.sign_out("somebody else's")
            lines.sign_out("session")
            await office.hears(PhonesChanged, persons=frozenset())
            assert window.peer.over.result() == "off"

    asyncio.run(whole())


def _die(lines: Lines) -> None:
    """What a kill leaves: nothing is said to anybody."""
    lines.agent._transport.abort()
    lines.agent.sign_ins.stop()
    for line in lines.all:
        if line.sound is not None:
            line.sound.close()
        lines._stay(line)
