"""Call logs come in: the queue, the caller and the times as the file has them, once, and out again by undo."""

import gzip
from pathlib import Path

import pytest

from tellonce.intake import actions
from tellonce.intake.commands import import_file
from tellonce.intake.contracts import BadMappingError, RunState
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.making import ADA, NOW, a_file, brought_in
from tellonce.modules.phone.contracts import QueueNotFoundError
from tellonce.modules.phone.models import Call, Queue
from tellonce.modules.phone.tests.making import a_queue
from tests.factories import a_customer

pytestmark = pytest.mark.django_db

HEADER = "id,at,asked,answered,ended,outcome,who,caller,line"
ZONE = 'as = "time", format = "%Y-%m-%d %H:%M:%S", zone = { constant = "America/Denver" }'
WORDS = '{ yes = "answered", no = "abandoned", menu = "left_menu", solved = "solved_in_menu" }'
MAPPING = f"""
name = "switch"
title = "A small call log"
of = "calls"
source = "switch"

[[queue]]
code = "help"
name = "Technical help"
skill = "tech"
answer_within_s = 30
time_zone = "America/Denver"

[call]
external_id = "id"
queue = {{ column = "line", values = {{ "1" = "help" }}, keep_others = true }}
arrived_at = {{ column = "at", {ZONE} }}
queued_at = {{ template = "2026-02-01 {{asked}}", {ZONE}, when = {{ column = "asked", is_not = "" }} }}
answered_at = {{ template = "2026-02-01 {{answered}}", {ZONE}, when = {{ column = "answered", is_not = "" }} }}
ended_at = {{ template = "2026-02-01 {{ended}}", {ZONE} }}
outcome = {{ column = "outcome", values = {WORDS} }}
person_code = "who"
caller_code = "caller"
customer_external_id = "caller"
customer_source = "crm"
"""
ROWS = (
    "c1,2026-02-01 10:00:00,10:00:20,10:01:00,10:05:00,yes,ana,77,1",
    "c2,2026-02-01 23:59:50,00:00:05,,00:00:35,no,,,1",
    "c3,2026-02-01 11:00:00,,,11:00:09,menu,,78,1",
)


def _log(folder: Path, *rows: str) -> Path:
    return a_file(folder, *(rows or ROWS), header=HEADER, name="log.csv")


def test_times_become_waits_also_past_midnight_and_the_queue_is_made(tmp_path: Path) -> None:
    customer = a_customer(source="crm", external_id="77")
    run = brought_in(_log(tmp_path), MAPPING)
    assert (run.state, run.added) == (RunState.DONE, 3), run.report
    assert set(run.report["notes"]) == {"1 queue is new.", "1 call is of a customer whom nobody knows here."}
    queue = Queue.objects.get()
    assert (queue.code, queue.skill_code, queue.target_within_s, queue.time_zone) == (
        "help", "tech", 30, "America/Denver",
    )  # fmt: skip
    first, late, menu = Call.objects.order_by("external_id")
    assert (first.customer_id, first.wait_s, first.handle_s, first.person_code) == (customer.pk, 40, 240, "ana")
    assert first.arrived_at.isoformat() == "2026-02-01T17:00:00+00:00"
    assert (late.customer_id, late.wait_s, late.outcome) == (0, 30, "abandoned")
    assert late.queued_at is not None
    assert (late.queued_at - late.arrived_at).total_seconds() == 15
    assert (menu.queued_at, menu.wait_s, menu.caller_code) == (None, None, "78")


def test_again_nothing_is_new_and_undo_takes_the_calls_away_until_the_next_time(tmp_path: Path) -> None:
    path = _log(tmp_path)
    run = brought_in(path, MAPPING)
    again = brought_in(path, MAPPING)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert actions.undo(run_id=run.pk, by=ADA, at=NOW).calls == 3
    assert (Call.objects.count(), Queue.objects.count()) == (0, 1)
    assert brought_in(path, MAPPING).added == 3


def test_a_queue_that_is_stated_is_that_of_all_calls_and_must_be_there(tmp_path: Path) -> None:
    stated = a_queue("all")
    path = _log(tmp_path)
    with pytest.raises(QueueNotFoundError, match="there are: all"):
        import_file(kind="calls", path=path, mapping=_written(tmp_path), by=ADA, at=NOW, queue="care")
    done = import_file(kind="calls", path=path, mapping=_written(tmp_path), by=ADA, at=NOW, queue="all")
    assert done.report.counts.added == 3
    assert set(Call.objects.values_list("queue_id", flat=True)) == {stated.pk}
    assert ImportRun.objects.get(pk=done.run_id).queue == "all"


def test_a_packed_file_is_read_as_it_is_and_a_broken_one_is_told(tmp_path: Path) -> None:
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(_log(tmp_path).read_bytes()))
    heard: list[float] = []
    done = import_file(
        kind="calls",
        path=packed,
        mapping=_written(tmp_path),
        by=ADA,
        at=NOW,
        only_look=True,
        progress=lambda _rows, share: heard.append(share),
    )
    assert (done.is_good, done.report.counts.added, Call.objects.count()) == (True, 3, 0)
    assert heard[-1] == 1.0
    packed.write_bytes(packed.read_bytes()[:-20])
    broken = import_file(kind="calls", path=packed, mapping=_written(tmp_path), by=ADA, at=NOW)
    assert [problem.what for problem in broken.report.problems] == [
        "This packed file (gzip) is damaged, or not all of it is here."
    ]


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ("c9,2026-02-01 10:00:00,,,10:00:09,gone,,,1", "outcome", "The mapping does not know this value."),
        ("c9,2026-02-01 10:00:00,10:00:09,,10:00:20,yes,,,1", "wait_s", "How long the call waited is not told."),
        ("c9,2026-02-01 10:00:00,10:00:09,10:00:05,10:00:20,yes,,,1", "answered_at", "It ends before it begins."),
        ("c9,2026-02-01 10:00:00,10:00:09,10:00:15,10:00:20,yes,,,7", "", "There is no queue with this code."),
    ],
)
def test_a_row_that_cannot_be_is_told_by_its_place_and_nothing_comes_in(
    tmp_path: Path, row: str, column: str, what: str
) -> None:
    run = brought_in(_log(tmp_path, *ROWS, row), MAPPING)
    assert run.state == RunState.REFUSED
    assert [(each["line"], each["column"], each["what"]) for each in run.report["problems"]] == [(5, column, what)]
    assert not Call.objects.exists()
    assert not Queue.objects.exists()


def test_only_calls_wait_in_a_queue(tmp_path: Path) -> None:
    a_queue("all")
    path = a_file(tmp_path, "1,2,3", header="Ticket #,Date,Time")
    with pytest.raises(BadMappingError, match="only calls wait in a queue"):
        import_file(kind="contacts", path=path, mapping="fcc-complaints", by=ADA, at=NOW, queue="all")


def _written(folder: Path) -> str:
    path = folder / "switch.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return str(path)
