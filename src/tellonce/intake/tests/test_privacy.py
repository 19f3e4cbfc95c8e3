"""What imports keep of people: handed out, lost with them, and not kept for long."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from tellonce.intake import actions, tasks
from tellonce.intake.actions.bringing import ask_for, look_at
from tellonce.intake.contracts import ImportStateError, RunState
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.making import ADA, CONTACTS, CUSTOMERS, NOW, a_file, brought_in
from tellonce.modules.care.models import Contact
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Customer, ImportChange
from tellonce.modules.record.tests.test_privacy import places_with
from tellonce.modules.staff.contracts import Role
from tests.factories import a_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TRACES = ("zwetschgenbaum", "quittengasse", "acc-zw-1", "crm-zw-9", "8885550142")
ROW = "CRM-ZW-9,Ottilie Zwetschgenbaum,2020-01-31,ACC-ZW-1,4 Quittengasse,Ely,Net,59.00"
BEN = "2,Ben,2021-05-01,A-2,2 Elm St,Ely,Tele,19.90"
WITH_PHONE = CUSTOMERS + '\n[[person]]\nname = "name"\nphone = "since"\n'


def _waiting(path: Path) -> ImportRun:
    received = actions.receive(chunks=[path.read_bytes()], name="waiting.csv")
    run = ask_for(received=received, mapping_text=CUSTOMERS, as_of=None, by=ADA, at=NOW)
    return look_at(run_id=run.pk, by=ADA, at=NOW)


@pytest.fixture
def ottilie(tmp_path: Path) -> int:
    """A customer of whom everything that intake may keep is kept."""
    brought_in(a_file(tmp_path, ROW, BEN))
    pk = Customer.objects.get(external_id="CRM-ZW-9").pk
    changed = brought_in(
        a_file(tmp_path, ROW.replace("Ottilie", "Otti").replace("4 Quitt", "5 Quitt"), BEN), at=NOW + DAY
    )
    assert changed.changed == 1
    refused = brought_in(a_file(tmp_path, ROW.replace("59.00", "4 Quittengasse"), BEN.replace("19.90", "cheap")))
    assert refused.state == RunState.REFUSED
    phone = brought_in(a_file(tmp_path, ROW.replace("2020-01-31", "888 555 0142 555")), WITH_PHONE)
    assert phone.state == RunState.REFUSED
    calls = a_file(
        tmp_path, "c1,2025-07-04T21:00:00,Zwetschgenbaum here,", header="call,at,said,customer", name="c.csv"
    )
    brought_in(calls, CONTACTS)
    calls.write_text(calls.read_text().replace("here,", "once more,CRM-ZW-9"))
    brought_in(calls, CONTACTS, at=NOW + DAY)
    assert Contact.objects.get().customer_id == pk
    _waiting(a_file(tmp_path, BEN, ROW))
    return pk


def test_the_export_says_what_imports_keep(ottilie: int) -> None:
    kept = record.export_customer(customer_id=ottilie, by=ADA, at=NOW, reason="asked for by letter")
    json.dumps(kept)
    intake = kept["intake"]
    assert [run["source"] for run in intake["imports"]] == ["small", "small", "small-calls"]
    assert [(one["line"], one["row"]["name"]) for one in intake["waiting_files"]] == [(3, "Ottilie Zwetschgenbaum")]
    assert {one["line"] for one in intake["quoted_in_reports"]} >= {2, 3}
    fields = {one["field"] for one in kept["record"]["changed_by_imports"]}
    assert {"name", "came", ""} <= fields


def test_an_erasure_leaves_no_word_of_the_person_in_any_table_or_file(
    ottilie: int, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    waiting = actions.stored_path(ImportRun.objects.exclude(stored_as="").get().stored_as)
    assert waiting.exists()
    assert all(places_with(trace) for trace in TRACES if trace != "8885550142")
    with django_capture_on_commit_callbacks(execute=True):
        record.erase_customer(customer_id=ottilie, by=ADA, at=NOW + DAY)
    assert {trace: places_with(trace) for trace in TRACES} == {trace: [] for trace in TRACES}
    assert not waiting.exists()
    assert not ImportChange.objects.exists()
    refused = ImportRun.objects.filter(state=RunState.REFUSED).earliest("pk").report
    assert [(problem["line"], problem["column"], problem["value"]) for problem in refused["problems"]] == [
        (2, "price", ""),
        (3, "price", ""),
    ]
    assert refused["problems"][0]["what"] == "It is not a number."


def test_an_import_whose_file_was_forgotten_says_so(
    ottilie: int, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = ImportRun.objects.latest("pk")
    with django_capture_on_commit_callbacks(execute=True):
        record.erase_customer(customer_id=ottilie, by=ADA, at=NOW + DAY)
    with pytest.raises(ImportStateError):
        actions.start(run_id=run.pk, by=ADA, at=NOW)
    with pytest.raises(ImportStateError, match="no longer kept"):
        actions.bring_in(run_id=run.pk, by=ADA, at=NOW)
    tasks.bring_in.func(run.pk)
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    page = client.get(f"/admin/imports/{run.pk}").content.decode()
    assert "no longer kept" in page
    assert "Bring it in" not in page


def test_waiting_files_go_after_their_period_and_a_job_that_waits_for_one_stops(
    tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    received = actions.receive(chunks=[a_file(tmp_path, BEN).read_bytes()], name="a.csv")
    run = ask_for(received=received, mapping_text=CUSTOMERS, as_of=None, by=ADA, at=NOW)
    path = actions.stored_path(received.stored_as)
    assert record.apply_retention(at=NOW + DAY)["import_files"] == 0
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert record.apply_retention(at=NOW + 3 * DAY)["import_files"] == 1
    run.refresh_from_db()
    assert (path.exists(), run.state, run.stored_as) == (False, RunState.STOPPED, "")


def test_what_undo_gives_back_and_reports_quote_goes_after_its_period(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, BEN))
    run = brought_in(a_file(tmp_path, BEN.replace("19.90", "24.90")), at=NOW)
    record.set_retention(kind="imports", days=30, by=ADA, at=NOW)
    assert record.apply_retention(at=NOW + 29 * DAY)["imports"] == 0
    assert ImportChange.objects.filter(import_id=run.pk).exists()
    assert record.apply_retention(at=NOW + 31 * DAY)["imports"] > 0
    assert not ImportChange.objects.exists()
    run.refresh_from_db()
    assert (run.report["first_rows"], run.changed) == ([], 1)
    assert record.apply_retention(at=NOW + 32 * DAY)["imports"] == 0
