"""Figures of an audio process: who may read them, and that they are what happened."""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack
from prometheus_client.parser import text_string_to_metric_families

from tellonce.audio.app import AudioSettings, build
from tellonce.audio.counts import Failure
from tellonce.audio.line import User
from tellonce.audio.lines import Lines
from tellonce.audio.metrics import figures
from tellonce.audio.peers import OfferError

ANN, PATIENCE_S = 4, 20.0


async def user_of(person: int) -> User:
    return User(f"b{person}", "0" * 32, known_at=2e10)  # the gateway is never asked


def read(text: str) -> dict[str, float]:
    """Figures by name and label."""
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return {
        " ".join((each.name.removeprefix("tellonce_audio_"), *each.labels.values())): each.value for each in samples
    }


async def figures_of(lines: Lines) -> dict[str, float]:
    return read((await figures(lines)).decode())


def answered(tmp_path: Path, address: str, token: str = "", **headers: str) -> httpx.Response:
    settings = AudioSettings(
        conninfo="", secret="s" * 40, gateway=("127.0.0.1", 9), file=tmp_path / "kept", metrics_token=token
    )

    async def whole() -> httpx.Response:
        transport = httpx.ASGITransport(build(settings, user_of), client=(address, 40_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/metrics", headers=headers)

    return asyncio.run(whole())


def test_the_figures_are_for_this_machine_itself_or_who_has_the_token(tmp_path: Path) -> None:
    answer = answered(tmp_path, "127.0.0.1")
    assert answer.headers["content-type"].startswith("text/plain")
    told = read(answer.text)
    assert told["phones"] == told["calls"] == told["packets_lost_total from_browsers"] == 0.0
    assert {each for each in told if each.startswith("legs_failed_total")} == {
        f"legs_failed_total {why}" for why in Failure
    }
    assert answered(tmp_path, "203.0.113.9").status_code == 403
    assert answered(tmp_path, "127.0.0.1", **{"x-forwarded-for": "203.0.113.9"}).status_code == 403
    assert answered(tmp_path, "127.0.0.1", "told").status_code == 403
    assert answered(tmp_path, "203.0.113.9", "told", authorization="Bearer told").status_code == 200


class Browser:
    """One that sends silence, and loses every fourth packet on the way."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.addTrack(AudioStreamTrack())

    async def opens(self, lines: Lines) -> None:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        offer = self.connection.localDescription.sdp
        answer, _peer = await lines.open(ANN, offer=offer, seat="one", session="s", is_taken=False)
        self._lose()
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def _lose(self) -> None:
        transport: Any = self.connection.getSenders()[0].transport
        send, number = transport._send_rtp, itertools.count(1)

        async def some(data: bytes) -> None:
            if next(number) % 4:
                await send(data)

        transport._send_rtp = some


def test_phones_connections_and_lost_packets_are_counted_and_stay_so(tmp_path: Path) -> None:
    async def whole() -> None:
        lines = Lines(("127.0.0.1", 9), user_of=user_of, file=tmp_path / "kept")
        await lines.start()
        browser = Browser()
        await browser.opens(lines)
        async with asyncio.timeout(PATIENCE_S):
            while (await lines.lost()).from_browsers < 3:  # noqa: ASYNC110 - packets tell nobody that they are lost
                await asyncio.sleep(0.05)
        now = await figures_of(lines)
        assert (now["phones"], now["connected"], now["calls"]) == (1.0, 1.0, 0.0)
        await lines.leave(ANN)
        later = await figures_of(lines)
        assert (later["phones"], later["connected"]) == (0.0, 0.0)
        assert later["packets_lost_total from_browsers"] >= now["packets_lost_total from_browsers"] >= 3
        assert later["legs_failed_total left"] == 0.0  # nobody was on the line
        await browser.connection.close()
        await lines.close()

    asyncio.run(whole())


def test_a_browser_that_offers_nothing_usable_counts_as_failed(tmp_path: Path) -> None:
    async def whole() -> None:
        lines = Lines(("127.0.0.1", 9), user_of=user_of, file=tmp_path / "kept")
        await lines.start()
        with pytest.raises(OfferError):
            await lines.open(ANN, offer="v=0", seat="one", session="s", is_taken=False)
        told = await figures_of(lines)
        assert [told[f"legs_failed_total {why}"] for why in Failure] == [1.0, 0.0, 0.0, 0.0]
        await lines.close()

    asyncio.run(whole())


def test_a_call_whose_sound_is_none_that_we_know_counts_as_refused(tmp_path: Path) -> None:
    strange = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 9\r\n"
    head = """INVITE sip:b4@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1
From: <sip:a@127.0.0.1>;tag=1
To: <sip:b4@127.0.0.1>
Call-ID: one
CSeq: 1 INVITE
Contact: <sip:a@127.0.0.1:9>
Content-Type: application/sdp

""".replace("\n", "\r\n")

    async def whole() -> None:
        lines = Lines(("127.0.0.1", 9), user_of=user_of, file=tmp_path / "kept")
        await lines.start()
        lines.agent.datagram_received((head + strange).encode(), ("127.0.0.1", 9))
        assert (await figures_of(lines))["legs_failed_total refused"] == 1.0
        await lines.close()

    asyncio.run(whole())
