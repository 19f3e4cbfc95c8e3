"""The record's actions: each tells its moment, keeps history, and refuses what cannot be."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tellonce.modules.record import actions, queries
from tellonce.modules.record.contracts import (
    AreaKind,
    BadMacError,
    BadMailError,
    BadPhoneError,
    ContactPointKind,
    NewAccount,
    NewCustomer,
    NewDevice,
    NewPremise,
    NewService,
    ServiceChanged,
    TakenError,
)
from tellonce.modules.staff.contracts import SYSTEM

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def maria() -> int:
    return actions.add_customer(name="Maria González", by=SYSTEM, at=AT).pk


def headlines(customer_id: int) -> list[str]:
    return [f"{m.headline.lead}: {m.headline.rest}" for m in queries.story_page(customer_id)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("555", "too short"),
        ("call me", "does not read"),
        ("+1 202 555 0123 99999 9", "too long"),
        ("+999 12345678", "does not read"),
        ("123 456 7890", "begins"),
    ],
)
def test_a_bad_phone_is_refused_and_named(db: None, text: str, why: str) -> None:
    pk = maria()
    with pytest.raises(BadPhoneError, match=why) as caught:
        actions.add_contact_point(customer_id=pk, kind=ContactPointKind.PHONE, value=text, by=SYSTEM, at=AT)
    assert text in str(caught.value)
    assert not queries.card(pk).phones


def test_phones_mails_and_macs_are_kept_in_one_form(db: None) -> None:
    pk = maria()
    phone = actions.add_contact_point(customer_id=pk, kind="phone", value="(202) 555-0123", by=SYSTEM, at=AT)
    mail = actions.add_contact_point(customer_id=pk, kind="mail", value=" Maria@Example.NET", by=SYSTEM, at=AT)
    device = actions.add_device(customer_id=pk, kind="modem", mac="A4-83-E7-01-02-03", by=SYSTEM, at=AT)
    assert (phone.value, mail.value, device.mac) == ("+12025550123", "maria@example.net", "a4:83:e7:01:02:03")
    with pytest.raises(TakenError):
        actions.add_contact_point(customer_id=pk, kind="phone", value="+1 202 555 0123", by=SYSTEM, at=AT)
    with pytest.raises(BadMailError):
        actions.add_contact_point(customer_id=pk, kind="mail", value="maria at home", by=SYSTEM, at=AT)
    with pytest.raises(BadMacError):
        actions.add_device(customer_id=pk, kind="modem", mac="a4:83", by=SYSTEM, at=AT)


def test_an_address_is_of_record_after_thirty_days(db: None) -> None:
    pk = maria()
    actions.add_contact_point(customer_id=pk, kind="phone", value="2025550123", by=SYSTEM, at=AT)
    assert not queries.card(pk, at=AT + timedelta(days=29)).phones[0].is_of_record
    assert queries.card(pk, at=AT + timedelta(days=30)).phones[0].is_of_record


def test_the_card_holds_what_they_have_and_the_story_how_it_came(db: None) -> None:
    pk = maria()
    region = actions.add_area(kind=AreaKind.REGION, name="North", code="N")
    area = actions.add_area(kind=AreaKind.AREA, name="Harbour", code="N-1", parent_id=region.pk)
    node = actions.add_area(kind=AreaKind.NODE, name="Node 7", code="N-1-7", parent_id=area.pk)
    premise = actions.add_premise(line="12 Oak Street", town="Springfield", area_id=node.pk)
    actions.move_in(customer_id=pk, premise_id=premise.pk, by=SYSTEM, at=AT)
    service = actions.add_service(customer_id=pk, kind="internet", plan="Fibre 300", price_minor=5900, by=SYSTEM, at=AT)
    actions.change_service(service_id=service.pk, price_minor=6900, by=SYSTEM, at=AT + timedelta(hours=1))
    actions.set_flag(customer_id=pk, kind="restricted", reason="A neighbour works here", by=SYSTEM, at=AT)
    card = queries.card(pk, at=AT + timedelta(hours=2))
    assert [area.name for area in card.premises[0].areas] == ["North", "Harbour", "Node 7"]
    assert card.services[0].price_minor == 6900
    assert card.is_restricted
    newest = queries.story_page(pk)[0]
    assert isinstance(newest.data, ServiceChanged)
    assert (newest.data.price_before_minor, newest.data.price_minor) == (5900, 6900)
    assert queries.customers_in_area(region.pk) == (pk,)


def test_the_bulk_path_keeps_the_same_rules_and_running_it_again_changes_nothing(db: None) -> None:
    new = NewCustomer(
        source="crm",
        external_id="77",
        name="José Núñez",
        since=date(2024, 5, 1),
        phones=("(202) 555-0177",),
        mails=("Jose@Example.net",),
        premises=(NewPremise(line="7 Elm Road", town="Springfield", postcode="62701"),),
        accounts=(NewAccount(number="A-1000-77", cycle_day=12),),
        services=(NewService(plan="Fibre 300", price_minor=5900, since=date(2024, 5, 3), external_id="s1"),),
        devices=(NewDevice(serial="SN\t1", mac="A483E7010203", service=0),),
    )
    first = actions.load_customers([new], by=SYSTEM, at=AT)
    again = actions.load_customers([new], by=SYSTEM, at=AT + timedelta(days=1))
    assert (first.added, again.unchanged, again.added, again.changed) == (1, 1, 0, 0)
    assert first.customer_ids == again.customer_ids
    pk = first.customer_ids[0]
    card = queries.card(pk)
    assert card.number == "A-1000-77"
    assert card.phones[0].value == "+12025550177"
    assert card.devices[0].serial == "SN\t1"
    assert card.devices[0].service_id == card.services[0].id
    assert headlines(pk) == ["Service began: Fibre 300 · 59.00 USD", "Became a customer: José Núñez"]
    dearer = NewCustomer(
        **{
            **{name: getattr(new, name) for name in new.__slots__},
            "services": (NewService(plan="Fibre 300", price_minor=6400, external_id="s1"),),
        }
    )
    changed = actions.load_customers([dearer], by=SYSTEM, at=AT + timedelta(days=2))
    assert changed.changed == 1
    assert queries.card(pk).services[0].price_minor == 6400
    with pytest.raises(BadPhoneError, match="Customer 78"):
        actions.load_customers([NewCustomer(source="crm", external_id="78", phones=("12",))], by=SYSTEM, at=AT)
    with pytest.raises(TakenError, match="A-1000-77"):
        actions.load_customers(
            [NewCustomer(source="crm", external_id="79", accounts=(NewAccount(number="A-1000-77"),))], by=SYSTEM, at=AT
        )
