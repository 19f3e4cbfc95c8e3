"""Known customers that come again: the bulk path leaves the same rows as the same changes by hand."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tellonce.modules.record import actions, queries
from tellonce.modules.record.contracts import (
    NewAccount,
    NewCustomer,
    NewDevice,
    NewFlag,
    NewPerson,
    NewPremise,
    NewService,
)
from tellonce.modules.record.models import (
    Account,
    Customer,
    Device,
    ImportChange,
    Moment,
    Occupancy,
    OutboxRow,
    PersonOfRecord,
    Service,
)
from tellonce.modules.staff.contracts import Actor, ActorKind

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = AT + timedelta(days=7)
TODAY = LATER.date()
ADA = Actor(kind=ActorKind.PERSON, id=None, name="Ada Reyes")
ANA = NewCustomer(
    source="billing",
    external_id="1",
    name="Ana Ruiz",
    since=date(2024, 5, 1),
    people=(NewPerson(name="Ana Ruiz", phones=("+12025550101",)), NewPerson(name="Leo Ruiz")),
    premises=(NewPremise(line="7 Elm Road", town="Ely", postcode="62701"),),
    accounts=(NewAccount(number="A-1", cycle_day=3),),
    services=(
        NewService(plan="Fibre 300", price_minor=5900, since=date(2024, 5, 3), external_id="net"),
        NewService(plan="TV Family", kind="tv", since=date(2024, 5, 3), external_id="tv"),
    ),
    devices=(NewDevice(maker="Hitron", serial="SN1", since=date(2024, 5, 3)),),
    facts={"contract": "yearly"},
)
GONE = replace(ANA, left_on=date(2025, 1, 31))
NET, TV = ANA.services


@dataclass(frozen=True, slots=True)
class Hand:
    """What somebody does to one customer by hand."""

    pk: int

    @property
    def by(self) -> dict[str, Any]:
        return {"by": ADA, "at": LATER}

    def first(self, model: type[Any], **which: Any) -> Any:
        return model.objects.get(customer_id=self.pk, **which)


Deed = Callable[[Hand], object]
PLACE: dict[str, Any] = {"line": "1 Bay St", "town": "Ely", "postcode": "62702"}
BOX: dict[str, Any] = {"kind": "box", "maker": "Hitron", "model": "B2", "serial": "SN2", "mac": "a4:83:e7:01:02:03"}


def _moves(hand: Hand) -> None:
    premise = actions.add_premise(**PLACE)
    actions.move_in(customer_id=hand.pk, premise_id=premise.pk, since=TODAY, **hand.by)


def _orders(hand: Hand, *, ends: bool = False) -> None:
    service = actions.add_service(
        customer_id=hand.pk,
        kind="phone",
        plan="Phone",
        price_minor=900,
        since=date(2026, 11, 1),
        account_id=hand.first(Account).pk,
        premise_id=hand.first(Occupancy).premise_id,
        **hand.by,
    )
    if ends:
        actions.end_service(service_id=service.pk, until=date(2026, 11, 20), **hand.by)


def _has_new_phone(hand: Hand) -> None:
    person = hand.first(PersonOfRecord, name="Leo Ruiz")
    actions.add_contact_point(customer_id=hand.pk, kind="phone", value="(202) 555-0199", person_id=person.pk, **hand.by)


CHANGES: dict[str, tuple[NewCustomer, NewCustomer, Deed]] = {
    "another name": (
        ANA,
        replace(ANA, name="Ana Diaz", people=(replace(ANA.people[0], name="Ana Diaz"), ANA.people[1])),
        lambda hand: actions.rename_customer(customer_id=hand.pk, name="Ana Diaz", **hand.by),
    ),
    "left": (
        ANA,
        replace(ANA, left_on=date(2026, 11, 20)),
        lambda hand: actions.customer_left(customer_id=hand.pk, on=date(2026, 11, 20), **hand.by),
    ),
    "came back": (GONE, ANA, lambda hand: actions.customer_returned(customer_id=hand.pk, **hand.by)),
    "a person more": (
        ANA,
        replace(ANA, people=(*ANA.people, NewPerson(name="Eva Ruiz", authority="ask", language="es"))),
        lambda hand: actions.add_person_of_record(
            customer_id=hand.pk, name="Eva Ruiz", authority="ask", language="es", **hand.by
        ),
    ),
    "a phone of a person": (
        ANA,
        replace(ANA, people=(ANA.people[0], replace(ANA.people[1], phones=("202 555 0199",)))),
        _has_new_phone,
    ),
    "a mail of nobody in particular": (
        ANA,
        replace(ANA, mails=("Ruiz@Example.net",)),
        lambda hand: actions.add_contact_point(customer_id=hand.pk, kind="mail", value="ruiz@example.net", **hand.by),
    ),
    "another place": (ANA, replace(ANA, premises=(*ANA.premises, NewPremise(**PLACE, since=TODAY))), _moves),
    "moved out": (
        ANA,
        replace(ANA, premises=(replace(ANA.premises[0], until=TODAY),)),
        lambda hand: actions.move_out(
            customer_id=hand.pk, premise_id=hand.first(Occupancy).premise_id, until=TODAY, **hand.by
        ),
    ),
    "another account": (
        ANA,
        replace(ANA, accounts=(*ANA.accounts, NewAccount(number="A-2", cycle_day=9, currency="EUR"))),
        lambda hand: actions.add_account(customer_id=hand.pk, number="A-2", cycle_day=9, currency="EUR", **hand.by),
    ),
    "another price": (
        ANA,
        replace(ANA, services=(replace(NET, price_minor=6400), TV)),
        lambda hand: actions.change_service(
            service_id=hand.first(Service, kind="internet").pk, price_minor=6400, **hand.by
        ),
    ),
    "another plan in a promotion": (
        ANA,
        replace(
            ANA,
            services=(
                replace(
                    NET,
                    plan="Fibre 500",
                    status="suspended",
                    promotion_ends_on=date(2027, 1, 31),
                    price_after_minor=7900,
                ),
                TV,
            ),
        ),
        lambda hand: actions.change_service(
            service_id=hand.first(Service, kind="internet").pk,
            plan="Fibre 500",
            status="suspended",
            promotion_ends_on=date(2027, 1, 31),
            price_after_minor=7900,
            **hand.by,
        ),
    ),
    "a service ended": (
        ANA,
        replace(ANA, services=(NET, replace(TV, status="ended", until=date(2026, 11, 1)))),
        lambda hand: actions.end_service(
            service_id=hand.first(Service, kind="tv").pk, until=date(2026, 11, 1), **hand.by
        ),
    ),
    "a service more": (
        ANA,
        replace(ANA, services=(NET, TV, NewService("Phone", "phone", 900, since=date(2026, 11, 1)))),
        _orders,
    ),
    "a service that is over already": (
        ANA,
        replace(
            ANA,
            services=(
                *ANA.services,
                NewService("Phone", "phone", 900, status="ended", since=date(2026, 11, 1), until=date(2026, 11, 20)),
            ),
        ),
        lambda hand: _orders(hand, ends=True),
    ),
    "another device": (
        ANA,
        replace(ANA, devices=(*ANA.devices, NewDevice(**BOX))),
        lambda hand: actions.add_device(customer_id=hand.pk, **BOX, **hand.by),
    ),
    "a device gone": (
        ANA,
        replace(ANA, devices=(replace(ANA.devices[0], until=date(2026, 11, 21)),)),
        lambda hand: actions.end_device(device_id=hand.first(Device).pk, until=date(2026, 11, 21), **hand.by),
    ),
    "a flag": (
        ANA,
        replace(ANA, flags=(NewFlag(kind="life_line", reason="Dialysis at home"),)),
        lambda hand: actions.set_flag(customer_id=hand.pk, kind="life_line", reason="Dialysis at home", **hand.by),
    ),
}
_TABLES = (
    *("record_customer", "record_personofrecord", "record_contactpoint", "record_account", "record_occupancy"),
    *("record_premise", "record_service", "record_device", "record_flag", "record_moment", "record_outboxrow"),
    *("record_searchentry", "record_searchdocument", "record_searchword"),
)


def _is_told_apart(name: str) -> bool:
    """Ids, and how the row came, which nothing done by hand has; a word's count is about right only."""
    return name == "id" or name.endswith("_id") or name in {"fingerprint", "came_as", "moment_id", "customers"}


def everything() -> dict[str, list[str]]:
    """Every row of the record without ids, but whose it is and whether it points to something."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found[table] = sorted(_plain(json.loads(row[0])) for row in cursor.fetchall())
    return found


def _plain(row: dict[str, Any]) -> str:
    data = row.get("data", {})
    said = {name: value for name, value in data.items() if not name.endswith("_id")} if isinstance(data, dict) else {}
    kept = {name: value for name, value in row.items() if not _is_told_apart(name)}
    points = sorted(name for name, value in row.items() if name.endswith("_id") and value is not None)
    return json.dumps(kept | {"data": said, "points": points, "whose": row.get("customer_id")}, sort_keys=True)


@pytest.mark.parametrize("name", CHANGES)
def test_the_bulk_path_leaves_the_same_rows_as_the_change_by_hand(name: str) -> None:
    before, after, by_hand = CHANGES[name]
    pk = actions.load_customers([before], by=ADA, at=AT).customer_ids[0]
    there = everything()
    with transaction.atomic():
        by_hand(Hand(pk))
        changed_by_hand = everything()
        transaction.set_rollback(True)
    assert everything() == there
    done = actions.load_customers([after], by=ADA, at=LATER)
    assert (done.customer_ids, done.changed) == ((pk,), 1)
    assert changed_by_hand != there
    assert everything() == changed_by_hand


def test_other_values_are_told_together_and_what_is_left_out_is_not_lost() -> None:
    pk = actions.load_customers([ANA], by=ADA, at=AT).customer_ids[0]
    other = replace(
        ANA,
        kind="household",
        time_zone="America/Denver",
        accounts=(replace(ANA.accounts[0], cycle_day=17, closed_on=TODAY),),
        services=(replace(NET, price_minor=None),),
        facts={"contract": "monthly", "score": 3},
    )
    assert actions.load_customers([other], by=ADA, at=LATER).changed == 1
    customer = Customer.objects.get(pk=pk)
    assert (customer.kind, customer.facts) == ("household", {"contract": "monthly", "score": 3})
    assert [(s.plan, s.price_minor, s.status) for s in queries.card(pk).services] == [
        ("Fibre 300", 5900, "active"),
        ("TV Family", None, "active"),
    ]
    assert Account.objects.get(customer_id=pk).cycle_day == 17
    told = [moment for moment in queries.story_page(pk) if moment.at == LATER]
    assert [moment.headline.rest for moment in told] == ["kind, time_zone, facts, cycle_day, closed_on"]


def test_whoever_left_is_with_us_again_only_if_the_source_knows() -> None:
    pk = actions.load_customers([ANA], by=ADA, at=AT).customer_ids[0]
    actions.customer_left(customer_id=pk, on=TODAY, by=ADA, at=LATER)
    unknowing = replace(ANA, knows_left=False, services=(replace(NET, price_minor=6400), TV))
    assert actions.load_customers([unknowing], by=ADA, at=LATER).changed == 1
    assert queries.card(pk).left_on == TODAY


def test_the_same_values_again_change_nothing_even_in_another_row() -> None:
    pk = actions.load_customers([ANA], by=ADA, at=AT, rows=["one"]).customer_ids[0]
    actions.rename_customer(customer_id=pk, name="Ana by hand", by=ADA, at=LATER)
    told = Moment.objects.count()
    assert actions.load_customers([ANA], by=ADA, at=LATER, rows=["two"]).unchanged == 1
    customer = Customer.objects.get(pk=pk)
    assert (customer.name, customer.came_as, Moment.objects.count()) == ("Ana by hand", "two", told)


def test_a_service_that_came_without_an_id_is_known_when_it_gets_one() -> None:
    plain = replace(ANA, services=(replace(NET, external_id=""),))
    pk = actions.load_customers([plain], by=ADA, at=AT).customer_ids[0]
    actions.load_customers([replace(ANA, services=(NET,))], by=ADA, at=LATER)
    assert [service.external_id for service in Service.objects.filter(customer_id=pk)] == ["net"]
    actions.load_customers([replace(ANA, services=(replace(NET, plan="Fibre 500"),))], by=ADA, at=LATER)
    assert [service.plan for service in Service.objects.filter(customer_id=pk)] == ["Fibre 500"]


def test_two_that_were_merged_each_keep_what_comes_to_them_and_are_found_as_one() -> None:
    twin = replace(ANA, external_id="2", people=(), accounts=(NewAccount("A-2"),), services=(), devices=())
    first, second = actions.load_customers([ANA, twin], by=ADA, at=AT).customer_ids
    actions.merge_customers(loser_id=second, winner_id=first, by=ADA, at=AT)
    more = replace(twin, services=(replace(TV, external_id="late"),), phones=("+12025550177",))
    for again in range(2):
        actions.load_customers([replace(more, facts={"again": again})], by=ADA, at=LATER)
    assert [service.customer_id for service in Service.objects.filter(external_id="late")] == [second]
    assert {hit.customer_id for hit in queries.search("2025550177")} == {first}


def test_many_at_once_take_no_more_queries_than_few_and_announce_each() -> None:
    counts = []
    for size in (2, 60):
        many = [
            replace(
                ANA,
                source=f"{size}",
                external_id=str(n),
                people=(),
                accounts=(NewAccount(number=f"{size}-{n}"),),
                devices=(),
            )
            for n in range(size)
        ]
        ids = actions.load_customers(many, by=ADA, at=AT).customer_ids
        OutboxRow.objects.all().delete()
        dearer = [
            replace(one, name=f"Ana {n}", services=(NET, replace(TV, price_minor=n))) for n, one in enumerate(many)
        ]
        with CaptureQueriesContext(connection) as captured:
            assert actions.load_customers(dearer, by=ADA, at=LATER, import_id=7).changed == size
        counts.append(len(captured))
        assert {row.customer_id for row in OutboxRow.objects.filter(kind="record.service_changed")} == set(ids)
    assert counts[0] == counts[1]
    assert set(Moment.objects.filter(at=LATER).values_list("import_id", flat=True)) == {7}
    kept = ImportChange.objects.filter(import_id=7, field="price_minor", customer_id=ids[5])
    assert [(one.before, one.after) for one in kept] == [(None, 5)]
