"""The made-up world: the same from the same seed, and with rates within what was published."""

from datetime import UTC, datetime

import numpy as np
import pytest

from tellonce.demo import rates
from tellonce.demo.calendar import human_time, span_until
from tellonce.demo.households import make_households
from tellonce.demo.reasons import REASONS
from tellonce.demo.world import World, draw_world, wanted_until

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def drawn(*, seed: int = 1, customers: int = 4000) -> World:
    return draw_world(wanted_until(NOW, seed=seed, customers=customers, staff=60), now=NOW)


@pytest.fixture(scope="module")
def world() -> World:
    return drawn()


def years_with_us(world: World) -> float:
    c = world.customers
    days = np.minimum(c.left, world.span.now) - np.maximum(c.joined, 0.0)
    return float(days.clip(0).sum() / 365)


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    one, same, other = drawn(customers=300), drawn(customers=300), drawn(seed=2, customers=300)
    assert np.array_equal(one.chains.contacts.at, same.chains.contacts.at)
    assert np.array_equal(one.chains.promises.due, same.chains.promises.due)
    assert one.matter == same.matter
    assert one.staff == same.staff
    assert not np.array_equal(one.chains.contacts.at, other.chains.contacts.at)


def test_the_same_seed_gives_the_same_people() -> None:
    def people() -> list[object]:
        world = drawn(customers=200)
        made = make_households(
            world.streams["households"],
            span=world.span,
            customers=world.customers,
            places=world.places,
            activated=world.activated,
            swaps=world.swaps,
            twins=world.twins,
        )
        return [made.customers, made.phones]

    assert people() == people()


def test_contacts_a_year_are_within_the_published_band(world: World) -> None:
    a_year = len(world.chains.contacts.at) / years_with_us(world)
    low, high = rates.CONTACTS_A_YEAR_BAND
    assert low <= a_year <= high


def test_solved_at_first_contact_is_within_the_published_band(world: World) -> None:
    c = world.chains.contacts
    first = ~np.isnan(c.answered) & (c.round == 0)
    low, high = rates.SOLVED_AT_FIRST_BAND
    assert low <= float((c.solved & ~c.comes_back)[first].mean()) <= high


def test_monthly_churn_is_within_the_published_band(world: World) -> None:
    c = world.customers
    lost = float((c.left < world.span.now).sum()) / (years_with_us(world) * 12)
    involuntary = float((c.left_because == 2).sum()) / max(1, int((c.left_because > 0).sum()))
    low, high = rates.CHURN_BAND
    assert low <= lost <= high
    assert 0.1 < involuntary < 0.35


def test_the_mix_of_matters_is_within_the_published_bands(world: World) -> None:
    reasons = world.problems.reason[world.chains.contacts.problem]
    groups = np.array([reason.group for reason in REASONS])[reasons]
    billing, internet = float((groups == "billing").mean()), float((groups == "internet").mean())
    assert rates.BILLING_SHARE_BAND[0] <= billing <= rates.BILLING_SHARE_BAND[1]
    assert rates.INTERNET_SHARE_BAND[0] <= internet <= rates.INTERNET_SHARE_BAND[1]


def test_people_call_by_day_and_rather_on_working_days() -> None:
    span = span_until(NOW)
    rng = np.random.default_rng(0)
    region = np.zeros(20_000, dtype=np.int64)
    local = span.local(human_time(rng, span, rng.uniform(0, 700, 20_000), region), region)
    hour = local % 1.0 * 24
    weekday = (np.floor(local).astype(int) + span.first.weekday()) % 7
    assert float(((hour > 8) & (hour < 18)).mean()) > 0.6
    assert float((hour < 6).mean()) < 0.02
    by_day = np.bincount(weekday, minlength=7) / np.bincount(weekday, minlength=7)[0]
    assert by_day == pytest.approx(rates.WEEKDAY_LEVEL, abs=0.06)


def test_nothing_happens_to_a_customer_before_joining_nor_in_the_future(world: World) -> None:
    c = world.chains.contacts
    who = world.problems.who[c.problem]
    assert bool((c.at < world.span.now).all())
    assert bool((c.at >= world.customers.joined[who]).all())


def test_a_later_stretch_happens_to_the_same_people(world: World) -> None:
    later = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    wanted = wanted_until(NOW, seed=1, customers=4000, staff=60)
    stretch = draw_world(
        type(wanted)(seed=1, customers=4000, staff=60, first=wanted.first, since=world.span.now), now=later
    )
    assert np.array_equal(stretch.customers.joined, world.customers.joined)
    assert stretch.staff == world.staff
    assert bool((stretch.chains.contacts.at >= world.span.now).all())
