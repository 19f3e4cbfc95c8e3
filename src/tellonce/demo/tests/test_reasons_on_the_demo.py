"""The reason model on a made-up provider: live and bulk read the same, one model is kept, and percentages wait."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tellonce.demo.generate import generate
from tellonce.desk import reasons
from tellonce.desk.histories import all_histories, asked_at, examples_since, history_of
from tellonce.desk.models import ReasonModel
from tellonce.lab.reasons import features
from tellonce.modules.care import queries as care
from tellonce.modules.network import queries as network
from tellonce.modules.record import queries as record
from tellonce.modules.record.queries.for_learning import all_customers
from tests.standing import standing

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
LONG = timedelta(days=800)


def generated() -> None:
    generate(seed=1, now=NOW, progress=lambda _what, _share: None, customers=400)


@pytest.fixture(scope="module")
def provider(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with standing(generated, unblocked=django_db_blocker.unblock):
        yield


@pytest.fixture(autouse=True)
def unread() -> None:
    reasons.forget_what_was_read()


def what_a_page_knows(customer_id: int, at: datetime) -> dict[str, object]:
    card = record.card(customer_id, at=at)
    return {
        "card": card,
        "cases": care.customer_cases(card.ids),
        "promises": care.customer_promises(card.ids),
        "contacts": care.customer_contacts(card.ids, limit=200),
        "outages": network.outages_at(card.area_ids, NOW - LONG),
    }


def test_live_and_bulk_give_the_same_features(provider: None) -> None:
    matters = reasons.matter_map()
    classes = tuple(sorted(set(matters.second.values())))
    bulk = all_histories(NOW - LONG, matters=matters)
    now = asked_at(at=NOW, channel="call", time_zone="America/Denver")
    compared = 0
    for row in all_customers():
        if row.reads_as != row.id or row.left_on is not None or compared == 150:
            continue
        live = history_of(**what_a_page_knows(row.id, NOW), matters=matters)  # type: ignore[arg-type]  # gathered above
        assert features(live, now, classes) == pytest.approx(features(bulk[row.id], now, classes)), row.id
        compared += 1
    assert compared == 150


def test_no_example_reads_its_own_matter(provider: None) -> None:
    """A contact's own case, promises and end are later than its beginning, so changing its matter changes nothing."""
    matters = reasons.matter_map()
    classes = tuple(sorted(set(matters.second.values())))
    for example in examples_since(NOW - LONG, matters=matters)[::20]:
        before = example.asked.at
        past = [contact for contact in example.history.contacts if contact.began < before]
        cut = type(example.history)(
            **{
                name: getattr(example.history, name)
                for name in ("kind", "since", "left", "cycle_days", "lived_since", "outages", "services", "devices")
            },
            contacts=tuple(past),
            cases=tuple(case for case in example.history.cases if case.opened < before),
            promises=tuple(promise for promise in example.history.promises if promise.made < before),
        )
        assert features(cut, example.asked, classes) == features(example.history, example.asked, classes)


def test_a_model_is_learned_kept_and_used(provider: None) -> None:
    customer = next(row.id for row in all_customers() if row.left_on is None and row.reads_as == row.id)
    known = what_a_page_knows(customer, NOW)
    before = reasons.likely(at=NOW, channel="call", **known)  # type: ignore[arg-type]  # gathered above
    assert all(each.probability is None for each in before)
    assert reasons.is_time_to_learn(at=NOW)
    learned = reasons.learn_reasons(at=NOW)
    assert learned is not None
    assert learned.report["model"]["log_loss"] < learned.report["base_rate"]["log_loss"]
    assert learned.report["calibration_error"] < 0.2  # of some 250 contacts; the benchmark has 16,000
    assert learned.learned_until < NOW - timedelta(days=150)
    assert not reasons.is_time_to_learn(at=NOW + timedelta(hours=1))
    guesses = reasons.likely(at=NOW, channel="call", **known)  # type: ignore[arg-type]  # gathered above
    assert len(guesses) == 3
    assert all(each.probability is not None and 0 < each.probability < 1 for each in guesses)
    assert guesses[0].name
    again = reasons.learn_reasons(at=NOW + timedelta(days=2))
    assert again is not None
    assert list(ReasonModel.objects.all()) == [again]
