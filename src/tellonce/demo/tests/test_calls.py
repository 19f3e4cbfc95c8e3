"""The phone of the made-up provider: every call is kept once, says what its contact says, and waits rise with load."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tellonce.demo import rates
from tellonce.demo.calls import load_calls, note_calls_since
from tellonce.demo.tests.made import Made, made
from tellonce.modules.care import actions as care
from tellonce.modules.phone import queries
from tellonce.modules.phone.contracts import OUTCOMES, Calls
from tellonce.modules.phone.models import Call
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import a_customer, a_matter, a_person

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def calls(db: None) -> Calls:
    provider: Made = made()
    load_calls(provider.history, provider.contacts, range(1, len(provider.contacts) + 1), at=NOW)
    return queries.calls_between(None, NOW - timedelta(days=800), NOW + timedelta(days=1))


def test_calls_say_what_their_contacts_say_and_some_became_none(calls: Calls) -> None:
    contacts = [one for one in made().contacts if one.channel == "call" and one.ended_at is not None]
    heard = calls.customer > 0
    assert Call.objects.filter(contact_id__isnull=False).count() == len(contacts)
    outcomes = {name: float((calls.outcome == number).mean()) for number, name in enumerate(OUTCOMES)}
    of_all = 1 + rates.LEFT_MENU + rates.SOLVED_IN_MENU + rates.ABANDONED_UNHEARD
    assert outcomes["left_menu"] == pytest.approx(rates.LEFT_MENU / of_all, abs=0.01)
    assert outcomes["solved_in_menu"] == pytest.approx(rates.SOLVED_IN_MENU / of_all, abs=0.01)
    abandoned = (calls.outcome == OUTCOMES.index("abandoned")) & ~np.isnan(calls.queued_s)
    assert 0.05 < abandoned.sum() / (~np.isnan(calls.queued_s)).sum() < 0.12
    first = min(contacts, key=lambda one: one.began_at)
    kept = Call.objects.get(external_id=first.external_id)
    assert (kept.queued_at, kept.answered_by_id, kept.matter_id) == (first.began_at, first.taken_by_id, first.matter_id)
    assert 50 < np.median(calls.wait_s[heard & (calls.outcome == 0)]) < 75
    assert {line.code for line in queries.queues()} == {"care", "tech"}
    assert all(span.calls > 50 for span in queries.call_spans().values())


def test_who_calls_in_the_busiest_hours_waits_longer(calls: Calls) -> None:
    answered = calls.outcome == 0
    hour = (calls.queued_s // 3600 - 5) % 24
    busy, quiet = answered & (hour >= 9) & (hour < 12), answered & (hour >= 20)
    assert np.median(calls.wait_s[busy]) > 1.2 * np.median(calls.wait_s[quiet])


@pytest.mark.django_db
def test_calls_that_end_now_are_kept_once_whoever_ended_them() -> None:
    person, customer = a_person(), a_customer(languages=["es"])
    a_matter()
    ended, waiting = (
        care.begin_contact(channel="call", at=NOW, by=SYSTEM, customer_id=customer.pk, said="Hola") for _ in range(2)
    )
    care.take_contact(contact_id=ended.pk, by=person.as_actor(), at=NOW + timedelta(seconds=40))
    care.end_contact(contact_id=ended.pk, by=person.as_actor(), at=NOW + timedelta(seconds=240))
    at = NOW + timedelta(seconds=300)
    assert (note_calls_since(NOW, at=at), note_calls_since(NOW, at=at)) == (1, 0)
    call = Call.objects.get()
    assert (call.contact_id, call.wait_s, call.handle_s, call.answered_by_id) == (ended.pk, 40, 200, person.pk)
    assert queries.queue_line(call.queue_id).code == "care"
    assert not Call.objects.filter(contact_id=waiting.pk).exists()
