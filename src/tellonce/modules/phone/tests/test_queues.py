"""The page of queues: added, changed, retired by those who plan, with a trace; nonsense is told where it was typed."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.contracts import BadQueueError, QueueTakenError, QueueTerms
from tellonce.modules.phone.models import Queue
from tellonce.modules.phone.tests.making import a_queue, answered
from tellonce.modules.staff.contracts import SYSTEM, PermissionSet, Role
from tests.factories import NOW, a_person, a_site

pytestmark = pytest.mark.django_db
FORM = {"name": "Billing", "code": "billing", "skill_code": "billing", "target_percent": "80", "target_within_s": "60"}


def test_a_planner_adds_changes_and_retires_a_queue(client: Client) -> None:
    site = a_site(time_zone="America/Denver")
    client.force_login(a_person(role=Role.ANALYST, permission_sets=[PermissionSet.PLANNER]))
    assert client.post(reverse("admin_queues"), FORM | {"site": site.pk}).status_code == 303
    added = queries.queue_by_code("billing")
    assert (added.target_share, added.time_zone, added.is_open) == (0.8, "America/Denver", True)
    address = reverse("admin_queue", args=[added.id])
    changed = FORM | {"name": "Bills", "target_percent": "92.5", "time_zone": "Europe/Madrid", "site": ""}
    assert client.post(address, changed).status_code == 303
    now = queries.queue_line(added.id)
    assert (now.name, now.code, now.target_share, now.time_zone) == ("Bills", "billing", 0.925, "Europe/Madrid")
    client.post(reverse("admin_queue_retire", args=[added.id]))
    assert queries.queues() == ()
    page = client.get(address).content.decode()
    assert "Retired" in page
    assert "92.5%" in page
    client.post(reverse("admin_queue_retire", args=[added.id]), {"back": "1"})
    assert [line.id for line in queries.queues()] == [added.id]


def test_nonsense_is_told_where_it_was_typed_and_nothing_is_kept(client: Client) -> None:
    a_queue("care", name="Care")
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    for wrong in (
        {"target_percent": "0"},
        {"target_percent": "101"},
        {"target_percent": "nan"},
        {"target_within_s": "-1"},
        {"code": "no spaces"},
        {"time_zone": "Mars/Olympus"},
        {"name": "Care"},
        {"code": "care"},
    ):
        answer = client.post(reverse("admin_queues"), FORM | wrong)
        assert (wrong, answer.status_code) == (wrong, 422)
        assert "errorlist" in answer.content.decode() or "error" in answer.content.decode()
    assert Queue.objects.count() == 1


def test_the_action_and_the_database_refuse_what_the_form_would(client: Client) -> None:
    queue = a_queue("care", name="Care")
    for terms in (
        QueueTerms(name=" "),
        QueueTerms(name="x", target_share=float("nan")),
        QueueTerms("x", time_zone="?"),
    ):
        with pytest.raises(BadQueueError):
            actions.change_queue(queue_id=queue.pk, terms=terms, by=SYSTEM, at=NOW)
    with pytest.raises(QueueTakenError):
        a_queue("care", name="Other")
    with pytest.raises(IntegrityError):
        Queue.objects.filter(pk=queue.pk).update(target_share=float("nan"))


def test_the_page_says_how_many_calls_there_are_and_is_for_those_who_plan(client: Client) -> None:
    queue = a_queue("care", name="Care")
    actions.load_calls([answered(queue), answered(queue, after_s=9)], by=SYSTEM, at=NOW)
    client.force_login(a_person(role=Role.SUPERVISOR))
    assert client.get(reverse("admin_queues")).status_code == 403
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    assert "2 calls" in client.get(reverse("admin_queues")).content.decode()
