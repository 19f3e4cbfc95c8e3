"""What tests need to exist, made by the real actions: plain functions with sensible defaults."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tellonce.datakit import alone
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.models import Case, Contact, Promise
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.modules.staff.models import Partner, Person, Site, Team

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # a Monday
PASSWORD = "correct-horse-battery"

_numbers = itertools.count(1)


def a_person(
    *,
    role: str = Role.REPRESENTATIVE,
    name: str = "",
    email: str = "",
    password: str | None = None,
    team: Team | None = None,
    site: Site | None = None,
    partner: Partner | None = None,
    permission_sets: Sequence[str] = (),
    at: datetime = NOW,
    **more: Any,
) -> Person:
    """Somebody on staff, without a password unless one is given."""
    number = next(_numbers)
    return staff.add_person(
        email=email or f"person{number}@example.net",
        name=name or f"Person {number}",
        role=role,
        at=at,
        password=password,
        team=team,
        site=site,
        partner=partner,
        permission_sets=permission_sets,
        **more,
    )


def a_site(*, name: str = "", time_zone: str = "America/Chicago", at: datetime = NOW) -> Site:
    """A site, always open until hours are set."""
    return staff.add_site(name=name or f"Site {next(_numbers)}", time_zone=time_zone, by=SYSTEM, at=at)


def a_team(*, name: str = "", at: datetime = NOW, **more: Any) -> Team:
    """A team."""
    return staff.add_team(name=name or f"Team {next(_numbers)}", by=SYSTEM, at=at, **more)


def a_partner(*, name: str = "", at: datetime = NOW) -> Partner:
    """A partner."""
    return staff.add_partner(name=name or f"Partner {next(_numbers)}", by=SYSTEM, at=at)


def a_view(**view: Any) -> int:
    """An entry in the access log."""
    return alone(lambda ask: staff.log_view(ask, **view))


def a_customer(*, name: str = "", phone: str = "", mail: str = "", at: datetime = NOW, **more: Any) -> Customer:
    """A person who is a customer, reached at what is given."""
    number = next(_numbers)
    customer = record.add_customer(name=name or f"Customer {number}", by=SYSTEM, at=at, **more)
    for kind, value in (("phone", phone), ("mail", mail)):
        if value:
            record.add_contact_point(customer_id=customer.pk, kind=kind, value=value, by=SYSTEM, at=at)
    return customer


def a_matter(code: str = "internet.slow") -> int:
    """The id of a matter of the first tree, which is laid where it is missing."""
    care.lay_first_matters()
    found = care_queries.matter_id(code)
    assert found is not None
    return found


def a_contact(
    *,
    customer: Customer | None = None,
    taken_by: Person | None = None,
    channel: str = "call",
    at: datetime = NOW,
    **more: Any,
) -> Contact:
    """A contact that waits, or one in the hands of `taken_by`; not matched without a customer."""
    customer_id = customer.pk if customer is not None else None
    contact = care.begin_contact(channel=channel, at=at, by=SYSTEM, customer_id=customer_id, **more)
    if taken_by is not None:
        contact = care.take_contact(contact_id=contact.pk, by=taken_by.as_actor(), at=at)
    return contact


def a_case(
    *, customer: Customer, matter: str = "internet.slow", title: str = "", at: datetime = NOW, **more: Any
) -> Case:
    """An open case of the customer."""
    by = more.pop("by", SYSTEM)
    return care.open_case(customer_id=customer.pk, matter_id=a_matter(matter), title=title, by=by, at=at, **more)


def a_promise(
    *, customer: Customer, due_at: datetime, what: str = "call back", at: datetime = NOW, **more: Any
) -> Promise:
    """A promise that is due."""
    by = more.pop("by", SYSTEM)
    return care.make_promise(customer_id=customer.pk, what=what, due_at=due_at, by=by, at=at, **more)
