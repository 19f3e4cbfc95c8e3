"""The history as somebody sees it who has worked at such a provider: what stays open, who works when, who calls."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tellonce.demo import rates
from tellonce.demo.causes import bill_days
from tellonce.demo.customers import CULTURES
from tellonce.demo.provider import PLANS, REGIONS, SITES, STREETS_EAST, STREETS_WEST, TEAMS, WEST_REGION
from tellonce.demo.reasons import INDEX
from tellonce.demo.roster import closed_days
from tellonce.demo.tests.made import NOW, Made, made
from tellonce.demo.writing import words
from tellonce.modules.care.contracts import CaseState, NewContact, PromiseState, WaitingOn

DAY = timedelta(days=1)
SUNDAY_NIGHT = datetime(2026, 11, 22, 8, 30, tzinfo=NOW.tzinfo)
ZONE = {site: ZoneInfo(zone) for site, zone, _ in SITES}
WRITTEN = {"mail", "portal", "letter", "social"}


@pytest.fixture(scope="module", params=[NOW, SUNDAY_NIGHT], ids=["on a working day", "on a Sunday night"])
def provider(request: pytest.FixtureRequest) -> Made:
    return made(now=request.param)


def now_of(provider: Made) -> datetime:
    return provider.world.span.moment(provider.world.span.now)


def local(provider: Made, contact_or_customer: int, at: datetime) -> datetime:
    region = provider.world.customers.region[contact_or_customer]
    return at.astimezone(ZoneInfo(REGIONS[region].time_zone))


def answered(provider: Made) -> list[NewContact]:
    return [contact for contact in provider.contacts if contact.answered_at is not None]


def test_nearly_all_cases_are_solved_within_days_and_none_lies_for_months(provider: Made) -> None:
    now = now_of(provider)
    days = np.array([((case.solved_at or now) - case.opened_at) / DAY for case in provider.cases])
    assert float((days < 0.1).mean()) > 0.55
    assert float((days < 7).mean()) > 0.90
    assert float((days < 30).mean()) > 0.99
    assert float(days.max()) < 90
    long_ones = int((days > 30).sum())
    assert 5 <= long_ones < 0.01 * len(days)


def test_the_work_in_progress_is_of_the_last_days_and_of_every_kind(provider: Made) -> None:
    now = now_of(provider)
    still = [case for case in provider.cases if case.solved_at is None]
    ages = np.array([(now - case.opened_at) / DAY for case in still])
    assert 8 < len(still) < 80
    assert float((ages < 4).mean()) > 0.6
    assert float(ages.max()) < 90
    assert any(case.opened_at > now - DAY for case in still)
    waiting = Counter(case.waiting_on for case in still if case.state == CaseState.WAITING)
    assert waiting[WaitingOn.US]
    assert all(case.waiting_until and case.waiting_until > now for case in still if case.state == CaseState.WAITING)


def test_promises_are_kept_or_owned_up_to_and_done_within_days(provider: Made) -> None:
    now = now_of(provider)
    old = [promise for promise in provider.promises if promise.due_at < now - 6 * DAY]
    broken = [promise for promise in old if promise.state == PromiseState.BROKEN]
    assert all(promise.state != PromiseState.DUE for promise in old)
    assert abs(1 - len(broken) / len(old) - rates.KEPT_PROMISES) < 0.03
    assert all(promise.done_late_at and promise.done_late_at - promise.due_at < 5.5 * DAY for promise in broken)
    owned = [promise.owned_up_at - promise.due_at for promise in broken if promise.owned_up_at]
    assert len(owned) > 0.93 * len(broken)
    assert max(owned) < 4 * DAY
    assert sum(late <= timedelta(hours=1) for late in owned) > 0.6 * len(broken)


def test_what_is_promised_now_is_due_today_and_in_the_next_days_and_little_is_late(provider: Made) -> None:
    now = now_of(provider)
    due = [promise for promise in provider.promises if promise.state == PromiseState.DUE]
    late = [p for p in provider.promises if p.state == PromiseState.BROKEN and p.done_late_at is None]
    assert len(due) > 6
    assert all(promise.due_at > now - timedelta(minutes=1) for promise in due)
    assert sum(promise.due_at < now + 2.5 * DAY for promise in due) > 0.6 * len(due)
    assert len(late) < 0.35 * len(due) + 3
    assert all(promise.due_at > now - 6 * DAY for promise in late)


def test_promises_fall_due_and_are_settled_in_working_hours(provider: Made) -> None:
    for promise in provider.promises:
        when = local(provider, promise.customer_id, promise.due_at)
        assert when.weekday() < 6, when
        assert 8 <= when.hour <= 18, when
        assert when.minute in {0, 30}
        if promise.state == PromiseState.KEPT and promise.settled_at:
            kept = local(provider, promise.customer_id, promise.settled_at)
            assert kept.weekday() < 6 or kept - promise.made_at < DAY
            assert promise.made_at < promise.settled_at <= promise.due_at


def test_people_take_contacts_only_when_their_site_is_open_and_they_work_there(provider: Made) -> None:
    world = provider.world
    closed = set(closed_days(world.span.first.date()))
    for contact in answered(provider):
        assert contact.taken_by_id is not None
        assert contact.answered_at is not None
        colleague = world.staff[contact.taken_by_id]
        here = contact.answered_at.astimezone(ZONE[colleague.site])
        assert contact.answered_at >= world.span.moment(colleague.since)
        if not colleague.partner:
            opens, closes = (8, 18) if here.weekday() == 5 else (7, 21)
            assert here.weekday() != 6, (colleague.name, here)
            assert here.date() not in closed
            assert opens <= here.hour < closes, (colleague.name, here)


def test_nobody_works_every_day_nor_more_than_anybody_could(provider: Made) -> None:
    world = provider.world
    per_day: dict[int, Counter[object]] = defaultdict(Counter)
    for contact in answered(provider):
        assert contact.taken_by_id is not None
        assert contact.answered_at is not None
        here = contact.answered_at.astimezone(ZONE[world.staff[contact.taken_by_id].site])
        shifted = here - timedelta(hours=7) if world.staff[contact.taken_by_id].skill == "night" else here
        per_day[contact.taken_by_id][shifted.date()] += 1
    loads = {who: sum(days.values()) for who, days in per_day.items()}
    full = [who for who in loads if world.staff[who].since == 0]
    representatives = [n for n, colleague in enumerate(world.staff) if colleague.role == "representative"]
    assert set(loads) == set(representatives)
    assert max(max(days.values()) for days in per_day.values()) <= 60
    assert max(len(days) for days in per_day.values()) < 0.78 * rates.DAYS
    assert max(loads[who] for who in full) < 6 * min(loads[who] for who in full)


def test_what_is_promised_and_handed_over_is_by_people_who_were_there(provider: Made) -> None:
    world = provider.world
    names = {colleague.name: colleague for colleague in world.staff}
    for promise in provider.promises:
        assert promise.made_by_id is not None
        assert promise.made_at >= world.span.moment(world.staff[promise.made_by_id].since)
        if promise.settled_by_name:
            assert promise.made_at >= world.span.moment(names[promise.settled_by_name].since)
        if promise.owner_name.startswith("Field"):
            assert names[promise.settled_by_name].role == "technician" if promise.settled_by_name else True
    assert len(provider.hand_overs) > 100
    for passed in provider.hand_overs:
        assert passed.giver.name != passed.taker.name if passed.taker else True


def test_shops_and_the_post_keep_hours_and_what_is_written_waits_for_the_morning(provider: Made) -> None:
    for contact in provider.contacts:
        assert contact.customer_id is not None
        came = local(provider, contact.customer_id, contact.began_at)
        if contact.channel in {"shop", "letter"}:
            assert came.weekday() < 6, (contact.channel, came)
            assert 8 <= came.hour < 18, (contact.channel, came)
        if contact.channel in WRITTEN and contact.answered_at:
            assert 7 <= local(provider, contact.customer_id, contact.answered_at).hour <= 20


def test_most_customers_are_not_heard_of_in_a_year_or_once_and_a_few_are_all_the_time(provider: Made) -> None:
    world = provider.world
    contacts, c = world.chains.contacts, world.customers
    there = (c.joined < world.span.now - 365) & (c.left > world.span.now)
    lately = contacts.at > world.span.now - 365
    a_year = np.bincount(world.problems.who[contacts.problem][lately], minlength=len(c))[there]
    assert 0.25 < float((a_year == 0).mean()) < 0.45
    assert 0.50 < float((a_year <= 1).mean()) < 0.65
    assert 0.02 < float((a_year >= 8).mean()) < 0.08
    assert int(a_year.max()) >= 12


def test_the_days_after_a_bill_bring_questions_about_it(provider: Made) -> None:
    world = provider.world
    bills = bill_days(world.span, world.customers)
    asked = np.isin(world.problems.reason, [INDEX["bill_question"], INDEX["wrong_charge"], INDEX["price_went_up"]])
    since = world.problems.at[asked][:, None] - bills[world.problems.who[asked]]
    nearest = np.where(since >= 0, since, 99.0).min(axis=1)
    assert float((nearest < 8).mean()) > 1.8 * 8 / 30.4


def test_an_outage_brings_many_contacts_at_once_and_they_wait_longer(provider: Made) -> None:
    world = provider.world
    contacts, outages = world.chains.contacts, world.outages
    node = world.customers.node[world.problems.who[contacts.problem]]
    seen, hours = 0, 0.0
    for number in range(len(outages)):
        if outages.kind[number] == "lost":
            begins, ends = outages.began[number], outages.really_ended[number]
            inside = (contacts.at >= begins) & (contacts.at < ends) & np.isin(node, outages.nodes[number])
            seen += int(inside.sum())
            hours += float(ends - begins) * 24 * len(outages.nodes[number])
    usual = len(contacts.at) / (world.span.now * 24 * len(world.places.node_town))
    assert seen / hours > 8 * usual
    in_outage = world.problems.cause[contacts.problem] == 3
    waited = (contacts.answered - contacts.at) * 86_400
    calls = (contacts.channel == 0) & ~np.isnan(waited)
    assert np.median(waited[calls & in_outage]) > 1.8 * np.median(waited[calls & ~in_outage])


def test_outages_last_hours_and_the_search_for_noise_days(provider: Made) -> None:
    outages = provider.world.outages
    hours = (outages.really_ended - outages.began) * 24
    for kind, longest in (("lost", 24.0), ("planned", 14.0), ("degraded", 100.0)):
        of_kind = hours[np.array(outages.kind) == kind]
        assert float(np.median(of_kind)) < longest / 3
        assert float(of_kind.max()) < longest


def test_no_outage_begins_where_another_lasts(provider: Made) -> None:
    outages = provider.world.outages
    by_node = defaultdict(list)
    for number in range(len(outages)):
        for node in outages.nodes[number].tolist():
            by_node[node].append((outages.began[number], outages.really_ended[number]))
    for times in by_node.values():
        assert all(ended <= began for (_, ended), (began, _) in pairwise(sorted(times)))


def test_planned_work_is_at_night_where_it_is(provider: Made) -> None:
    world = provider.world
    for number in range(len(world.outages)):
        if world.outages.kind[number] == "planned":
            region = world.places.town_region[world.places.node_town[world.outages.node[number]]]
            began = world.span.moment(float(world.outages.began[number]))
            assert began.astimezone(ZoneInfo(REGIONS[region].time_zone)).hour < 5


def test_plans_prices_and_streets_are_the_providers_own(provider: Made) -> None:
    prices = {plan.name: {plan.price, plan.promotion} for plan in PLANS}
    assert all(len(prices) == len(PLANS) for _ in PLANS)
    for number, customer in enumerate(provider.households.customers):
        assert all(service.price_minor in prices[service.plan] for service in customer.services)
        street = customer.premises[0].line.split(" ", 1)[1].rsplit(" ", 1)[0]
        west = provider.world.customers.region[number] >= WEST_REGION
        assert street in (STREETS_WEST if west else STREETS_EAST), customer.premises[0]
    assert sum(plan.representatives for plan in TEAMS) < 0.6 * len(provider.world.staff)


def test_most_couples_are_a_man_and_a_woman_of_one_origin(provider: Made) -> None:
    cultures = [words("names")[culture] for culture in CULTURES]
    mixed = 0
    couples = [n for n, customer in enumerate(provider.households.customers) if customer.kind == "household"]
    for number in couples:
        culture = cultures[provider.world.customers.culture[number]]
        names = [person.name for person in provider.households.customers[number].people]
        given = [max((g for g in culture["given"] if name.startswith(g)), key=len) for name in names]
        assert all(any(family in name for family in culture["family"]) for name in names)
        assert len(set(names)) == 2
        mixed += len({culture["given"].index(name) % 2 for name in given}) == 2
    assert 0.85 < mixed / len(couples) < 1.0


def test_nobody_on_staff_shares_a_name_with_another(provider: Made) -> None:
    parts = Counter(part for colleague in provider.world.staff for part in colleague.name.split())
    assert [part for part, count in parts.items() if count > 1] == []
