"""Killed half way, an import leaves nothing; two at once, one wins; the next run finds its way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from tellonce.intake import actions, queries
from tellonce.intake.contracts import ImportBusyError, ImportStateError, RunState
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.making import ADA, CUSTOMERS, HEADER, NOW, a_file, brought_in
from tellonce.intake.web.shown import shown
from tellonce.modules.record.models import Customer, Moment
from tests.databases import url_of_test_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
_ROWS = 12_000
_IMPORT = """
import sys, django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from tellonce.intake.actions.bringing import bring_in_file
from tellonce.modules.staff.contracts import SYSTEM
bring_in_file(path=Path(sys.argv[1]), mapping_text=Path(sys.argv[2]).read_text(), as_of=None, by=SYSTEM,
              at=datetime.now(UTC), progress=lambda rows, fraction: print(rows, flush=True))
"""
_UNDO = """
import sys, django
django.setup()
from datetime import UTC, datetime
from tellonce.intake.actions import undoing
from tellonce.intake.contracts import ImportStateError
from tellonce.modules.staff.contracts import SYSTEM
hide = undoing.hide_moments_of
def half_way(**more):
    print("half way", flush=True)
    sys.stdin.readline()
    return hide(**more)
undoing.hide_moments_of = half_way
try:
    undoing.undo(run_id=int(sys.argv[1]), by=SYSTEM, at=datetime.now(UTC))
except ImportStateError as error:
    print(error, flush=True)
else:
    print("undone", flush=True)
"""


@pytest.fixture
def big(tmp_path: Path) -> Path:
    path = tmp_path / "big.csv"
    rows = (f"{n},Name {n},2020-01-31,A-{n},{n} Elm St,Ely,Net,59.00" for n in range(_ROWS))
    path.write_text("\n".join((HEADER, *rows)) + "\n")
    (tmp_path / "small.toml").write_text(CUSTOMERS)
    return path


@pytest.fixture
def importing(big: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process, in the middle of importing the file."""
    with _beside(_IMPORT, str(big), str(big.with_name("small.toml"))) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "2000"
        yield process
        process.kill()


def _beside(script: str, *arguments: str) -> "subprocess.Popen[str]":
    """The script in a process of its own, on the same database."""
    environment = os.environ | {
        "DATABASE_URL": url_of_test_database(),
        "DJANGO_SETTINGS_MODULE": "tellonce.config.settings",
    }
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def _said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _is_free(source: str) -> bool:
    with transaction.atomic():
        return queries.lock_source(source)


def test_a_kill_half_way_leaves_nothing_and_the_next_run_succeeds(
    importing: "subprocess.Popen[str]", big: Path
) -> None:
    run = ImportRun.objects.get()
    assert (run.state, queries.is_alive(run)) == (RunState.RUNNING, True)
    importing.send_signal(signal.SIGKILL)
    importing.wait()
    _until_free("small")
    assert not Customer.objects.exists()
    assert not Moment.objects.exists()
    run.refresh_from_db()
    assert (run.state, queries.is_alive(run), shown(run).state) == (RunState.RUNNING, False, RunState.STOPPED)
    done = actions.bring_in(run_id=run.pk, by=ADA, at=NOW, path=big)
    assert (done.state, done.added, Customer.objects.count()) == (RunState.DONE, _ROWS, _ROWS)


def test_of_two_imports_of_the_same_file_at_once_the_second_is_told(
    importing: "subprocess.Popen[str]", big: Path
) -> None:
    first = ImportRun.objects.get()
    with pytest.raises(ImportBusyError, match="small"):
        brought_in(big)
    with pytest.raises(ImportStateError):
        actions.bring_in(run_id=first.pk, by=ADA, at=NOW, path=big)
    assert importing.wait() == 0
    first.refresh_from_db()
    assert (first.state, first.added) == (RunState.DONE, _ROWS)
    second = ImportRun.objects.exclude(pk=first.pk).get()
    assert second.state == RunState.STOPPED


def test_progress_is_seen_by_others_while_the_import_is_not(big: Path) -> None:
    received = actions.receive(chunks=[big.read_bytes()], name="big.csv")
    run = actions.ask_for(received=received, mapping_text=CUSTOMERS, as_of=None, by=ADA, at=NOW)
    seen: list[tuple[int, int]] = []
    original = Customer.objects.count

    def spy(_execute: object, sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith("SELECT nextval") and "record_customer" in str(params):
            beside = connections.create_connection("default")
            with beside.cursor() as cursor:
                cursor.execute("SELECT rows, (SELECT count(*) FROM record_customer) FROM intake_importrun")
                seen.append(cursor.fetchone())
            beside.close()
        return _execute(sql, params, many, context)  # type: ignore[operator]  # Django's wrapper

    with connection.execute_wrapper(spy):
        actions.bring_in(run_id=run.pk, by=ADA, at=NOW)
    assert seen[0] == (0, 0)
    assert seen[-1][0] > 0
    assert {customers for _rows, customers in seen} == {0}
    assert original() == _ROWS


ROW = "1,Ana,2020-01-31,A-1,1 Elm St,Ely,Net,59.00"


@pytest.fixture
def changed(tmp_path: Path) -> tuple[ImportRun, str]:
    """An import that changed a price, and the state of everything after it."""
    brought_in(a_file(tmp_path, ROW))
    run = brought_in(a_file(tmp_path, ROW.replace("59.00", "64.00"), "2,Ben,2020-01-31,A-2,2 Elm St,Ely,Net,59.00"))
    return run, _everything()


def _everything() -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in (
            "record_service",
            "record_customer",
            "record_moment",
            "record_importchange",
            "record_hiddenimport",
        ):
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            rows += cursor.fetchall()
    return str(rows)


def test_an_undo_that_is_killed_half_way_has_not_begun(changed: tuple[ImportRun, str]) -> None:
    run, before = changed
    with _beside(_UNDO, str(run.pk)) as undoing:
        assert _said(undoing) == "half way"
        undoing.send_signal(signal.SIGKILL)
    _until_free("small")
    run.refresh_from_db()
    assert (run.state, _everything()) == (RunState.DONE, before)
    undone = actions.undo(run_id=run.pk, by=ADA, at=NOW)
    assert (undone.customers, undone.given_back, undone.stays) == (1, 1, ())


def test_of_two_undos_at_once_one_undoes_and_the_other_is_told(changed: tuple[ImportRun, str]) -> None:
    run, _before = changed
    with _beside(_UNDO, str(run.pk)) as first:
        assert _said(first) == "half way"
        with _beside(_UNDO, str(run.pk)) as second:
            _until_waiting()
            assert first.stdin is not None
            print(file=first.stdin, flush=True)
            assert _said(first) == "undone"
            assert "cannot be undone" in _said(second)
    assert Moment.objects.filter(kind="record.import_undone").count() == 1


def _until_waiting() -> None:
    """Until some process waits for a lock of another."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def _until_free(source: str) -> None:
    """The database notices a killed client after its current statement."""
    for _ in range(200):
        if _is_free(source):
            return
        time.sleep(0.05)
    raise AssertionError("the killed import still holds its lock")
