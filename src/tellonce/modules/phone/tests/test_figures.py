"""What the figures for Prometheus say of the phone: accounts that add up, and how long contacts are where they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tellonce.modules.phone.models import LiveContact, LiveQueue
from tellonce.modules.phone.serving.shown import show
from tellonce.modules.phone.tests.floors import keep
from tellonce.switchboard.facts import Finished, HungUp, LineLost
from tellonce.switchboard.settings import Member
from tellonce.switchboard.settings import Queue as EngineQueue
from tellonce.switchboard.showing import Showing
from tellonce.switchboard.tests.making import Floor
from tests.factories import a_person

pytestmark = pytest.mark.django_db


def figures() -> dict[tuple[str, ...], float]:
    """Every sample of the phone, by its name and labels."""
    text = Client().get("/metrics").content.decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {
        (sample.name, *(sample.labels[key] for key in sorted(sample.labels, reverse=True))): sample.value
        for sample in samples
    }


def a_floor(person: int) -> Floor:
    floor = Floor(
        EngineQueue("care", "care", wrap_s=60.0), EngineQueue("tech", "tech"), members=(Member(person, {"care": 1}),)
    )
    floor.comes(person)
    return floor


def test_the_accounts_of_each_queue_add_up() -> None:
    ann = a_person()
    floor = a_floor(ann.pk)
    for place, call in enumerate(("over", "left", "lost", "waits")):
        floor.calls(call, number=f"+1202555010{place}")
        floor.wait(1.0)
        if call == "over":
            floor.answers(ann.pk, call)
            floor.take(Finished(floor.at, call, ann.pk))
    floor.take(HungUp(floor.at, "left"))
    floor.take(LineLost(floor.at, "lost"))
    keep(floor)
    found = figures()
    account = {name: found["tellonce_queue_contacts", "care", name] for name in floor.accounts()}
    assert account == floor.accounts()
    assert account["entered"] == 4
    assert account["answered"] == account["abandoned"] == account["callback"] == account["waiting"] == 1
    assert found["tellonce_queue_contacts", "tech", "entered"] == 0
    assert found["tellonce_people", "wrapping_up"] == 1


def test_what_a_step_changes_is_written_and_no_more() -> None:
    floor, showing = a_floor(a_person().pk), Showing()
    floor.calls("first")
    assert [queue for queue, _ in showing.everything(floor.board).tallies] == ["care", "tech"]
    floor.calls("second", number="+12025550199")
    shown = showing.changed(floor.board, floor.steps[-1])
    assert [(queue, tally.entered) for queue, tally in shown.tallies] == [("care", 2)]
    assert showing.changed(floor.board, ()).tallies == ()
    connection.ensure_connection()
    LiveQueue.objects.create(code="gone", entered=1, waiting=1, answered=0, abandoned=0, callback=0)
    with connection.connection.cursor() as cursor:
        show(cursor, shown)
        assert set(LiveQueue.objects.values_list("code", "entered")) == {("care", 2), ("gone", 1)}
        show(cursor, showing.everything(floor.board))
    assert set(LiveQueue.objects.values_list("code", flat=True)) == {"care", "tech"}


def test_the_oldest_of_each_stage_is_told_and_who_waits_for_a_callback_is_apart() -> None:
    now = timezone.now()
    for name, stage, is_callback, ago in (
        ("a", "waiting", False, 30), ("b", "waiting", False, 300), ("c", "waiting", True, 4000),
        ("d", "offered", True, 800), ("e", "offered", False, 700),
    ):  # fmt: skip
        since = now - timedelta(seconds=ago)
        LiveContact.objects.create(
            pk=name, channel="call", stage=stage, is_callback=is_callback, entered_at=since, since=since
        )
    found = figures()
    assert found["tellonce_contacts", "waiting"] == 2
    assert found["tellonce_contacts", "offered"] == 2
    for stage, ago in (("waiting", 300), ("callback", 4000), ("offered", 800)):
        assert found["tellonce_contacts_oldest_seconds", stage] == pytest.approx(ago, abs=90)
    assert found["tellonce_switchboard_serves",] == 0
