"""How many calls the embedded phone driver takes: 50 new ones a second, and 150 two-way ones at once.

Customers and persons' phones are played by Debian's `sipp` (package sip-tester). Each call is one as in life: a
customer calls by a trunk, is answered, a person's phone is rung and picked up, the two are connected and recorded, the
customer hangs up, the person is released: two SIP legs and two media sessions. In the first run phones are silent; in
the second the customers send speech and the persons' phones send it back. A call has failed if it was not whole, at
either end. Processor and memory are the gateway process's, rtp.io included; sipp runs on the same machine.

Run: python -m benchmarks.phones [--json] [--seconds 60]
"""

import asyncio
import contextlib
import csv
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.harness import ROOT, free_port
from benchmarks.report import Figure, quantile, say
from tellonce.switchboard.drivers import Phone, Told
from tellonce.switchboard.drivers.embedded.driver import EmbeddedDriver
from tellonce.switchboard.drivers.embedded.registrar import Binding
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings, Trunk
from tellonce.switchboard.drivers.told import (
    Called,
    DriverLost,
    Gone,
    LineBroke,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
)

SCENARIOS = ROOT / "benchmarks" / "phones_sipp"
PERSONS, NEW_A_SECOND, TALK_S = 400, 50, 1.5
AT_ONCE, HOLD_S, PACKETS_A_SECOND = 150, 30.0, 50
SPEECH_S, SOUND_PORT = 5, 30_000
TICKS = os.sysconf("SC_CLK_TCK")
# A packet of a two-way call comes to the gateway twice (outer and inner side) and to a phone once.
WAYS = 6


class Floor:
    """A switchboard that gives every caller the next free person."""

    def __init__(self, driver: EmbeddedDriver) -> None:
        self.driver, self.free = driver, list(range(PERSONS))
        self.person: dict[str, int] = {}
        self.came: dict[str, float] = {}
        self.connected_s: list[float] = []
        self.failed = 0
        self._told: asyncio.Queue[Told] = asyncio.Queue()

    def hear(self, told: Told) -> None:
        self._told.put_nowait(told)

    async def work(self) -> None:
        while True:
            await self._act(await self._told.get())

    async def _act(self, told: Told) -> None:
        driver = self.driver
        match told:
            case Called(call):
                person = self.person[call] = self.free.pop()
                self.came[call] = time.perf_counter()
                await driver.answer(call)
                await driver.ring(call, person, shown_number="1", shown_name="")
            case PersonAnswered(call, person):
                await driver.connect(call, person)
                self.connected_s.append(time.perf_counter() - self.came[call])
            case Gone(call) if call in self.person:
                await driver.release(call, self.person[call])
                self.free.insert(0, self.person.pop(call))
            case PersonNotReached() | PersonGone() | LineBroke() | DriverLost():
                self.failed += 1


@contextlib.asynccontextmanager
async def a_floor(folder: Path, person_port: int) -> AsyncIterator[Floor]:
    """A driver whose persons' phones are all at one port."""
    now = time.time()
    bindings = [
        Binding(f"p{i}", f"sip:p{i}@127.0.0.1:{person_port}", "127.0.0.1", person_port, now + 3_600)
        for i in range(PERSONS)
    ]
    (folder / "phones.json").write_text(json.dumps([asdict(each) for each in bindings]))
    trunk = Trunk("sipp", "127.0.0.1", numbers=("care",))
    settings = GatewaySettings(str(folder), port=free_port(), trunks=(trunk,))
    driver = EmbeddedDriver(settings, speech=lambda _prompt: b"\xff" * 160, music=lambda: b"\xff" * 8_000)
    floor = Floor(driver)
    await driver.start(floor.hear, realm="benchmark")
    await driver.set_phones([Phone(i, f"p{i}", "0" * 32) for i in range(PERSONS)])
    work = asyncio.create_task(floor.work())
    try:
        yield floor
    finally:
        work.cancel()
        await driver.stop()


@dataclass(frozen=True, slots=True)
class Use:
    """Seconds of processor and bytes of memory so far."""

    cpu_s: float
    memory: int

    @staticmethod
    def of(pid: int) -> "Use":
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return Use((int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))


def arrived() -> int:
    """Datagrams that came to sockets of this machine so far, whether or not anybody read them."""
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Udp:")]
    found = dict(zip(lines[0][1:], map(int, lines[1][1:]), strict=True))
    return found["InDatagrams"] + found["RcvbufErrors"]


def lost_at(pid: int) -> int:
    """Datagrams for which sockets of the process had no room."""
    links = (str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir())
    own = {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")}
    lines = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return sum(int(fields[12]) for fields in lines if fields[9] in own)


async def sipp(folder: Path, *arguments: str) -> "asyncio.subprocess.Process":
    return await asyncio.create_subprocess_exec(
        "sipp", "-i", "127.0.0.1", "-nostdin", "-trace_stat", "-fd", "1", *arguments,
        cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def failures(folder: Path, scenario: str) -> tuple[int, int]:
    """Whole and failed calls, as sipp counted them at its end."""
    (file,) = folder.glob(f"{scenario}_*_.csv")
    *_, last = csv.DictReader(file.open(), delimiter=";")
    return int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"])


def a_scenario(folder: Path, *, speaks: bool) -> Path:
    """The customer's, with or without sound."""
    text = (SCENARIOS / "customer.xml").read_text()
    sound = f'<nop><action><exec rtp_stream="{folder}/speech.ulaw,-1,0"/></action></nop>' if speaks else ""
    (folder / "speech.ulaw").write_bytes(os.urandom(8_000 * SPEECH_S))
    path = folder / "customer.xml"
    path.write_text(text.replace("<!-- SOUND -->", sound))
    return path


@contextlib.asynccontextmanager
async def persons(folder: Path, port: int) -> AsyncIterator[None]:
    """Phones that pick up and echo; the generator is ended when its calls are over."""
    phones = await sipp(
        folder, "-sf", str(SCENARIOS / "person.xml"), "-p", str(port), "-mp", str(free_port()), "-rtp_echo"
    )
    await asyncio.sleep(0.5)
    try:
        yield
    finally:
        phones.terminate()
        await phones.wait()


async def many_new_calls(folder: Path, seconds: int) -> None:
    """Fifty a second, for a minute."""
    port, calls = free_port(), NEW_A_SECOND * seconds
    async with a_floor(folder, port) as floor, persons(folder, port):
        before = Use.of(floor.driver.pid)
        customers = await sipp(
            folder, f"127.0.0.1:{floor.driver.port}", "-sf", str(a_scenario(folder, speaks=False)), "-m", str(calls),
            "-r", str(NEW_A_SECOND), "-d", str(int(TALK_S * 1000)), "-p", str(free_port()),
        )  # fmt: skip
        await customers.wait()
        await asyncio.sleep(1.0)
        after = Use.of(floor.driver.pid)
    whole, _ = failures(folder, "customer")
    say(Figure(f"calls begun at {NEW_A_SECOND} a second, whole", whole, "calls", "asked", calls))
    say(Figure("failed, at the customers' end or the persons'", calls - min(whole, len(floor.connected_s)), "calls"))
    say(Figure("from ringing in to connected, p99", quantile(floor.connected_s, 0.99) * 1_000, "ms"))
    say(Figure("processor of the gateway", 100 * (after.cpu_s - before.cpu_s) / (seconds + TALK_S), "% of a core"))
    say(Figure("processor for one call", 1_000 * (after.cpu_s - before.cpu_s) / calls, "ms"))
    say(Figure("memory of the gateway", after.memory / 2**20, "MB"))


async def many_talking(folder: Path) -> None:
    """A hundred and fifty at once, both ways."""
    port = free_port()
    async with a_floor(folder, port) as floor, persons(folder, port):
        customers = await sipp(
            folder, f"127.0.0.1:{floor.driver.port}", "-sf", str(a_scenario(folder, speaks=True)), "-m", str(AT_ONCE),
            "-r", "25", "-d", str(int((HOLD_S + 12) * 1000)), "-p", str(free_port()), "-mp", str(SOUND_PORT),
        )  # fmt: skip
        await asyncio.sleep(AT_ONCE / 25 + 2)
        pid = floor.driver.pid
        before, packets, lost, began = Use.of(pid), arrived(), lost_at(pid), time.monotonic()
        await asyncio.sleep(HOLD_S)
        after, packets, lost = Use.of(pid), arrived() - packets, lost_at(pid) - lost
        took = time.monotonic() - began
        await customers.wait()
        await asyncio.sleep(1.0)
    whole, failed = failures(folder, "customer")
    expected = AT_ONCE * PACKETS_A_SECOND * WAYS * took
    say(Figure("two-way calls at once, whole", whole, "calls", "asked", AT_ONCE))
    say(Figure("failed, at either end", failed + floor.failed, "calls"))
    say(Figure("packets of the calls", packets / took, "a second", "expected", expected / took))
    say(Figure("packets lost at the gateway", lost, "packets"))
    say(Figure("processor of the gateway", 100 * (after.cpu_s - before.cpu_s) / took, "% of a core"))
    say(Figure("memory of the gateway", after.memory / 2**20, "MB"))


def main() -> None:
    """Both runs, each with a gateway of its own."""
    if shutil.which("sipp") is None:
        print("There is no sipp on this machine, so nothing was measured: install Debian's sip-tester.")
        return
    seconds = int(sys.argv[sys.argv.index("--seconds") + 1]) if "--seconds" in sys.argv else 60
    for run in (lambda folder: many_new_calls(folder, seconds), many_talking):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(run(Path(folder)))


if __name__ == "__main__":
    main()
