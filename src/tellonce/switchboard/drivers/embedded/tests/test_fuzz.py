"""Ten thousand damaged messages: the process survives, and nobody is told yes who should not be."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tellonce.switchboard.drivers.embedded.settings import Trunk
from tellonce.switchboard.drivers.embedded.tests.damage import messages
from tellonce.switchboard.drivers.embedded.tests.offices import ENTRY, Office, an_office, until
from tellonce.switchboard.drivers.embedded.tests.test_on_the_wire import answered
from tellonce.switchboard.drivers.embedded.tests.wires import Party
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
        for told in office.told:
            if isinstance(told, Called):
                await office.driver.hang_up(told.call)
        office.told[:] = [told for told in office.told if not isinstance(told, Called)]
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
        line.sendto(ask.encode(), ("127.0.0.1", office.driver.port))
        await until(lambda: next(replies(line), b"").startswith(b"SIP/2.0 401"), f"an answer after burst {number}")


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
            assert office.driver.pid == pid
            with closing(Party(office.driver.port)) as party:
                await answered(office, party)

    asyncio.run(story())
