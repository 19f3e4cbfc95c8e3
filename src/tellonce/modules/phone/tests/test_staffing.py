"""Where a queue is answered, who helps, how well people can, and menus: set on the page, kept to by the engine."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.contracts import BadQueueError, QueueNotFoundError, QueueTerms
from tellonce.modules.phone.models import Entry, Queue, Skill
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.phone.tests.test_queues import FORM
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.queries import changes_about
from tellonce.switchboard.codec import decode, encode
from tellonce.switchboard.engine import Engine
from tellonce.switchboard.facts import Arrived, Configured, KeyPressed, PersonSet, Presence, TimePassed
from tests.factories import NOW, a_partner, a_person, a_site

pytestmark = pytest.mark.django_db(transaction=True)
AT = NOW.timestamp()
NUMBER = "+12025550100"


def an_engine(*here: Person) -> Engine:
    """One that is set as the database says, with these people available."""
    engine = Engine()
    configured = Configured(AT, PhoneDirectory().around(AT).settings)
    assert decode(*encode(configured)) == configured
    engine.take(configured)
    for person in here:
        engine.take(PersonSet(AT, person.pk, Presence.AVAILABLE))
    return engine


def ringing(engine: Engine, person: Person) -> str:
    return engine.board.people[person.pk].ringing


def by_skill(queue: Queue, **levels: int) -> None:
    people = {Person.objects.get(name=name.title()).pk: level for name, level in levels.items()}
    actions.staff_queue(queue_id=queue.pk, people=list(people), numbers=[], levels=people, by=SYSTEM, at=NOW)


def test_others_help_a_queue_after_the_seconds_that_the_page_says() -> None:
    north, helpers = a_site(name="North"), a_partner(name="Helpers")
    care = a_queue("care")
    here, elsewhere = a_person(name="Ann"), a_person(name="Bo")
    Person.objects.filter(pk=here.pk).update(site=north)
    Person.objects.filter(pk=elsewhere.pk).update(partner=helpers)
    by_skill(care, ann=1, bo=1)
    client = Client()
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    terms = FORM | {
        "name": "Care",
        "skill_code": "",
        "home": ["North"],
        "overflow_to": ["Helpers"],
        "overflow_after_s": "40",
    }
    assert client.post(f"/admin/queues/{care.pk}", terms).status_code == 303
    line = queries.queue_line(care.pk)
    assert (line.home, line.overflow_to, line.overflow_after_s) == (("North",), ("Helpers",), 40)
    engine = an_engine(elsewhere)
    engine.take(Arrived(AT, "a", queue="care"))
    engine.take(TimePassed(AT + 39))
    assert ringing(engine, elsewhere) == ""
    engine.take(TimePassed(AT + 40))
    assert ringing(engine, elsewhere) == "a"
    engine.take(PersonSet(AT + 41, here.pk, Presence.AVAILABLE))
    engine.take(Arrived(AT + 42, "b", queue="care"))
    assert ringing(engine, here) == "b"
    text = client.get(f"/admin/queues/{care.pk}").content.decode()
    assert "after 40 s also Helpers" in text
    assert "they help after seconds" in text


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"home": ("Nowhere",)}, "no site or partner “Nowhere”"),
        ({"home": ("North",), "overflow_to": ("South",)}, "said together"),
        ({"home": ("North",), "overflow_after_s": 30}, "said together"),
        ({"overflow_to": ("South",), "overflow_after_s": 30}, "not everybody"),
        ({"home": ("North",), "overflow_to": ("North",), "overflow_after_s": 30}, "cannot help later"),
        ({"home": ("North",), "overflow_to": ("South",), "overflow_after_s": 86_401}, "0 to 86,400"),
        ({"level": 6}, "1 to 5"),
        ({"level": 0}, "1 to 5"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(terms: dict[str, object], said: str) -> None:
    a_site(name="North"), a_site(name="South")
    queue = a_queue("care")
    with pytest.raises(BadQueueError, match=said):
        actions.change_queue(queue_id=queue.pk, terms=QueueTerms("Care", **terms), by=SYSTEM, at=NOW)  # type: ignore[arg-type]
    assert queries.queue_line(queue.pk).home == ()


def test_a_site_that_has_another_name_by_now_closes_no_queue() -> None:
    site = a_site(name="North")
    queue = a_queue("care", home=("North",))
    ann = a_person(name="Ann")
    Person.objects.filter(pk=ann.pk).update(site=site)
    by_skill(queue, ann=1)
    site.name = "Uptown"
    site.save()
    engine = an_engine(ann)
    engine.take(Arrived(AT, "a", queue="care"))
    assert ringing(engine, ann) == "a"


def test_only_people_at_the_level_take_its_calls() -> None:
    queue = a_queue("hard", level=3)
    ann, bo = a_person(name="Ann"), a_person(name="Bo")
    by_skill(queue, ann=2, bo=3)
    engine = an_engine(ann, bo)
    engine.take(Arrived(AT, "a", queue="hard"))
    engine.take(Arrived(AT + 1, "b", queue="hard"))
    assert (ringing(engine, ann), ringing(engine, bo)) == ("", "a")
    floor = queries.floor_now(NOW)
    assert [person.name for person in floor.queues[0].people] == ["Bo"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Queue.objects.filter(pk=queue.pk).update(level=6)


def test_levels_are_set_on_the_page_and_stand_in_the_history() -> None:
    queue = a_queue("care", level=2)
    ann, bo, cat = (a_person(name=name) for name in ("Ann", "Bo", "Cat"))
    by_skill(queue, ann=1, bo=4)
    client = Client()
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    page = client.get(f"/admin/queues/{queue.pk}").content.decode()
    assert page.count("Below level 2") == 1
    sent = {"people": [ann.pk, bo.pk, cat.pk], f"level_{ann.pk}": "5", f"level_{bo.pk}": "4", "numbers": ""}
    assert client.post(f"/admin/queues/{queue.pk}/staff", sent).status_code == 303
    assert queries.levels_of("care") == {ann.pk: 5, bo.pk: 4, cat.pk: 2}
    last = changes_about(about="queue", about_id=queue.pk)[0]
    assert (last.before, last.after) == ({"people": 2, "levels": ["Ann 1"]}, {"people": 3, "levels": ["Ann 5"]})
    assert client.post(f"/admin/queues/{queue.pk}/staff", sent | {f"level_{bo.pk}": "6"}).status_code == 422
    with pytest.raises(BadQueueError, match="level from 1 to 5"):
        actions.staff_queue(queue_id=queue.pk, people=[bo.pk], numbers=[], levels={bo.pk: 0}, by=SYSTEM, at=NOW)
    assert Skill.objects.get(person=bo).level == 4


def test_a_menu_is_set_on_the_page_and_leads_where_it_says() -> None:
    care, billing = a_queue("care"), a_queue("billing")
    actions.staff_queue(queue_id=care.pk, people=[], numbers=[NUMBER], by=SYSTEM, at=NOW)
    client = Client()
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    address = f"/admin/queues/{care.pk}"
    sent = {"number": NUMBER, "key_1": billing.pk, "key_3": care.pk}
    assert client.post(f"{address}/menu", sent).status_code == 303
    assert Entry.objects.get().menu == {"1": "billing", "3": "care"}
    assert f"{NUMBER}: 1 → Billing" in client.get(address).content.decode()
    engine = an_engine()
    for contact, key in (("a", "1"), ("b", "0"), ("c", "2")):
        engine.take(Arrived(AT, contact, entry=NUMBER))
        engine.take(KeyPressed(AT + 1, contact, key))
    engine.take(Arrived(AT + 2, "d", entry=NUMBER))
    engine.take(TimePassed(AT + 2 + 60 + 9))
    waits = {name: contact.queue for name, contact in engine.board.contacts.items()}
    assert waits == {"a": "billing", "b": "care", "c": "care", "d": "care"}
    actions.staff_queue(queue_id=care.pk, people=[], numbers=[NUMBER, "200"], by=SYSTEM, at=NOW)
    assert Entry.objects.get(number=NUMBER).menu == {"1": "billing", "3": "care"}
    assert client.post(f"{address}/menu", {"number": NUMBER}).status_code == 303
    assert Entry.objects.get(number=NUMBER).menu == {}


def test_a_menu_that_cannot_be_is_told_where_it_was_typed_and_not_kept() -> None:
    care, billing, old = a_queue("care"), a_queue("billing"), a_queue("old")
    actions.retire_queue(queue_id=old.pk, by=SYSTEM, at=NOW + timedelta(hours=1))
    actions.staff_queue(queue_id=care.pk, people=[], numbers=[NUMBER], by=SYSTEM, at=NOW)

    def menu(*keys: tuple[str, int], number: str = NUMBER) -> None:
        actions.set_menu(queue_id=care.pk, number=number, keys=keys, by=SYSTEM, at=NOW)

    with pytest.raises(BadQueueError, match="0 always leads to a person"):
        menu(("0", billing.pk))
    with pytest.raises(BadQueueError, match="two queues"):
        menu(("1", billing.pk), ("1", care.pk))
    with pytest.raises(BadQueueError, match="One key is enough"):
        menu(("1", billing.pk), ("2", billing.pk))
    with pytest.raises(BadQueueError, match="does not lead"):
        menu(("1", billing.pk), number="999")
    with pytest.raises(QueueNotFoundError):
        menu(("1", old.pk))
    client = Client()
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    answer = client.post(f"/admin/queues/{care.pk}/menu", {"number": NUMBER, "key_1": billing.pk, "key_2": billing.pk})
    assert answer.status_code == 422
    assert "One key is enough" in answer.content.decode()
    assert Entry.objects.get().menu == {}
