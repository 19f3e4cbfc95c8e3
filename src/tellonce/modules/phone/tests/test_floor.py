"""The floor's page: who may see it, and what it says of a floor that an engine has left."""

import json
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tellonce.kernel.tickets import read
from tellonce.modules.phone import queries
from tellonce.modules.phone.contracts import QueueTerms
from tellonce.modules.phone.models import JournalEvent, LiveContact, Queue, Skill
from tellonce.modules.phone.queries.day import KINDS, Share
from tellonce.modules.phone.tests.floors import keep
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.staff.contracts import PermissionSet, Role
from tellonce.modules.staff.models import Person
from tellonce.switchboard.facts import PersonSet, Presence
from tellonce.switchboard.settings import Member
from tellonce.switchboard.settings import Queue as EngineQueue
from tellonce.switchboard.tests.making import Floor
from tests.factories import a_customer, a_partner, a_person, a_promise, a_site

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).with_name("queries.json")
CARE = EngineQueue("care", "care")


@pytest.fixture(autouse=True)
def _no_help_of_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def care() -> Queue:
    return a_queue("care", skill_code="care", time_zone="UTC")


def somebody(name: str, *codes: str, **more: object) -> Person:
    person = a_person(name=name, **more)  # type: ignore[arg-type] # what a person may have
    for code in codes or ("care",):
        Skill.objects.create(person=person, code=code)
    return person


def an_engine(*people: Person, minutes_ago: float = 30.0, queues: tuple[EngineQueue, ...] = (CARE,)) -> Floor:
    """An engine whose clock stands some minutes before now."""
    floor = Floor(*queues, members=tuple(Member(person.pk, {"care": 1}) for person in people))
    floor.at = timezone.now().timestamp() - minutes_ago * 60.0
    return floor


def number(place: int) -> str:
    return f"+120255501{place:02}"


def signed_in(**more: object) -> Client:
    client = Client()
    client.force_login(a_person(**({"role": Role.SUPERVISOR} | more)))  # type: ignore[arg-type]
    return client


def text(client: Client, address: str = "/floor", **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def part(client: Client) -> str:
    return text(client, **{"HX-Request": "true", "HX-Target": "floor"})


@pytest.mark.parametrize(
    ("role", "sets", "may"),
    [
        (Role.SUPERVISOR, (), True),
        (Role.MANAGER, (), True),
        (Role.ADMINISTRATOR, (), True),
        (Role.ANALYST, (PermissionSet.PLANNER,), True),
        (Role.ANALYST, (), False),
        (Role.REPRESENTATIVE, (PermissionSet.COACH,), False),
        (Role.TECHNICIAN, (), False),
    ],
)
def test_who_leads_and_who_plans_sees_the_floor(role: str, sets: tuple[str, ...], may: bool) -> None:
    client = signed_in(role=role, permission_sets=sets)
    for address in ("/floor", "/floor/help"):
        assert client.get(address).status_code == (200 if may else 403)
    assert ('href="/floor"' in client.get("/today").content.decode()) == may


def test_only_the_floor_s_page_grants_to_listen_to_it(care: Queue) -> None:
    answer = signed_in().get("/floor")
    ticket = parse_qs(urlsplit(answer.context["live_url"]).query)["ticket"][0]
    assert "floor" in read(ticket, secret=settings.SECRET_KEY, now_s=timezone.now().timestamp()).topics


def test_no_queue_yet() -> None:
    assert "There is no queue yet" in text(signed_in())


def test_who_waits_too_long_is_said_first(care: Queue) -> None:
    dana = somebody("Dana")
    floor = an_engine(dana, minutes_ago=6.1)
    floor.comes(dana.pk)
    floor.calls("talks", number=number(1))
    floor.answers(dana.pk, "talks")
    floor.calls("a", number=number(2))
    floor.wait(200.0)
    floor.calls("b", number=number(3))
    keep(floor)
    LiveContact.objects.filter(pk="a").update(told_until=timezone.now() - timedelta(seconds=65))
    said = part(signed_in())
    assert '<b class="strong">Care:</b> 2 people wait, the longest for 6 minutes; told: ' in said
    assert "Nobody waits too long" not in said
    assert "1 on a contact" in said
    assert re.search(r">over by <time [^>]*>1:0[5-9]</time>", said)
    assert 'hx-get="/floor/help"' in said


def test_who_has_just_called_waits_and_nothing_is_wrong(care: Queue) -> None:
    dana = somebody("Dana")
    floor = an_engine(dana, minutes_ago=0.1)
    floor.comes(dana.pk)
    floor.calls("a", number=number(2))
    keep(floor)
    said = part(signed_in())
    assert "Nobody waits too long." in said
    assert "1 person has waited for less than a minute." in said
    assert "rings" in said


def test_nobody_at_work_is_too_long_at_once(care: Queue) -> None:
    floor = an_engine(somebody("Dana"), minutes_ago=0.1)
    floor.calls("a", number=number(2))
    keep(floor)
    said = part(signed_in())
    assert "told: that the wait is not known. Nobody is at work for it." in said


def test_people_by_state_with_names_on_demand_and_reasons_of_pauses(care: Queue) -> None:
    people = [somebody(name) for name in ("Ann", "Bob", "Cat", "Eve")]
    ann, bob, cat, _eve = people
    floor = an_engine(*people)
    floor.comes(ann.pk, bob.pk)
    floor.calls("a", number=number(1))
    floor.answers(ann.pk, "a")
    floor.take(PersonSet(floor.at, cat.pk, Presence.PAUSED, "lunch"))
    keep(floor)
    client = signed_in()
    said = part(client)
    for words in ("1 available", "1 on a contact", "1 paused (lunch)", "1 away"):
        assert words in said
    assert "<dt>available</dt><dd>Bob</dd>" in said
    assert "Eve" not in said, "who is not here is not listed"
    wall = text(client, "/floor?wall=1")
    assert "1 paused (lunch)" in wall
    assert "Bob" not in wall


def test_a_queue_s_people_are_at_its_places(care: Queue) -> None:
    north = a_site(name="North")
    Queue.objects.filter(pk=care.pk).update(home=["North", "Helpers"])
    somebody("Ann", site=north)
    somebody("Bob", partner=a_partner(name="Helpers"))
    somebody("Cat", site=a_site(name="South"))
    (queue,) = queries.floor_now(timezone.now()).queues
    assert [person.name for person in queue.people] == ["Ann", "Bob"]


def test_a_callback_waits_apart_and_a_call_between_colleagues_nowhere(care: Queue) -> None:
    dana = somebody("Dana")
    floor = an_engine(dana, minutes_ago=2, queues=(EngineQueue("care", "care", callback_above_s=30.0),))
    floor.calls("a", number=number(1))
    floor.presses("1", "a")
    keep(floor)
    (queue,) = queries.floor_now(timezone.now()).queues
    assert (len(queue.waiting), len(queue.callbacks)) == (0, 1)


def test_the_day_s_numbers_by_queue_and_site(care: Queue) -> None:
    site = a_site(name="North", time_zone="UTC")
    Queue.objects.filter(pk=care.pk).update(site=site)
    a_queue("tech", skill_code="care", time_zone="UTC")
    dana = somebody("Dana")
    now = timezone.now()
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    noon -= timedelta(days=noon > now - timedelta(hours=2))
    floor = a_morning(dana, noon)
    keep(floor)
    found = queries.floor_now(noon + timedelta(hours=1))
    (queue, tech) = found.queues
    assert (queue.day.quarters, queue.day.answered, queue.day.abandoned) == (Share(1, 2), 3, 1)
    assert tech.day.answered == 0
    assert found.sites == (("", Share(0, 0)), ("North", Share(1, 2)))
    later = queries.floor_now(noon + timedelta(days=1))
    assert later.queues[0].day.answered == 0, "another day"


def a_morning(dana: Person, noon: datetime) -> Floor:
    """A quarter hour that is kept, and one in which one of two is answered in time and one hangs up."""
    floor = an_engine(dana)
    floor.at = noon.timestamp()
    for place, (wait_s, answered) in enumerate(
        ((10.0, True), (20.0, True), (900.0, None), (30.0, True), (70.0, False))
    ):
        if answered is None:
            floor.wait(wait_s)
            continue
        floor.calls(f"c{place}", number=number(place))
        floor.wait(wait_s)
        if answered:
            floor.comes(dana.pk)
            floor.answers(dana.pk, f"c{place}")
        floor.hangs_up(f"c{place}")
        floor.pauses(dana.pk)
    return floor


def test_the_journal_is_read_once_and_then_only_what_is_new(care: Queue) -> None:
    dana = somebody("Dana")
    floor = an_engine(dana, minutes_ago=3)
    floor.calls("a", number=number(1))
    keep(floor)
    now = timezone.now()
    queries.floor_now(now)
    kept = JournalEvent.objects.count()
    last = JournalEvent.objects.filter(kind__in=KINDS).latest("id").pk
    before = len(floor.steps)
    floor.hangs_up("a")
    more, floor.steps = floor.steps[before:], floor.steps[before:]
    assert more
    keep(floor)
    with CaptureQueriesContext(connection) as seen:
        (queue,) = queries.floor_now(now).queues
    assert queue.day.abandoned + queue.day.short == 1
    reading = [each["sql"] for each in seen if "phone_event" in each["sql"] and '"data"' in each["sql"]]
    assert reading
    assert all(f'"phone_event"."id" > {last}' in sql for sql in reading)
    assert JournalEvent.objects.count() > kept


def test_a_restored_journal_is_read_anew(care: Queue) -> None:
    floor = an_engine(somebody("Dana"), minutes_ago=3)
    floor.calls("a", number=number(1))
    floor.wait(20.0)
    floor.hangs_up("a")
    keep(floor)
    now = timezone.now()
    assert queries.floor_now(now).queues[0].day.abandoned == 1
    JournalEvent.objects.all().delete()
    assert queries.floor_now(now).queues[0].day.abandoned == 0


def test_promises_that_are_due_within_the_hour_name_no_customer(care: Queue) -> None:
    dana, now = somebody("Dana Reyes"), timezone.now()
    maria = a_customer(name="Maria Alvarez")
    for minutes in (-10, 30, 90):
        a_promise(customer=maria, due_at=now + timedelta(minutes=minutes), by=dana.as_actor(),
                  at=now - timedelta(days=1), owner_person_id=dana.pk, kind="call")  # fmt: skip
    said = part(signed_in())
    assert said.count("Call · Dana Reyes") == 2
    assert "10 min late" in said
    assert "Maria" not in said
    assert "2 promises are still to be kept" in text(signed_in(), "/floor?wall=1")


def test_what_would_help_is_worked_out_and_kept_for_a_minute(care: Queue) -> None:
    dana = somebody("Dana")
    floor = an_engine(dana, minutes_ago=30)
    floor.comes(dana.pk)
    for place in range(12):
        floor.calls(f"c{place}", number=number(place))
        floor.wait(120.0)
    keep(floor)
    client = signed_in()
    said = text(client, "/floor/help", **{"HX-Request": "true", "HX-Target": f"help-{care.pk}"})
    assert "<html" not in said
    assert "more people for Care" in said
    assert "within 60 seconds instead of" in said
    Queue.objects.filter(pk=care.pk).update(name="Other")
    assert "more people for Other" in text(client, "/floor/help"), "the same answer, by the name that it has now"


def test_while_one_look_is_worked_out_another_waits_for_it(care: Queue) -> None:
    cache.add("floor-help-working", value=True, timeout=5)
    assert "Playing the next 30 minutes" in text(signed_in(), "/floor/help")


def test_without_a_switchboard_it_says_so(care: Queue) -> None:
    assert "No switchboard is running" in part(signed_in())


def test_the_page_asks_as_often_as_it_did(care: Queue) -> None:
    """Run with TELLONCE_RECORD_QUERIES=1 to write how often it asks now."""
    dana = somebody("Dana")
    floor = an_engine(dana)
    floor.calls("a", number=number(1))
    keep(floor)
    client = signed_in()
    client.get("/floor")
    counted = {}
    for name, headers in (("floor", {}), ("floor, a part", {"HX-Request": "true", "HX-Target": "floor"})):
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/floor", headers=headers).status_code == 200
        counted[name] = len(seen)
    if os.environ.get("TELLONCE_RECORD_QUERIES"):
        BASELINE.write_text(json.dumps(counted, indent=2) + "\n", encoding="utf-8")
    assert counted == json.loads(BASELINE.read_text(encoding="utf-8"))


def test_terms_of_a_queue_change_what_is_in_time(care: Queue) -> None:
    dana = somebody("Dana")
    now = timezone.now()
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    keep(a_morning(dana, noon))
    at = noon + timedelta(hours=1)
    assert queries.floor_now(at).queues[0].day.quarters == Share(1, 2)
    Queue.objects.filter(pk=care.pk).update(target_within_s=15)
    assert queries.floor_now(at).queues[0].day.quarters == Share(0, 2)
    assert QueueTerms("Care").target_within_s == 60
