"""The field system tells of visits to which nobody came."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tellonce.modules.billing.models import Credit
from tellonce.modules.field.models import Visit
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.models import Account
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.openapi.contracts import Scope
from tellonce.openapi.tests.asking import a_program
from tests.factories import a_customer

pytestmark = pytest.mark.django_db


def said(**more: Any) -> dict[str, Any]:
    now = timezone.now()
    window = {"window_from": now - timedelta(hours=5), "window_until": now - timedelta(hours=3)}
    body = {"external_id": "V-81", "customer": {"account_number": "70001"}, "words": "No van was free."} | window | more
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in body.items()}


@pytest.fixture(autouse=True)
def account() -> Account:
    return Account.objects.create(customer=a_customer(), number="70001")


def test_a_missed_visit_is_told_once_and_says_what_is_credited(account: Account) -> None:
    program = a_program(Scope.VISITS_WRITE, name="Vans")
    first = program.ask("POST", "/api/visits/missed", said())
    again = program.ask("POST", "/api/visits/missed", said())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["credit"] == {"amount_minor": 2000, "currency": "USD", "granted": True}
    assert again.json() == {"id": first.json()["id"], "customer": account.customer_id, "credit": None}
    assert (Visit.objects.get().source, Credit.objects.count()) == ("pbx", 1)
    moment = next(m for m in record_queries.story_page(account.customer_id) if m.kind == "field.visit_missed")
    assert (moment.words, moment.by_name) == ("No van was free.", "Vans")


def test_the_account_says_whose_visit_it_was_after_a_split(account: Account) -> None:
    new = record.split_customer(
        customer_id=account.customer_id,
        moments=[],
        others=[("account", account.pk)],
        name="Jose Alvarez",
        by=SYSTEM,
        at=timezone.now(),
    )
    answer = a_program(Scope.VISITS_WRITE).ask("POST", "/api/visits/missed", said())
    assert (answer.status_code, answer.json()["customer"]) == (201, new.pk)
    assert Credit.objects.get().customer_id == new.pk


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"customer": {}}, 400),
        ({"customer": {"account_number": "nobody"}}, 404),
        ({"window_until": timezone.now() + timedelta(hours=1)}, 400),
        ({"external_id": ""}, 422),
        ({"how": "late"}, 422),
    ],
)
def test_what_is_refused(more: dict[str, Any], status: int) -> None:
    assert a_program(Scope.VISITS_WRITE).ask("POST", "/api/visits/missed", said(**more)).status_code == status
    assert not Visit.objects.exists()


def test_a_key_needs_its_scope_and_restricted_customers_do_not_exist_for_it(account: Account) -> None:
    assert a_program(Scope.OUTAGES_WRITE).ask("POST", "/api/visits/missed", said()).status_code == 403
    record.set_flag(customer_id=account.customer_id, kind="restricted", reason="Known", by=SYSTEM, at=timezone.now())
    assert a_program(Scope.VISITS_WRITE, name="Vans").ask("POST", "/api/visits/missed", said()).status_code == 404
