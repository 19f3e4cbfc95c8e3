"""Who changed and ended an outage is kept and shown."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.network import actions
from tellonce.modules.record import actions as record
from tellonce.modules.staff.contracts import Role
from tests.factories import a_person


@pytest.mark.django_db
def test_who_changed_and_ended_an_outage_stands_on_its_page() -> None:
    now, client = timezone.now(), Client()
    area = record.add_area(name="Eastmoor", kind="region", code="E")
    outage = actions.report_outage(
        area_id=area.pk,
        kind="lost",
        began_at=now - timedelta(hours=1),
        expected_until=None,
        cause="",
        by=a_person(name="Tom").as_actor(),
        at=now,
    )
    client.force_login(a_person(role=Role.SUPERVISOR, name="Una Brandt"))
    client.post(f"/outages/{outage.pk}/change", {"kind": "lost", "expected_until": "", "cause": "A digger"})
    ended_at = timezone.localtime(now).strftime("%Y-%m-%dT%H:%M")
    client.post(f"/outages/{outage.pk}/end", {"ended_at": ended_at})
    page = client.get(f"/outages/{outage.pk}").content.decode()
    assert page.count("· Una Brandt</span>") == 2
    assert "cause: A digger" in page
