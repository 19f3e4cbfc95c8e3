"""The switchboard for half an hour at ten times the demo's pace: memory, stuck contacts, accounts at every minute.

The demo's phone, ten times as fast: somebody gets in touch every 3.5 s, seven people answer after 0.2 to 0.9 s and talk
for 24 to 70 s, callers lose patience after 9 to 90 s. Some take a callback, some calls are held or passed on, a line
breaks, people pause; one contact in five is a chat. All of it is asked of the switchboard as it runs in production, in
a process of its own, through the database, by a load in another.

Each minute, from the journal rebuilt by itself: entered = answered + abandoned + callback + waiting, for each queue; as
many entered as the load has sent; as many are here as pages show. Stuck is a contact that has been in one stage for
longer than anything here lasts; a callback may wait as long as nobody is free for it. What was found decides how it
ends (1 for a fault), whoever reads its words or stops reading them.
Run: python -m benchmarks.switchboard_soak [--json] [--minutes 30] [--pace 10]
"""

import heapq
import itertools
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import databases
from benchmarks.harness import ROOT
from benchmarks.live import number_after
from benchmarks.report import Figure, say, tell, unheard

DATABASE = "bench_soak"
EVERY_S, TALK_S, PATIENCE_S, PICKS_UP_S = 35.0, (240.0, 700.0), (90.0, 900.0), (2.0, 9.0)
PEOPLE = {"care": 4, "tech": 3}
STUCK_S, FREE_S, WARM_S, SEED = 150.0, 10.0, 120.0, 20261129
MOST_GROWTH_MB = 10.0


@contextmanager
def switchboard() -> Iterator[int]:
    """The real process; its pid. It must be the same one at the end: a crash is no soak."""
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.switchboard_soak", "--serve"], cwd=ROOT)
    try:
        yield child.pid
        if child.poll() is not None:
            raise SystemExit(f"the switchboard stopped with {child.returncode}")
    finally:
        child.terminate()
        child.wait(timeout=20)


def memory_mb(pid: int) -> float:
    """What the process holds in memory."""
    line = next(row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class Load:
    """Callers and people, at a pace."""

    def __init__(self, people: dict[str, list[int]], *, pace: float) -> None:
        from tellonce.modules.phone.models import LiveContact  # noqa: PLC0415 - after django.setup

        self.live, self.people, self.pace = LiveContact.objects, people, pace
        self.rng, self.number = random.Random(SEED), itertools.count(1)
        self.agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = itertools.count()
        self.sent, self.handled = 0, set[str]()
        for queue, found in people.items():
            for person in found:
                self._ask("PersonSet", person=person, presence="available")
                self._later(60.0 * self.rng.random(), partial(self._pause, person, queue))

    def run(self, until: float) -> None:
        """Plays until then, as fast as the clock."""
        following = time.time()
        while (now := time.time()) < until:
            if now >= following:
                self._comes(now)
                following = now + self.rng.expovariate(self.pace / EVERY_S)
            while self.agenda and self.agenda[0][0] <= now:
                heapq.heappop(self.agenda)[2](now)
            self._people()
            time.sleep(0.1)

    def _tell(self, kind: str, _at: float, **data: Any) -> None:
        self._ask(kind, **data)

    def _ask(self, kind: str, **data: Any) -> None:
        from django.utils import timezone  # noqa: PLC0415

        from tellonce.modules.phone.actions.asking import ask_switchboard  # noqa: PLC0415
        from tellonce.switchboard.codec import decode  # noqa: PLC0415

        ask_switchboard(fact=decode(kind, {"at": time.time()} | data), at=timezone.now())  # type: ignore[arg-type]

    def _later(self, seconds: float, act: Callable[[float], None]) -> None:
        heapq.heappush(self.agenda, (time.time() + seconds / self.pace * 10.0, next(self.order), act))

    def _within(self, span: tuple[float, float]) -> float:
        return self.rng.uniform(*span) / 10.0

    def _comes(self, now: float) -> None:
        name, queue = f"s{int(now)}-{next(self.number)}", "care" if self.rng.random() < 0.6 else "tech"
        is_chat = self.rng.random() < 0.2
        number = f"+1202555{self.rng.randint(0, 9999):04d}"
        if is_chat:
            name = self._writes(queue)
        else:
            self._ask("Arrived", contact=name, queue=queue, number=number)
        self.sent += 1
        self._later(self._within(PATIENCE_S), lambda _at: self._loses_patience(name))
        if self.rng.random() < 0.2:
            self._later(1.0, lambda _at: self._ask("KeyPressed", contact=name, key="1"))

    def _writes(self, queue: str) -> str:
        """A chat begins, as by the API."""
        from django.utils import timezone  # noqa: PLC0415

        from tellonce.modules.care.actions import begin_contact  # noqa: PLC0415
        from tellonce.modules.phone.actions import queue_contact  # noqa: PLC0415
        from tellonce.modules.phone.queries.written import name_of  # noqa: PLC0415
        from tellonce.modules.staff.contracts import SYSTEM  # noqa: PLC0415

        now = timezone.now()
        contact = begin_contact(channel="chat", at=now, by=SYSTEM, said="It does not work.", source="soak")
        queue_contact(contact_id=contact.pk, queue=queue, at=now)
        return name_of(contact.pk)

    def _is_written(self, name: str, person: int) -> None:
        """A chat is over when its contact is: whoever has it ends it on the desk."""
        from django.utils import timezone  # noqa: PLC0415

        from tellonce.modules.care.actions import end_contact  # noqa: PLC0415
        from tellonce.modules.staff.queries import person as who  # noqa: PLC0415

        by = who(person).as_actor()
        end_contact(contact_id=int(name.removeprefix("care-")), by=by, at=timezone.now())

    def _loses_patience(self, name: str) -> None:
        if self.live.filter(pk=name, person_id=None, is_callback=False).exists():
            self._ask("HungUp", contact=name)

    def _people(self) -> None:
        """Whoever is rung picks up; who talks, ends; who is called back is there, mostly."""
        rows = self.live.filter(person_id__isnull=False)
        for name, stage, person, since in rows.values_list("pk", "stage", "person_id", "since"):
            key = f"{name} {stage} {since}"
            if key in self.handled:
                continue
            self.handled.add(key)
            match stage:
                case "offered":
                    self._later(self._within(PICKS_UP_S), partial(self._tell, "Answered", contact=name, person=person))
                case "dialling":
                    kind = "DialAnswered" if self.rng.random() < 0.8 else "DialFailed"
                    self._later(0.5, partial(self._tell, kind, contact=name))
                case "talking" if person is not None:
                    self._talks(name, person)

    def _talks(self, name: str, person: int) -> None:
        length, draw = self._within(TALK_S), self.rng.random()
        if name.startswith("care-"):
            self._later(length, lambda _at: self._is_written(name, person))
            return
        if draw < 0.1:
            self._later(length / 3, lambda _at: self._ask("Held", contact=name, person=person))
            self._later(length / 2, lambda _at: self._ask("Resumed", contact=name, person=person))
        elif draw < 0.2:
            queue = "tech" if person in self.people["care"] else "care"
            line = {"contact": name, "person": person, "line": "Knows them.", "queue": queue}
            self._later(length / 2, lambda _at: self._ask("TransferAsked", **line))
        elif draw < 0.23:
            self._later(length / 2, lambda _at: self._ask("LineLost", contact=name))
        kind = "Finished" if draw < 0.6 else "HungUp"
        more = {"person": person} if kind == "Finished" else {}
        self._later(length, lambda _at: self._ask(kind, contact=name, **more))
        self._later(length + 0.5, lambda _at: self._ask("WrappedUp", person=person))

    def _pause(self, person: int, queue: str, _at: float) -> None:
        self._ask("PersonSet", person=person, presence="paused", reason="break")
        self._later(2.0, lambda _now: self._ask("PersonSet", person=person, presence="available"))
        self._later(30.0 + 60.0 * self.rng.random(), lambda now: self._pause(person, queue, now))


def prepare(server: databases.Server) -> dict[str, list[int]]:
    """An empty provider with two queues and seven people."""
    os.environ["DATABASE_URL"] = server.at(DATABASE)
    os.environ["TELLONCE_PHONE"] = "none"
    server.make(DATABASE)
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellonce.config.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:  # what an earlier run left
        for table in ("event", "checkpoint", "filed", "asked", "livecontact", "liveperson", "waitpromise", "call"):
            cursor.execute(f"TRUNCATE phone_{table} CASCADE")
    from tellonce.modules.phone.actions import add_queue, staff_queue  # noqa: PLC0415
    from tellonce.modules.phone.contracts import QueueTerms  # noqa: PLC0415
    from tellonce.modules.phone.models import Queue  # noqa: PLC0415
    from tellonce.modules.staff.actions import add_person  # noqa: PLC0415
    from tellonce.modules.staff.contracts import SYSTEM, Role  # noqa: PLC0415
    from tellonce.modules.staff.models import Person  # noqa: PLC0415

    people: dict[str, list[int]] = {}
    for code, count in PEOPLE.items():
        now = timezone.now()
        terms = QueueTerms(code.title(), wrap_s=5, ring_s=10, callback_above_s=1)
        queue = Queue.objects.filter(code=code).first() or add_queue(code=code, terms=terms, by=SYSTEM, at=now)
        mails = [f"soak-{code}-{number}@example.net" for number in range(count)]
        found = {each.email: each for each in Person.objects.filter(email__in=mails)}
        people[code] = [
            (found.get(mail) or add_person(email=mail, name=mail, role=Role.REPRESENTATIVE, at=now, password=None)).pk
            for mail in mails
        ]
        staff_queue(queue_id=queue.pk, people=people[code], numbers=(), by=SYSTEM, at=now)
    return people


def faults(load: Load) -> tuple[int, int, int]:
    """Accounts that do not add up, contacts that are stuck, and events not filed yet; by what was kept until now."""
    from django.db import connection, transaction  # noqa: PLC0415
    from django.db.models import Max  # noqa: PLC0415

    from tellonce.modules.phone.models import Asked, Filed, JournalEvent  # noqa: PLC0415
    from tellonce.switchboard.codec import decode  # noqa: PLC0415
    from tellonce.switchboard.engine import rebuild  # noqa: PLC0415

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        rows = JournalEvent.objects.order_by("pk").values_list("kind", "data")
        board = rebuild(decode(kind, data) for kind, data in rows.iterator()).board
        unheard = Asked.objects.filter(kind="Arrived").count()
        last = JournalEvent.objects.aggregate(last=Max("pk"))["last"] or 0
        stuck = stuck_contacts(load.people)
        shown = load.live.filter(
            stage__in=("waiting", "offered", "dialling", "talking", "scheduled"), parent=""
        ).count()
        filed = Filed.objects.first()
    wrong = sum(
        each.entered != each.answered + each.abandoned + each.callback + each.waiting for each in board.tallies.values()
    )
    entered = sum(each.entered for each in board.tallies.values())
    wrong += entered != load.sent - unheard
    wrong += sum(not each.parent for each in board.contacts.values()) != shown
    return wrong, stuck, last - (filed.event_id if filed else 0)


def stuck_contacts(people: dict[str, list[int]]) -> int:
    """Those that have been where they are for too long; `people` can take what waits in their queue."""
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from tellonce.modules.phone.models import LiveContact, LivePerson  # noqa: PLC0415

    now = timezone.now()
    free = LivePerson.objects.filter(state="available", since__lt=now - timedelta(seconds=FREE_S))
    served = {queue for queue, found in people.items() if free.filter(pk__in=found).exists()}
    old = LiveContact.objects.filter(since__lt=now - timedelta(seconds=STUCK_S)).exclude(stage="scheduled")
    waits_for_people = old.filter(is_callback=True, stage="waiting").exclude(queue_code__in=served)
    return old.count() - waits_for_people.count()


def main() -> None:
    """Plays, looks every minute, and says what it saw."""
    minutes, pace = number_after("--minutes", 30), float(number_after("--pace", 10))
    with databases.server() as server:
        people = prepare(server)
        with switchboard() as pid:
            time.sleep(8.0)
            load, began = Load(people, pace=pace), time.time()
            memory: list[float] = []
            wrong = stuck = behind = 0
            for minute in range(1, minutes + 1):
                load.run(began + minute * 60.0)
                found = faults(load)
                wrong, stuck, behind = wrong + found[0], max(stuck, found[1]), found[2]
                memory.append(memory_mb(pid))
                tell(f"minute {minute}: {load.sent} came, {memory[-1]:.1f} MB, {found}")
    say_all(memory, load.sent, wrong, stuck, behind)


def say_all(memory: list[float], sent: int, wrong: int, stuck: int, behind: int) -> None:
    """The figures; memory grows from the second minute on, when everything has been used once."""
    growth = memory[-1] - memory[min(int(WARM_S // 60), len(memory) - 1)]
    figures = (
        Figure("contacts in the soak", sent, "contacts"),
        Figure("memory of the switchboard at the end", memory[-1], "MB"),
        Figure("its growth after two minutes", growth, "MB", "at most", MOST_GROWTH_MB),
        Figure("accounts that did not add up, in all minutes", wrong, "accounts"),
        Figure("contacts that were stuck", stuck, "contacts"),
        Figure("events not filed at the end", behind, "events"),
    )
    with unheard():
        for figure in figures:
            say(figure)
    if found := faults_in(growth, wrong, stuck):
        raise SystemExit(f"the soak found what it should not: {found}")


def faults_in(growth: float, wrong: int, stuck: int) -> str:
    """What is wrong with it, "" for nothing."""
    found = (
        (growth > MOST_GROWTH_MB, f"memory that grew by {growth:.1f} MB"),
        (wrong > 0, f"{wrong} accounts that did not add up"),
        (stuck > 0, f"{stuck} contacts that were stuck"),
    )
    return ", ".join(words for is_so, words in found if is_so)


if __name__ == "__main__":
    if "--serve" in sys.argv:
        import django

        django.setup()
        from tellonce.config.setup import read_setup
        from tellonce.config.switchboard import run

        run(read_setup(os.environ))
    else:
        main()
