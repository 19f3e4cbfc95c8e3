"""Ten thousand damaged messages: the process survives, and nobody is told yes who should not be."""

import asyncio
import random
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tellonce.switchboard.drivers.embedded import child
from tellonce.switchboard.drivers.embedded.settings import Trunk
from tellonce.switchboard.drivers.embedded.tests.damage import damaged, messages
from tellonce.switchboard.drivers.embedded.tests.offices import ENTRY, Office, an_office, until
from tellonce.switchboard.drivers.embedded.tests.test_on_the_wire import answered, away, reply_text, tag_of
from tellonce.switchboard.drivers.embedded.tests.wires import SDP, Party
from tellonce.switchboard.drivers.told import Called, CustomerAnswered, PersonAnswered, PhonesChanged

SEED, BURST, BURSTS = 2026, 50, 200
TRUNKS, STRANGERS = "127.1", "127.2"
ALLOWED = {b"OPTIONS", b"CANCEL"}  # what a trunk may be told yes to while nobody picks up
CSEQ = re.compile(rb"^cseq:\s*\d+\s+(\w+)", re.IGNORECASE | re.MULTILINE)


def replies(line: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            yield line.recv(65_535)
        except BlockingIOError:
            return


@pytest.fixture(autouse=True)
def _is_asked_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """How the gateway is, is known at once; it may be late with its answer, as it has a lot to read."""
    monkeypatch.setattr(child, "PING_S", 0.1)
    monkeypatch.setattr(child, "PATIENCE", 100)


def wrongly_told_yes(source: str, reply: bytes) -> bool:
    if not reply.startswith(b"SIP/2.0 2"):
        return False
    found = CSEQ.search(reply)
    return source.startswith(STRANGERS) or found is None or found[1] not in ALLOWED


async def burst(office: Office, number: int) -> list[bytes]:
    """Fifty messages from one address, which is of the trunk or of nobody; gives what should not have been said."""
    source = f"{(TRUNKS, STRANGERS)[number % 2]}.{number // 200}.{number % 200 + 1}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((source, 0))
        line.setblocking(False)
        for raw in messages(SEED + number, BURST, office.driver.port, line.getsockname()):
            if raw:
                line.sendto(raw, ("127.0.0.1", office.driver.port))
        await all_read(office, number)
        await hang_up_all(office)
        return [reply for reply in replies(line) if wrongly_told_yes(source, reply)]


async def all_read(office: Office, number: int) -> None:
    """Asks something plain, from yet another address, until it is answered: then all that came before was read."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((f"127.3.{number // 200}.{number % 200 + 1}", 0))
        line.setblocking(False)
        host, port = line.getsockname()
        ask = (
            f"REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};branch=z9hG4bKq{number}\r\n"
            f"From: <sip:ann@127.0.0.1>;tag=q\r\nTo: <sip:ann@127.0.0.1>\r\nCall-ID: q{number}\r\nCSeq: 1 REGISTER\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        asked_at = 0.0

        def is_answered() -> bool:
            nonlocal asked_at
            if time.monotonic() - asked_at > 0.5:
                asked_at = time.monotonic()
                line.sendto(ask.encode(), ("127.0.0.1", office.driver.port))
            return next(replies(line), b"").startswith(b"SIP/2.0 401")

        await until(is_answered, f"an answer after burst {number}")


async def hang_up_all(office: Office) -> None:
    """Whoever has come in so far."""
    for told in [each for each in office.told if isinstance(each, Called)]:
        office.told.remove(told)
        await office.driver.hang_up(told.call)


async def lives_on(office: Office, pid: int) -> None:
    """It is the same process, it has forgotten all that is over, and calls come in."""
    assert office.driver.pid == pid
    await until(lambda: office.driver.health.mishaps > 0, "the count of what was broken")
    end = time.monotonic() + 15
    while office.driver.health.legs:
        assert time.monotonic() < end, office.driver.health
        await hang_up_all(office)
        await asyncio.sleep(0.05)
    with closing(Party(office.driver.port)) as party:
        await answered(office, party)


def test_ten_thousand_damaged_messages(tmp_path: Path) -> None:
    trunk = Trunk("carrier", "127.1.0.1", sources=(f"{TRUNKS}.0.0/16",), numbers=("+12025550123",))

    async def story() -> None:
        async with an_office(tmp_path, trunks=(trunk,), open_entries=(ENTRY,)) as office:
            pid = office.driver.pid
            wrong = [each for number in range(BURSTS) for each in await burst(office, number)]
            assert wrong == []
            assert not [
                each for each in office.told if isinstance(each, PhonesChanged | CustomerAnswered | PersonAnswered)
            ]
            await lives_on(office, pid)

    asyncio.run(story())


def test_damaged_messages_within_a_call(tmp_path: Path) -> None:
    """Whoever is in a call with us may be as broken as a stranger."""
    chance = random.Random(SEED)

    async def story() -> None:
        async with an_office(tmp_path) as office:
            pid = office.driver.pid
            for number in range(10):
                with closing(Party(office.driver.port)) as party:
                    call, answer = await answered(office, party)
                    for cseq in range(2, 32):
                        method = chance.choice(["INVITE", "INFO", "OPTIONS", "REFER", "UPDATE", "ACK", "PRACK"])
                        body = chance.choice(["", SDP.format(port=4_000), "Signal=5"])
                        whole = party.request(method, to_tag=tag_of(answer), cseq=cseq, body=body)
                        party.send(damaged(chance, whole) or b"\r\n\r\n")
                    await all_read(office, number)
                    await office.driver.hang_up(call)
            await lives_on(office, pid)

    asyncio.run(story())


def test_damaged_answers_of_a_phone(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    starts = [
        "100 Trying",
        "180 Ringing",
        "183 Session Progress",
        "200 OK",
        "302 Moved",
        "401 Unauthorized",
        "486 Busy",
    ]

    async def story() -> None:
        async with an_office(tmp_path) as office:
            pid = office.driver.pid
            with closing(Party(office.driver.port)) as caller, closing(Party(office.driver.port)) as phone:
                await away(phone.signs_in, 1)
                call, _ = await answered(office, caller)
                for number in range(20):
                    await office.driver.ring(call, 1, shown_number="1", shown_name="")
                    while (invite := await away(phone.hears)) is None or invite.method != "INVITE":
                        pass
                    for _ in range(20):
                        more = chance.choice(["", "Contact: <sip:ann@127.0.0.1:9;transport=UDP>\r\n", "Contact: *\r\n"])
                        whole = reply_text(
                            invite, chance.choice(starts), more, chance.choice(["", SDP.format(port=4_000)])
                        )
                        phone.send(damaged(chance, whole) or b"\r\n\r\n")
                    await all_read(office, number)
                    await office.driver.stop_ringing(call, 1)
                    await office.driver.release(call, 1)
                await office.driver.hang_up(call)
            await lives_on(office, pid)

    asyncio.run(story())
