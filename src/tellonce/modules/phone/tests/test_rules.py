"""The rules of routing: set by an administrator, kept to by the switchboard and by what is rehearsed alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tellonce.lab.routing import Rules
from tellonce.modules.care import actions as care
from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.contracts import BadQueueError
from tellonce.modules.phone.models import RoutingRules
from tellonce.modules.phone.queries.help import situation, worked_out
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.phone.tests.test_staffing import an_engine, ringing
from tellonce.modules.staff.contracts import SYSTEM, PermissionSet, Role
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.queries import changes_about
from tellonce.switchboard.facts import NOBODY, Arrived, PersonSet, Presence
from tests.factories import NOW, a_contact, a_customer, a_partner, a_person, a_site

pytestmark = pytest.mark.django_db(transaction=True)
AT = NOW.timestamp()
NUMBER = "+12025550123"
FORM: dict[str, Any] = {
    "priority_s": "600",
    "promise_s": "300",
    "effort_s": "90",
    "continuity_s": "240",
    "continuity_within_d": "14",
    "level_s": "10",
    "breadth_s": "20",
    "shares_s": "500",
}


def set_rules(**rules: Any) -> None:
    actions.set_rules(rules=Rules(**rules), by=SYSTEM, at=NOW)


def live() -> Rules:
    return PhoneDirectory().around(AT).settings.rules


def test_an_administrator_sets_the_rules_and_they_are_live_and_rehearsed() -> None:
    north, care_queue = a_site(name="North"), a_queue("care")
    ann = a_person(name="Ann")
    Person.objects.filter(pk=ann.pk).update(site=north)
    actions.staff_queue(queue_id=care_queue.pk, people=[ann.pk], numbers=[], by=SYSTEM, at=NOW)
    client = Client()
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    assert "10000000" in client.get("/admin/queues/rules").content.decode()
    assert client.post("/admin/queues/rules", FORM | {"share_0": "25", "reserve_0": "2"}).status_code == 303
    said = Rules(600, 300, 90, 240, 14 * 86_400.0, 10, 20, 500, {"North": 0.25}, {"care": 2})
    assert queries.routing_rules() == said
    assert live() == said
    assert situation(NOW).rules == said
    assert worked_out(situation(NOW), NOW).outlooks[0].queue == "care"
    page = client.get("/admin/queues/rules").content.decode()
    assert "North 25.0%" in page
    change = changes_about(about="routingrules", about_id=1)[0]
    assert (change.before["effort_s"], change.after["effort_s"]) == ("60", "90")


def test_planners_do_not_set_rules_and_see_no_way_to_them() -> None:
    client = Client()
    client.force_login(a_person(role=Role.ANALYST, permission_sets=[PermissionSet.PLANNER]))
    assert client.get("/admin/queues/rules").status_code == 403
    assert "/admin/queues/rules" not in client.get("/admin/queues").content.decode()


def test_what_cannot_be_is_refused_by_form_action_and_database() -> None:
    a_site(name="North"), a_partner(name="Helpers"), a_queue("care")
    for wrong, said in (
        ({"effort_s": -1.0}, "100,000,000"),
        ({"effort_s": float("nan")}, "100,000,000"),
        ({"shares": {"Nowhere": 0.5}}, "Nowhere"),
        ({"shares": {"North": 0.5, "Helpers": 0.5}}, "not of both"),
        ({"shares": {"North": 1.5}}, "at most 100%"),
        ({"reserve": {"unheard": 1}}, "unheard"),
        ({"reserve": {"care": -1}}, "kept free"),
    ):
        with pytest.raises(BadQueueError, match=said):
            set_rules(**wrong)
    client = Client()
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    assert client.post("/admin/queues/rules", FORM | {"effort_s": "-1"}).status_code == 422
    answer = client.post("/admin/queues/rules", FORM | {"share_0": "60", "share_1": "60"})
    assert "not of both" in answer.content.decode()
    assert queries.routing_rules() == Rules()
    set_rules(effort_s=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoutingRules.objects.update(effort_s=float("nan"))


def test_what_concerns_nobody_by_now_is_left_out_and_closes_no_line() -> None:
    north, south = a_site(name="North"), a_site(name="South")
    care_queue, old = a_queue("care"), a_queue("old")
    ann = a_person(name="Ann")
    Person.objects.filter(pk=ann.pk).update(site=north)
    actions.staff_queue(queue_id=care_queue.pk, people=[ann.pk], numbers=[], by=SYSTEM, at=NOW)
    set_rules(shares={"North": 0.5, "South": 0.5}, reserve={"old": 1})
    assert (live().shares, live().reserve) == ({"North": 0.5}, {})
    assert (south.name, old.code) == ("South", "old")
    engine = an_engine(ann)
    engine.take(Arrived(AT, "a", queue="care"))
    assert ringing(engine, ann) == "a"


def test_who_had_to_call_again_comes_first_by_what_the_rule_is_worth() -> None:
    queue, ann = a_queue("care"), a_person(name="Ann")
    actions.staff_queue(queue_id=queue.pk, people=[ann.pk], numbers=[], by=SYSTEM, at=NOW)
    mia = a_customer(name="Mia", phone=NUMBER)
    missed = a_contact(customer=mia, at=NOW - timedelta(hours=2))
    care.end_contact(contact_id=missed.pk, by=SYSTEM, at=NOW - timedelta(hours=2))
    for effort_s, first in ((0.0, "other"), (60.0, "mia")):
        set_rules(effort_s=effort_s)
        engine = an_engine()
        engine.take(Arrived(AT, "other", queue="care"))
        engine.take(PhoneDirectory().known(Arrived(AT + 30, "mia", queue="care", number=NUMBER)))
        engine.take(PersonSet(AT + 40, ann.pk, Presence.AVAILABLE))
        assert ringing(engine, ann) == first


def test_a_caller_is_known_by_what_it_cost_them_and_who_talked_with_them_last() -> None:
    mia, ann, bo = a_customer(name="Mia", phone=NUMBER), a_person(name="Ann"), a_person(name="Bo")
    first = a_contact(customer=mia, taken_by=ann, at=NOW - timedelta(days=3))
    passed = care.hand_over(
        contact_id=first.pk, to_person_id=bo.pk, line="Please", by=ann.as_actor(), at=NOW - timedelta(days=3)
    )
    care.take_over(hand_over_id=passed.pk, by=bo.as_actor(), at=NOW - timedelta(days=3))
    care.end_contact(contact_id=first.pk, by=bo.as_actor(), at=NOW - timedelta(days=2))
    for days in (1, 8):
        missed = a_contact(customer=mia, at=NOW - timedelta(days=days))
        care.end_contact(contact_id=missed.pk, by=SYSTEM, at=NOW - timedelta(days=days))
    waiting = a_contact(customer=mia, channel="chat", at=NOW)
    known = PhoneDirectory().known(Arrived(AT, "a", number=NUMBER))
    assert waiting.taken_by_id is None
    assert (known.customer, known.efforts, known.last_person) == (mia.pk, 2, bo.pk)
    assert known.last_at == (NOW - timedelta(days=2)).timestamp()
    given = PhoneDirectory().known(Arrived(AT, "b", customer=mia.pk))
    assert replace(given, contact="a", number=NUMBER) == known
    new = PhoneDirectory().known(Arrived(AT, "c", number="+12025550199"))
    assert (new.efforts, new.last_person) == (0, NOBODY)


def test_whoever_talked_with_them_last_gets_them_again_as_long_as_the_rule_says() -> None:
    queue, ann, bo = a_queue("care"), a_person(name="Ann"), a_person(name="Bo")
    actions.staff_queue(queue_id=queue.pk, people=[ann.pk, bo.pk], numbers=[], by=SYSTEM, at=NOW)
    mia = a_customer(name="Mia", phone=NUMBER)
    a_contact(customer=mia, taken_by=bo, at=NOW - timedelta(days=2))
    for within_s, whose in ((7 * 86_400.0, bo), (3_600.0, ann)):
        set_rules(continuity_within_s=within_s)
        engine = an_engine(ann, bo)  # Ann has been free for as long, and is asked first
        engine.take(PhoneDirectory().known(Arrived(AT + 5, "mia", queue="care", number=NUMBER)))
        assert ringing(engine, whose) == "mia"
