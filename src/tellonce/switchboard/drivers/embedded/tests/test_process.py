"""The gateway's process: it does not outlive the switchboard, and the switchboard outlives it."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tellonce.switchboard.drivers.embedded import child
from tellonce.switchboard.drivers.embedded.tests.offices import an_office, until
from tellonce.switchboard.drivers.told import DriverLost
from tellonce.switchboard.errors import DriverError

SWITCHBOARD = """
import asyncio, os, sys
from tellonce.switchboard.drivers.embedded.driver import EmbeddedDriver
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings

async def main():
    driver = EmbeddedDriver(GatewaySettings(sys.argv[1], port=0), speech=lambda prompt: b"", music=lambda: b"x" * 160)
    await driver.start(lambda told: None, realm="tellonce")
    print(driver.pid, flush=True)
    os.kill(os.getpid(), 9)

asyncio.run(main())
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_when_the_switchboard_is_killed_its_gateway_ends(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", SWITCHBOARD, str(tmp_path)], capture_output=True, text=True, check=False
    )
    pid, end = int(found.stdout), time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_gateway_that_hangs_is_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PING_S", 0.1)
    monkeypatch.setattr(child, "PATIENCE", 5)

    async def story() -> None:
        async with an_office(tmp_path) as office:
            old, port = office.driver.pid, office.driver.port
            os.kill(old, signal.SIGSTOP)
            await office.hears(DriverLost)
            end = time.monotonic() + 10
            while office.driver.pid == old or office.driver.is_down:
                assert time.monotonic() < end
                await asyncio.sleep(0.05)
            assert office.driver.port == port
            assert not is_alive(old)

    asyncio.run(story())


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    async def story(port: int) -> None:
        async with an_office(tmp_path, port=port):
            pass

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(DriverError, match=f"cannot use 127.0.0.1:{port}"):
            asyncio.run(story(port))


def test_who_is_stopped_while_the_gateway_comes_up_leaves_none_behind(tmp_path: Path) -> None:
    async def story() -> None:
        async with an_office(tmp_path) as office:
            old = office.driver.pid
            os.kill(old, signal.SIGKILL)
            await until(lambda: gateways() - {old}, "the next gateway")
            assert office.driver.is_down
        assert not gateways()

    asyncio.run(story())
    gc.collect()  # what is left open fails this test, and not one after it


def gateways() -> set[int]:
    """Those that this process has started and that run."""
    children = psutil.Process().children()
    return {one.pid for one in children if "tellonce.switchboard.drivers.embedded.gateway" in _words(one)}


def _words(one: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return list(one.cmdline())
    return []
