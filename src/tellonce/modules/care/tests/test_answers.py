"""The page of canned answers."""

import pytest
from django.test import Client
from django.urls import reverse

from tellonce.modules.care import queries
from tellonce.modules.staff.contracts import Role
from tests.factories import a_matter, a_person

pytestmark = pytest.mark.django_db


def test_answers_are_added_changed_and_retired_by_those_who_lead(client: Client) -> None:
    client.force_login(a_person(role=Role.SUPERVISOR))
    form = {"title": "Boxes", "body": "Dear {customer}", "language": "en", "matter": a_matter("tv")}
    assert client.post(reverse("admin_answers"), form | {"title": ""}).status_code == 422
    assert client.post(reverse("admin_answers"), form).status_code == 303
    added = next(line for line in queries.canned_answers(a_matter("tv.box")) if line.title == "Boxes")
    address = reverse("admin_answer", args=[added.id])
    assert "Dear {customer}" in client.get(address).content.decode()
    assert client.post(address, form | {"language": "es", "matter": ""}).status_code == 303
    assert added.id in {line.id for line in queries.canned_answers(None, "es")}
    assert client.post(reverse("admin_answer_retire", args=[added.id])).status_code == 303
    assert client.get(address).status_code == 404


def test_a_representative_does_not_change_answers(client: Client) -> None:
    client.force_login(a_person())
    assert client.get(reverse("admin_answers")).status_code == 403
