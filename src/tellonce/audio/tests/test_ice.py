"""STUN and TURN: what is configured reaches our end of the connection, and the page's."""

import asyncio
import base64
import hmac
from collections.abc import Callable
from pathlib import Path

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from tellonce.audio.app import AudioSettings, build
from tellonce.audio.ice import LASTS_S, Ice, Server
from tellonce.audio.line import User
from tellonce.audio.peers import Around, Peer
from tellonce.audio.tests.relays import RELAYED, SEEN_AS, a_relay

NOTHING: Around = Around(lambda _samples: None, lambda _peer: None)
NOW_S = 1_700_000_000.0


async def _answer(servers: list[Server]) -> str:
    """Our description, to a browser that knows no servers."""
    browser = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    browser.addTransceiver("audio")
    await browser.setLocalDescription(await browser.createOffer())
    peer = Peer(NOTHING, servers)
    try:
        return await peer.answer(browser.localDescription.sdp)
    finally:
        await peer.close()
        await browser.close()


def candidates(sdp: str) -> set[tuple[str, str, int]]:
    """Kind, address and port."""
    lines = [line.split() for line in sdp.splitlines() if line.startswith("a=candidate:")]
    return {(words[words.index("typ") + 1], words[4], int(words[5])) for words in lines}


def test_without_servers_nobody_is_asked() -> None:
    assert Ice().servers(whose="4", now_s=NOW_S) == []
    assert {kind for kind, _host, _port in candidates(asyncio.run(_answer([])))} == {"host"}


def test_our_end_tells_where_a_stun_server_sees_it() -> None:
    with a_relay() as relay:
        ice = Ice(stun=(f"stun:127.0.0.1:{relay.port}",))
        found = candidates(asyncio.run(_answer(ice.servers(whose="4", now_s=NOW_S))))
    assert ("srflx", *SEEN_AS) in found


@pytest.mark.parametrize(
    ("ice_at", "user"),
    [
        (lambda address: Ice(turn=(address,), user="care", password="open"), "care"),
        (lambda address: Ice(turn=(address,), secret="shared"), f"{int(NOW_S) + LASTS_S}:4"),
    ],
    ids=["a password of its own", "a shared secret"],
)
def test_our_end_is_relayed_by_a_turn_server_that_lets_it_in(ice_at: Callable[[str], Ice], user: str) -> None:
    made = base64.b64encode(hmac.new(b"shared", user.encode(), "sha1").digest()).decode()
    with a_relay("open" if user == "care" else made) as relay:
        ice = ice_at(f"turn:127.0.0.1:{relay.port}?transport=udp")
        found = candidates(asyncio.run(_answer(ice.servers(whose="4", now_s=NOW_S))))
    assert ("relay", *RELAYED) in found
    assert set(relay.users) == {user}


def test_a_turn_server_that_refuses_us_costs_nobody_their_phone() -> None:
    with a_relay("another") as relay:
        ice = Ice(turn=(f"turn:127.0.0.1:{relay.port}",), user="care", password="open")
        found = candidates(asyncio.run(_answer(ice.servers(whose="4", now_s=NOW_S))))
    assert "ALLOCATE" in relay.asked
    assert {kind for kind, _host, _port in found} == {"host"}


def test_a_made_password_is_another_for_everybody_and_ends() -> None:
    ice = Ice(turn=("turn:turn.example.net",), secret="shared")
    mine, hers = (ice.servers(whose=whose, now_s=NOW_S)[0] for whose in ("4", "5"))
    later = ice.servers(whose="4", now_s=NOW_S + 60)[0]
    assert len({each["credential"] for each in (mine, hers, later)}) == 3
    assert int(mine["username"].partition(":")[0]) == NOW_S + LASTS_S


def test_a_process_asks_the_servers_that_it_was_given_in_the_name_of_whose_phone_it_is(tmp_path: Path) -> None:
    async def user_of(person: int) -> User:
        return User(f"b{person}", "0" * 32, known_at=2e10)

    async def whole() -> None:
        settings = AudioSettings(conninfo="", secret="", gateway=("127.0.0.1", 9), file=tmp_path / "kept", ice=ice)
        lines = build(settings, user_of).state.lines
        await lines.start()
        browser = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        browser.addTransceiver("audio")
        await browser.setLocalDescription(await browser.createOffer())
        offer = browser.localDescription.sdp
        answer, _peer = await lines.open(4, offer=offer, seat="one", session="s", is_taken=False)
        assert ("srflx", *SEEN_AS) in candidates(answer)
        await lines.close()
        await browser.close()

    with a_relay() as stun, a_relay("of nobody") as turn:
        ice = Ice((f"stun:127.0.0.1:{stun.port}",), (f"turn:127.0.0.1:{turn.port}",), secret="shared")
        asyncio.run(whole())
    assert "ALLOCATE" in turn.asked
    assert {user.partition(":")[2] for user in turn.refused} == {"4"}


def test_secrets_do_not_show() -> None:
    assert "hidden" not in repr(Ice(turn=("turn:t",), user="u", password="hidden", secret="hidden"))
