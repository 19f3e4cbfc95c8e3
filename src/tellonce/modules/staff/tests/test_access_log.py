"""The access log keeps everything, and nobody edits it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tellonce.modules.staff import actions, queries
from tellonce.modules.staff.contracts import ReasonNeededError
from tellonce.modules.staff.models import AccessEntry
from tellonce.modules.staff.queries import AccessFilter
from tests.factories import NOW, a_person, a_view

pytestmark = pytest.mark.django_db


def test_a_view_without_contact_or_reason_is_refused_and_not_logged() -> None:
    with pytest.raises(ReasonNeededError):
        a_view(person=a_person(), customer_id=7, page="customer", at=NOW)

    assert not AccessEntry.objects.exists()


def test_a_view_with_a_reason_is_marked_and_one_in_a_contact_is_not() -> None:
    person = a_person(name="Ana")

    a_view(person=person, customer_id=7, page="customer", at=NOW, reason="asked by billing")
    a_view(person=person, customer_id=7, page="desk", at=NOW, contact_id=3)

    marked = queries.access_entries(AccessFilter(without_contact=True))
    assert [(entry.person_name, entry.reason) for entry in marked] == [("Ana", "asked by billing")]
    assert queries.access_entries(AccessFilter(person="ana", customer_id=7)).count() == 2


def test_the_log_is_found_by_period() -> None:
    person = a_person()
    actions.log_search(person=person, at=NOW, words="alvarez")
    actions.log_search(person=person, at=NOW + timedelta(days=1), words="okafor")

    found = queries.access_entries(AccessFilter(since=NOW + timedelta(hours=1)))

    assert [entry.searched_for for entry in found] == ["okafor"]


def test_the_database_refuses_to_edit_or_delete() -> None:
    actions.log_search(person=a_person(), at=NOW, words="alvarez")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AccessEntry.objects.update(searched_for="")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AccessEntry.objects.all().delete()


def test_retention_deletes_only_what_is_older_and_closes_the_door_again() -> None:
    person = a_person()
    actions.log_search(person=person, at=NOW - timedelta(days=400), words="old")
    actions.log_search(person=person, at=NOW, words="new")

    assert actions.forget_old_entries(before=NOW - timedelta(days=365)) == 1

    assert [entry.searched_for for entry in AccessEntry.objects.all()] == ["new"]
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AccessEntry.objects.all().delete()
