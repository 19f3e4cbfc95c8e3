"""How long `tellonce demo` takes in a new home, from the command to /healthz answering, and what the time goes to.

The stages are those that the command says on the way; the processor time is that of all its processes and of its
database, so that it can be held against a run beside other work. With --cold what numba has compiled is thrown away
first, as in a new clone.
Run: python -m benchmarks.demo [--json] [--customers 20000] [--cold]
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psutil

from benchmarks.harness import ROOT, free_port
from benchmarks.report import Figure, say

LIMIT_S = 90.0
PATIENCE_S = 600.0
LAB = ROOT / "src" / "tellonce" / "lab"


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of the run: what began then, seconds since the start, and processor time until then."""

    what: str
    at_s: float
    worked_s: float


@dataclass
class Run:
    """The command in a new home, with what it said it was doing."""

    command: "subprocess.Popen[str]"
    home: Path
    began: float
    marks: list[Mark] = field(default_factory=lambda: [Mark("starting", 0.0, 0.0)])

    def mark(self, what: str) -> Mark:
        """Now."""
        return Mark(what, time.monotonic() - self.began, processor_s(self.command, self.home))

    def listen(self) -> None:
        """Hears until the command ends."""
        assert self.command.stderr is not None
        for line in self.command.stderr:
            if line.startswith("Error"):
                print(line, file=sys.stderr)
            if line.rstrip().endswith("..."):
                with contextlib.suppress(psutil.NoSuchProcess):
                    self.marks.append(self.mark(line.rstrip(" .\n").rpartition(": ")[2]))


def wanted() -> str:
    """How many customers are asked for."""
    return sys.argv[sys.argv.index("--customers") + 1] if "--customers" in sys.argv else "20000"


def forget_compiled() -> None:
    """Throws away what numba has kept on disk."""
    for path in LAB.rglob("*.nb[ic]"):
        path.unlink()


def answers(port: int) -> bool:
    """Whether the pages answer that all is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_for(port: int, command: "subprocess.Popen[str]") -> None:
    """Until the pages answer; SystemExit where the command ends before, or nothing comes."""
    end = time.monotonic() + PATIENCE_S
    while not answers(port):
        if command.poll() is not None:
            raise SystemExit(f"the demo ended with {command.returncode}")
        if time.monotonic() > end:
            raise SystemExit(f"the demo did not answer within {PATIENCE_S:.0f} s")
        time.sleep(0.1)


def processor_s(command: "subprocess.Popen[str]", home: Path) -> float:
    """Processor time of the command and all it has started, the database among them, dead ones included."""
    locks = home.glob("database/data-*/postmaster.pid")
    numbers = [command.pid, *(int(lock.read_text().split("\n", 1)[0]) for lock in locks)]
    roots = [psutil.Process(number) for number in numbers]
    families = {one.pid: one for root in roots for one in (root, *root.children(recursive=True))}
    total = 0.0
    for one in families.values():
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(one.cpu_times()[:4])
    return total


def start(home: Path, port: int) -> Run:
    """The command as somebody types it, in this environment."""
    command = subprocess.Popen(
        [sys.executable, "-m", "tellonce.cli", "demo", "--port", str(port), "--customers", wanted()],
        env={**os.environ, "TELLONCE_HOME": str(home)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return Run(command, home, time.monotonic())


def main() -> None:
    """Measures and says."""
    if "--cold" in sys.argv:
        forget_compiled()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tellonce-demo-") as temporary:
        Path(temporary).chmod(0o755)  # the database may run as a user of its own
        run = start(Path(temporary) / "home", port)
        listener = threading.Thread(target=run.listen)
        listener.start()
        try:
            wait_for(port, run.command)
            end = run.mark("")
        finally:
            run.command.send_signal(signal.SIGTERM)
            run.command.wait(timeout=120)
            listener.join()
    say(Figure(f"demo: {int(wanted()):,} customers, from the command to an answer", end.at_s, "s", "limit", LIMIT_S))
    say(Figure("demo: processor time until then, all processes", end.worked_s, "s"))
    marks = [mark for mark in run.marks if mark.at_s < end.at_s]
    for this, after in pairwise([*marks, end]):
        say(Figure(f"demo: stage: {this.what}", after.at_s - this.at_s, "s"))
        say(Figure(f"demo: stage: {this.what}, processor time", after.worked_s - this.worked_s, "s"))


if __name__ == "__main__":
    main()
