"""Outages: told to everybody below the area once, read by the path of a premise, changed and ended."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tellonce.modules.network import actions, queries
from tellonce.modules.network.contracts import BadOutageError, NewOutage, OutageEndedError
from tellonce.modules.network.models import Outage
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import ServiceKind
from tellonce.modules.record.models import Area, Customer
from tellonce.modules.staff.contracts import SYSTEM, Role
from tests.factories import NOW, a_customer, a_person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _place() -> tuple[Area, Area, Area, Customer, Customer]:
    """A region with an area with a node; one customer at the node, one at another node of the region."""
    region = record.add_area(kind="region", name="West", code="W", parent_id=None)
    area = record.add_area(kind="area", name="Eastmoor", code="W-E", parent_id=region.pk)
    node, other = (
        record.add_area(kind="node", name=f"Eastmoor-{n}", code=f"W-E-{n}", parent_id=area.pk) for n in (7, 8)
    )
    here, elsewhere = a_customer(), a_customer()
    for customer, place in ((here, node), (elsewhere, other)):
        premise = record.add_premise(line=f"{customer.pk} Juniper Court", area_id=place.pk)
        record.move_in(customer_id=customer.pk, premise_id=premise.pk, by=SYSTEM, at=NOW - 900 * HOUR)
    return region, area, node, here, elsewhere


def _told(customer: Customer) -> list[str]:
    return [moment.kind for moment in record_queries.story_page(customer.pk, group="network")]


def _report(area: Area, **more: object) -> Outage:
    values = {"kind": "lost", "began_at": NOW, "expected_until": None, "cause": "a digger", "by": SYSTEM, "at": NOW}
    return actions.report_outage(area_id=area.pk, **(values | more))  # type: ignore[arg-type] # defaults of a test


def test_everybody_below_the_area_is_told_once_of_beginning_and_end() -> None:
    _region, area, node, here, elsewhere = _place()
    outage = _report(area)
    assert actions.tell_outages(at=NOW) == 2
    assert actions.tell_outages(at=NOW) == 0
    actions.end_outage(outage_id=outage.pk, by=SYSTEM, at=NOW + HOUR, ended_at=NOW + 38 * HOUR / 60)
    at_node = _report(node)
    assert actions.tell_outages(at=NOW + HOUR) == 3
    assert actions.tell_outages(at=NOW + HOUR) == 0
    assert _told(here) == ["network.outage_ended", "network.outage_began", "network.outage_began"]
    assert _told(elsewhere) == ["network.outage_ended", "network.outage_began"]
    ended = record_queries.story_page(elsewhere.pk, group="network")[0]
    assert ended.at == NOW + timedelta(minutes=38)
    assert ended.headline.rest == "38 minutes · 2 customers · a digger"
    assert queries.outage(at_node.pk).customers == 1
    actions.end_outage(outage_id=at_node.pk, by=SYSTEM, at=NOW + 190 * HOUR, ended_at=NOW + 190 * HOUR)
    actions.tell_outages(at=NOW + 190 * HOUR)
    ended = record_queries.story_page(here.pk, group="network")[0]
    assert ended.headline.rest == "7 days 22 hours · 1 customer · a digger"


def test_a_batch_that_was_told_before_a_kill_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    _region, area, _node, here, elsewhere = _place()
    _report(area)
    monkeypatch.setattr(actions, "_BATCH", 1)
    told = actions._tell_some(Outage.objects.get().pk, record_queries.customers_in_area(area.pk), at=NOW)
    assert (told, _told(here), _told(elsewhere)) == (1, ["network.outage_began"], [])
    assert actions.tell_outages(at=NOW) == 1
    assert (_told(here), _told(elsewhere)) == (["network.outage_began"], ["network.outage_began"])


def test_an_outage_of_some_services_is_told_to_those_who_have_them() -> None:
    _region, area, _node, here, elsewhere = _place()
    record.add_service(customer_id=here.pk, kind=ServiceKind.TV, plan="TV Family", by=SYSTEM, at=NOW)
    record.add_service(customer_id=elsewhere.pk, kind=ServiceKind.INTERNET, plan="Fibre 500", by=SYSTEM, at=NOW)
    outage = _report(area, service_kinds=[ServiceKind.TV])
    actions.tell_outages(at=NOW)
    assert (_told(here), _told(elsewhere)) == (["network.outage_began"], [])
    assert queries.outage(outage.pk).customers == 1


def test_an_outage_that_was_over_before_anybody_was_told_is_told_once() -> None:
    _region, area, _node, here, _elsewhere = _place()
    outage = _report(area)
    actions.end_outage(outage_id=outage.pk, by=SYSTEM, at=NOW + HOUR)
    actions.tell_outages(at=NOW + HOUR)
    assert _told(here) == ["network.outage_ended"]


def test_a_premise_reads_the_outages_of_every_area_above_it() -> None:
    region, area, node, *_ = _place()
    path = [step.id for step in record_queries.area_path(node.pk)]
    outage = _report(region, expected_until=NOW + HOUR)
    assert [line.id for line in queries.outages_at(path, NOW - HOUR)] == [outage.pk]
    assert queries.current_outages()[0].area == "West"
    actions.end_outage(outage_id=outage.pk, by=SYSTEM, at=NOW + HOUR)
    assert queries.outages_at(path, NOW + 2 * HOUR) == []
    assert [line.id for line in queries.outages_at([area.pk, region.pk], NOW)] == [outage.pk]
    with pytest.raises(OutageEndedError):
        actions.change_outage(outage_id=outage.pk, by=SYSTEM, at=NOW, cause="rain")


def test_the_same_external_outage_is_changed_not_reported_twice() -> None:
    _region, area, *_ = _place()
    first = _report(area, external_id="INC-1")
    again = _report(area, external_id="INC-1", kind="degraded", expected_until=NOW + HOUR)
    assert (again.pk, again.kind, Outage.objects.count()) == (first.pk, "degraded", 1)
    with pytest.raises(BadOutageError):
        _report(area, expected_until=NOW - HOUR)


def test_an_outage_reported_by_mistake_is_taken_back_in_every_story() -> None:
    _region, area, _node, here, _elsewhere = _place()
    outage = _report(area)
    actions.tell_outages(at=NOW)
    actions.withdraw_outage(outage_id=outage.pk, by=SYSTEM, at=NOW + HOUR)
    actions.withdraw_outage(outage_id=outage.pk, by=SYSTEM, at=NOW + HOUR)
    assert _told(here) == ["network.outage_withdrawn", "network.outage_began"]
    assert queries.current_outages() == []
    assert actions.tell_outages(at=NOW + HOUR) == 0


def test_loading_the_past_twice_changes_nothing() -> None:
    _region, area, _node, here, _elsewhere = _place()
    past = [
        NewOutage(area_id=area.pk, began_at=NOW - 5 * HOUR, ended_at=NOW - 4 * HOUR, external_id="A"),
        NewOutage(area_id=area.pk, began_at=NOW - 3 * HOUR, ended_at=NOW - 2 * HOUR, customer_ids=(here.pk,)),
    ]
    first = actions.load_outages(past, by=SYSTEM, at=NOW)
    assert actions.load_outages(past[:1], by=SYSTEM, at=NOW) == first[:1]
    assert _told(here) == ["network.outage_ended", "network.outage_ended"]
    assert actions.tell_outages(at=NOW) == 0


def test_outages_are_reported_changed_and_ended_by_hand(client: Client) -> None:
    _region, area, *_ = _place()
    client.force_login(a_person(role=Role.SUPERVISOR))
    form = {"area": area.pk, "kind": "lost", "began_at": "2026-03-02T15:00", "cause": "a digger"}
    assert client.post(reverse("outage_report"), form | {"area": ""}).status_code == 422
    assert client.post(reverse("outage_report"), form).status_code == 303
    outage = Outage.objects.get()
    page = client.get(reverse("outages")).content.decode()
    assert "Eastmoor" in page
    assert client.get(reverse("outage", args=[outage.pk])).status_code == 200
    changed = {"kind": "degraded", "expected_until": "2026-03-02T18:00", "cause": "a big digger"}
    assert client.post(reverse("outage_change", args=[outage.pk]), changed).status_code == 303
    assert client.post(reverse("outage_end", args=[outage.pk]), {"ended_at": "2026-03-01T10:00"}).status_code == 422
    assert client.post(reverse("outage_end", args=[outage.pk]), {"ended_at": "2026-03-02T17:00"}).status_code == 303
    assert [line.cause for line in queries.past_outages()] == ["a big digger"]


def test_a_representative_reads_outages_but_does_not_report_them(client: Client) -> None:
    client.force_login(a_person())
    page = client.get(reverse("outages"))
    assert page.status_code == 200
    assert reverse("outage_report") not in page.content.decode()
    assert client.post(reverse("outage_report"), {}).status_code == 403
