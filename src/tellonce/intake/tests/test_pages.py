"""The administrator's pages of imports: hand in, look, bring in, undo; nobody else gets there."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tellonce.intake import actions, tasks
from tellonce.intake.contracts import RunState
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.making import CUSTOMERS, a_file, brought_in
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import Role
from tests.factories import a_person

pytestmark = pytest.mark.django_db
ROW = "1,Ana,2020-01-31,A-1,1 Elm St,Ely,Net,59.00"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    return client


def _hand_in(client: Client, content: bytes, **more: object) -> ImportRun:
    data = {
        "file": SimpleUploadedFile("mine.csv", content),
        "mapping": "own",
        "own_mapping": SimpleUploadedFile("mine.toml", CUSTOMERS.encode()),
    }
    response = client.post("/admin/imports", data | more)
    assert response.status_code == 303, response.content.decode()
    return ImportRun.objects.latest("pk")


def test_a_file_is_handed_in_looked_at_brought_in_and_undone(admin: Client, tmp_path: Path) -> None:
    run = _hand_in(admin, a_file(tmp_path, ROW).read_bytes())
    waiting = admin.get(f"/admin/imports/{run.pk}")
    assert b'hx-trigger="every 1s"' in waiting.content
    tasks.look_at.func(run.pk)
    looked = admin.get(f"/admin/imports/{run.pk}", headers={"HX-Request": "true", "HX-Target": "run"})
    assert b"<html" not in looked.content
    assert b"would be added" in looked.content
    assert b"Bring it in" in looked.content
    assert not Customer.objects.filter(source="small").exists()
    assert admin.post(f"/admin/imports/{run.pk}/start").status_code == 303
    assert admin.post(f"/admin/imports/{run.pk}/start").status_code == 409
    tasks.bring_in.func(run.pk)
    tasks.bring_in.func(run.pk)
    assert Customer.objects.get(source="small").name == "Ana"
    assert b"Undo this import" in admin.get(f"/admin/imports/{run.pk}").content
    assert b"Undo it" in admin.get(f"/admin/imports/{run.pk}/undo").content
    assert admin.post(f"/admin/imports/{run.pk}/undo").status_code == 303
    run.refresh_from_db()
    assert run.state == RunState.UNDONE


def test_a_bad_file_is_shown_with_line_column_value_and_what_to_do(admin: Client, tmp_path: Path) -> None:
    run = _hand_in(admin, a_file(tmp_path, ROW.replace("59.00", "<b>lots</b>")).read_bytes())
    tasks.look_at.func(run.pk)
    page = admin.get(f"/admin/imports/{run.pk}").content.decode()
    assert "&lt;b&gt;lots&lt;/b&gt;" in page
    assert "It is not a number." in page
    assert "Bring it in" not in page
    assert not actions.stored_path(run.stored_as).exists()


def test_a_bad_mapping_is_told_in_the_form(admin: Client) -> None:
    data = {
        "file": SimpleUploadedFile("mine.csv", b"id\n1\n"),
        "mapping": "own",
        "own_mapping": SimpleUploadedFile("mine.toml", b'name = "x"\n'),
    }
    response = admin.post("/admin/imports", data)
    assert response.status_code == 422
    assert "mine.toml, line 1" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_the_list_shows_what_came_in_and_others_are_refused(admin: Client, client: Client, tmp_path: Path) -> None:
    run = brought_in(a_file(tmp_path, ROW))
    assert f"/admin/imports/{run.pk}" in admin.get("/admin/imports").content.decode()
    client.force_login(a_person(role=Role.MANAGER))
    for path in ("/admin/imports", f"/admin/imports/{run.pk}", f"/admin/imports/{run.pk}/undo"):
        assert client.get(path).status_code == 403
