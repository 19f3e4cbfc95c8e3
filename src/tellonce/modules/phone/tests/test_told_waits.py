"""Told waits are kept with what happened, and shown by queue and hour of the day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tellonce.modules.care import actions as care
from tellonce.modules.care.contracts import ContactEnded
from tellonce.modules.care.models import Contact
from tellonce.modules.phone import models
from tellonce.modules.phone.models import WaitPromise
from tellonce.modules.phone.queries import queue_line, told_in_hour, told_waits
from tellonce.modules.phone.tests.journals import START, Journalled
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.record.models import Moment
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.switchboard.facts import Answered, Arrived, DialAnswered, HungUp, KeyPressed, PersonSet, Presence
from tellonce.switchboard.settings import Channel, Dialling, Member, Queue, Settings
from tests.factories import a_customer, a_person

pytestmark = pytest.mark.django_db
NOW = datetime.fromtimestamp(START, UTC) + timedelta(hours=2)


@pytest.fixture
def house() -> tuple[Journalled, int]:
    """Ann has a call and two more wait, who were told how long."""
    a_queue("care", time_zone="America/Chicago")
    ann = a_person().pk
    queues = (Queue("care", "care", callback_above_s=0.0),)
    house = Journalled(Settings(queues, (Member(ann, {"care": 1}),), dialling=Dialling(("+1",))))
    house.take(PersonSet(START, ann, Presence.AVAILABLE))
    for number in range(3):
        house.take(Arrived(START + number, f"c{number}", queue="care", number=f"+1202555010{number}"))
    house.take(Answered(START + 5, "c0", ann))
    return house, ann


def kept() -> dict[str, tuple[str, int]]:
    return {row.contact: (row.became, round(row.waited_s)) for row in WaitPromise.objects.all()}


def test_each_is_kept_when_it_is_known_what_happened(house: tuple[Journalled, int]) -> None:
    journalled, ann = house
    assert kept() == {}
    journalled.take(HungUp(START + 62, "c2"), HungUp(START + 100, "c0"))
    journalled.take(Answered(START + 111, "c1", ann))
    assert kept() == {"c2": ("abandoned", 60), "c1": ("answered", 110)}
    row = WaitPromise.objects.get(contact="c1")
    assert (row.queue_code, row.told_at.timestamp(), row.again_s) == ("care", START + 1, None)
    assert row.low_s is not None
    assert row.low_s < row.median_s < row.high_s  # type: ignore[operator]


def test_a_callback_ends_the_wait_when_it_is_dialled(house: tuple[Journalled, int]) -> None:
    journalled, ann = house
    journalled.take(KeyPressed(START + 10, "c1", "1"), HungUp(START + 90, "c0"), Answered(START + 95, "c1", ann))
    assert kept() == {"c1": ("called_back", 94)}
    journalled.take(DialAnswered(START + 99, "c1"))
    assert kept() == {"c1": ("called_back", 94)}


def test_nobody_told_a_chat_a_wait(house: tuple[Journalled, int]) -> None:
    journalled, _ann = house
    journalled.take(Arrived(START + 20, "chat", channel=Channel.CHAT, queue="care"), HungUp(START + 50, "chat"))
    assert kept() == {}


def test_an_hour_of_the_queues_own_clock(house: tuple[Journalled, int]) -> None:
    journalled, _ann = house
    journalled.take(HungUp(START + 62, "c2"))
    line = queue_line(_queue_id())
    (found,) = told_waits([line], days=7, now=NOW)
    (hour,) = found.hours
    assert (hour.hour, hour.told, found.whole.told) == (9, 1, 1)  # 15:00 UTC in Chicago's winter
    assert [row.contact for row in told_in_hour(line, hour=9, days=7, now=NOW)] == ["c2"]
    assert told_in_hour(line, hour=10, days=7, now=NOW) == []
    assert told_waits([line], days=7, now=NOW + timedelta(days=8)) == []


def test_pages_show_them_to_those_who_watch(house: tuple[Journalled, int], monkeypatch: pytest.MonkeyPatch) -> None:
    journalled, _ann = house
    journalled.take(HungUp(START + 62, "c2"))
    monkeypatch.setattr("tellonce.modules.phone.web.told.timezone.now", lambda: NOW)
    client = Client()
    client.force_login(a_person(role=Role.SUPERVISOR))
    text = client.get("/floor/told").content.decode()
    assert "09:00 to 10:00" in text
    assert "too few are over" in text
    rows = client.get(f"/floor/told/{_queue_id()}/9?days=28").content.decode()
    assert "hung up" in rows
    assert client.get(f"/floor/told/{_queue_id()}/10").content.decode().count("hung up") == 0
    client.force_login(a_person())
    assert client.get("/floor/told").status_code == 403


def _queue_id() -> int:
    return models.Queue.objects.get(code="care").pk


def test_the_story_says_what_was_told_and_whether_it_was_kept(house: tuple[Journalled, int]) -> None:
    journalled, ann = house
    for place in range(3):
        a_customer(phone=f"+1202555010{place}")
    told = _told_first("c1")
    journalled.take(HungUp(START + 30, "c2"), HungUp(START + 100, "c0"), Answered(START + 111, "c1", ann))
    care.end_contact(contact_id=Contact.objects.get(external_id="c1").pk, by=SYSTEM, at=NOW)
    assert (_ended("c1")["told_low_min"], _ended("c1")["told_high_min"]) == (told["low_min"], told["high_min"])
    assert _ended("c1")["told_kept"] is (told["high_min"] * 60 >= 110)
    assert _ended("c2").get("told_kept") is None
    assert _ended("c2")["told_high_min"] == _told_first("c2")["high_min"]
    journalled.take(Arrived(START + 200, "late", queue="care", number="+12025550100"))
    journalled.take(HungUp(START + 200 + 7_200, "late"))
    assert _ended("late")["told_kept"] is False


def _told_first(contact: str) -> dict[str, int]:
    data: dict[str, int] = models.JournalEvent.objects.filter(kind="WaitTold", contact=contact).order_by("pk")[0].data
    return data


def _ended(contact: str) -> dict[str, object]:
    contact_id = Contact.objects.get(external_id=contact).pk
    data: dict[str, object] = Moment.objects.get(kind="care.contact_ended", data__contact_id=contact_id).data
    return data


@pytest.mark.parametrize(
    ("low", "high", "was_kept", "said"),
    [
        (3, 6, True, "waited 4 minutes · was told 3 to 6 minutes"),
        (3, 6, False, "was told 3 to 6 minutes · it took longer"),
        (2, 2, None, "was told about 2 minutes"),
        (0, 1, True, "was told less than a minute"),
        (60, None, None, "was told more than an hour"),
    ],
)
def test_the_line_of_the_story_is_in_plain_words(low: int, high: int | None, was_kept: bool | None, said: str) -> None:
    ended = ContactEnded(
        1, "call", taken_by="Ann", waited_s=240, told_low_min=low, told_high_min=high, told_kept=was_kept
    )
    assert ended.headline().rest.endswith(said)
    assert "told" not in ContactEnded(1, "call", taken_by="Ann", waited_s=240).headline().rest
