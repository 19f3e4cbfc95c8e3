"""The page of queues: added, changed, retired by those who plan, with a trace; nonsense is told where it was typed."""

import hashlib

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.contracts import BadQueueError, QueueTakenError, QueueTerms
from tellonce.modules.phone.models import DeskPhone, Queue, Skill
from tellonce.modules.phone.tests.making import a_queue, answered
from tellonce.modules.staff.contracts import SYSTEM, PermissionSet, Role
from tellonce.modules.staff.queries import changes_about
from tests.factories import NOW, a_person, a_site

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Billing",
    "code": "billing",
    "skill_code": "billing",
    "target_percent": "80",
    "target_within_s": "60",
    "level": "1",
    "priority": "0",
    "ring_s": "20",
    "wrap_s": "60",
}


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


def test_who_answers_and_which_numbers_are_kept_and_audited() -> None:
    care, tech = a_queue("care", skill_code="care"), a_queue("tech", skill_code="tech")
    ada, bo = a_person(name="Ada"), a_person(name="Bo")
    actions.set_skills(person_id=bo.pk, skills={"care": 3, "tech": 1}, by=SYSTEM, at=NOW)
    actions.staff_queue(queue_id=care.pk, people=[ada.pk, bo.pk], numbers=["+12025550100"], by=SYSTEM, at=NOW)
    assert queries.people_who_can("care") == {ada.pk, bo.pk}
    assert dict(Skill.objects.filter(person_id=bo.pk).values_list("code", "level")) == {"care": 3, "tech": 1}
    with pytest.raises(QueueTakenError, match=r"\+12025550100 leads to Care already"):
        actions.staff_queue(queue_id=tech.pk, people=[], numbers=["+12025550100"], by=SYSTEM, at=NOW)
    assert queries.people_who_can("tech") == {bo.pk}
    actions.staff_queue(queue_id=care.pk, people=[ada.pk], numbers=[], by=SYSTEM, at=NOW)
    assert (queries.people_who_can("care"), queries.numbers_of(care.pk)) == ({ada.pk}, [])
    assert [each.what for each in changes_about(about="queue", about_id=care.pk)].count("staffed") == 2


def test_a_planner_says_on_the_page_who_answers() -> None:
    care = a_queue("care", skill_code="care")
    ada, client = a_person(name="Ada"), Client()
    client.force_login(a_person(role="administrator"))
    address = f"/admin/queues/{care.pk}"
    client.post(f"{address}/staff", {"people": [ada.pk], "numbers": "+12025550100, care"})
    assert queries.numbers_of(care.pk) == ["+12025550100", "care"]
    text = client.get(address).content.decode()
    assert "+12025550100, care" in text
    assert "Ada" in text
    assert client.post(f"{address}/staff", {"people": [0]}).status_code == 422


def test_a_phone_signs_in_with_a_password_that_is_not_kept() -> None:
    ada = a_person(name="Ada")
    first = actions.give_phone(person_id=ada.pk, by=SYSTEM, at=NOW)
    second = actions.give_phone(person_id=ada.pk, by=SYSTEM, at=NOW)
    kept = DeskPhone.objects.get(person=ada)
    assert kept.user == first.user == second.user
    assert kept.ha1 == hashlib.md5(f"{second.user}:{actions.REALM}:{second.password}".encode()).hexdigest()
    assert second.password not in kept.ha1
    actions.take_phone_back(person_id=ada.pk, by=SYSTEM, at=NOW)
    assert not DeskPhone.objects.exists()
