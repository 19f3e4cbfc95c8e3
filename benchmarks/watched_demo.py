"""`tellonce demo` as its users start it, watched from outside: its processes, their memory, its figures, its log."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.demo import answers
from benchmarks.harness import ROOT

PATIENCE_S = 1800.0
ACCOUNTS = ("waiting", "answered", "abandoned", "callback")
TROUBLE = re.compile(r" (ERROR|CRITICAL) |^Traceback| ended \(|^Error")
_WELL = {httpx.codes.OK, httpx.codes.NO_CONTENT}  # nothing for who has no phone
LOOKED_AT = ("/floor", "/", "/phone", "/missed", "/floor/told")
OURS = ("web", "live", "worker", "switchboard", "audio 0", "callers")


@dataclass(frozen=True, slots=True)
class Phone:
    """What the figures say of the phone: accounts by queue, contacts by stage, and how old the oldest is there."""

    accounts: dict[str, dict[str, int]]
    contacts: dict[str, int]
    oldest_s: dict[str, float]
    jobs_failed: int
    outbox_oldest_s: float

    @property
    def wrong(self) -> list[str]:
        """Queues whose account does not add up."""
        return [
            queue for queue, each in self.accounts.items() if each["entered"] != sum(each[name] for name in ACCOUNTS)
        ]

    def total(self, account: str) -> int:
        """Of all queues."""
        return sum(each[account] for each in self.accounts.values())


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs."""

    command: "subprocess.Popen[bytes]"
    home: Path
    log: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def phone(self) -> Phone:
        """Its figures now."""
        families = text_string_to_metric_families(httpx.get(f"{self.url}/metrics", timeout=60).text)
        return phone_in([(s.name, s.labels, s.value) for family in families for s in family.samples])

    def memory_mb(self) -> dict[str, float]:
        """By process, what no file and no other process accounts for; the database's are one."""
        found: dict[str, float] = defaultdict(float)
        for name, one in self.processes():
            with suppress(OSError):
                found[name] += own_mb(one.pid)
        return dict(found)

    def lives(self) -> dict[str, tuple[int, ...]]:
        """The processes by name, the database's apart: they must be the same at the end."""
        found: dict[str, list[int]] = defaultdict(list)
        for name, one in self.processes():
            if name in OURS:
                found[name].append(one.pid)
        return {name: tuple(sorted(pids)) for name, pids in found.items()}

    def processes(self) -> Iterator[tuple[str, psutil.Process]]:
        """Each with its name."""
        demo = psutil.Process(self.command.pid)
        yield "demo", demo
        for child in demo.children():
            with suppress(psutil.Error):
                name = name_of(child.cmdline())
                yield name, child
                yield from ((beside(name), one) for one in child.children(recursive=True))

    def troubles(self) -> list[str]:
        """Lines of its log that tell of errors and of processes that ended."""
        return [line for line in self.log.read_text(errors="replace").splitlines() if TROUBLE.search(line)]


@dataclass
class Visitor:
    """A supervisor who has the floor and the desk open, as browsers do; what answered badly is kept."""

    url: str
    client: httpx.Client = field(init=False)
    bad: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Signs in by the one click of the demo."""
        self.client = httpx.Client(base_url=self.url, timeout=60, follow_redirects=True)
        page = self.client.get("/sign-in").text
        person = re.search(r'name="person" value="(\d+)"><span>Helen Drummond', page)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert person, "the sign-in page of the demo does not show Helen Drummond"
        assert token, "its form has no token"
        self.client.post("/sign-in/as", data={"person": person[1], "csrfmiddlewaretoken": token[1]})

    def look(self) -> None:
        """One look at each page."""
        for path in LOOKED_AT:
            answer = self.client.get(path)
            if answer.status_code not in _WELL or answer.url.path != path:
                self.bad.append(f"{path}: {answer.status_code} {answer.url.path}")


def phone_in(samples: Iterable[tuple[str, Mapping[str, str], float]]) -> Phone:
    """What the samples (name, labels, value) say of the phone, and of the work beside it."""
    accounts: dict[str, dict[str, int]] = defaultdict(dict)
    contacts, oldest = {}, {}
    jobs_failed, outbox_oldest_s = 0, 0.0
    for name, labels, value in samples:
        match name:
            case "tellonce_queue_contacts":
                accounts[labels["queue"]][labels["account"]] = int(value)
            case "tellonce_contacts":
                contacts[labels["stage"]] = int(value)
            case "tellonce_contacts_oldest_seconds":
                oldest[labels["stage"]] = value
            case "tellonce_jobs" if labels["state"] == "failed":
                jobs_failed = int(value)
            case "tellonce_outbox_oldest_seconds":
                outbox_oldest_s = value
    return Phone(dict(accounts), contacts, oldest, jobs_failed, outbox_oldest_s)


def own_mb(pid: int) -> float:
    """Memory that is the process's own (anonymous), each shared page by its share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss_Anon")).split()[1]) / 1024


def beside(name: str) -> str:
    """What the processes are called that one of this name has started."""
    return name if name == "database" else f"{name}'s own"


def name_of(command: list[str]) -> str:
    """`web`, `audio 0`: what one of our commands runs."""
    if Path(command[0]).name == "postgres":
        return "database"
    if "tellonce.cli" not in command:
        return "afterwards"  # what a new demo still makes up once its pages answer
    words = command[command.index("tellonce.cli") + 1 :]
    return " ".join([words[0], *words[2:]] if words[0] == "audio" else words[:1])


@contextmanager
def running(home: Path, *, port: int, pace: float, customers: int, log: Path, calls: bool = True) -> Iterator[Demo]:
    """The demo, from the moment its pages answer; it is stopped at the end."""
    words = ["demo", "--port", str(port), "--pace", str(pace), "--customers", str(customers)]
    words += [] if calls else ["--no-calls"]
    with log.open("wb") as written:
        command = subprocess.Popen(
            [sys.executable, "-m", "tellonce.cli", *words],
            env={**os.environ, "TELLONCE_HOME": str(home)},
            cwd=ROOT,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
        try:
            _wait_for(port, command)
            yield Demo(command, home, log, port)
        finally:
            command.send_signal(signal.SIGTERM)
            command.wait(timeout=120)


def _wait_for(port: int, command: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_S
    while not answers(port):
        if command.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"the demo does not answer (it {'runs' if command.poll() is None else 'has ended'})")
        time.sleep(0.5)
