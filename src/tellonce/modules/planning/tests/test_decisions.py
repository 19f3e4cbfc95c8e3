"""A decision from its question to what happened after: reproducible, killed and gone on with, taken once."""

from datetime import timedelta
from threading import Thread

import numpy as np
import pytest
from django.db import connection
from django.test import Client

from tellonce.lab.rehearsal import PeopleChange, PressureChange, RehearsalInputError
from tellonce.modules.planning.actions import decisions as actions
from tellonce.modules.planning.actions import rehearsing
from tellonce.modules.planning.contracts.decisions import (
    AS_IT_IS,
    DecisionSettledError,
    DecisionState,
    DecisionTerms,
)
from tellonce.modules.planning.models import Decision
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.planning.queries.looking_back import looked_back
from tellonce.modules.planning.tests.centre import a_centre
from tellonce.modules.staff.contracts import SYSTEM, PermissionSet, Role
from tests.factories import NOW, a_person

pytestmark = pytest.mark.django_db
TWO_MORE = PeopleChange(2, 9, 12, (0, 1, 2))


@pytest.fixture
def drafted() -> Decision:
    queue = a_centre()
    terms = DecisionTerms("Two more people in the mornings?", (queue.pk,), weeks=1, hour_cost_minor=3000)
    owner = a_person(role=Role.MANAGER)
    made = actions.draft_decision(terms=terms, owner_id=owner.pk, seed=7, by=owner.as_actor(), at=NOW)
    rehearsing.read_calls(decision_id=made.pk, now=lambda: NOW)
    actions.add_change(decision_id=made.pk, policy=None, name="Two more", change=TWO_MORE, by=SYSTEM, at=NOW)
    return queries.decision(made.pk)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred replications take too long for a test."""
    monkeypatch.setattr(rehearsing, "_STEPS", (2, 4))


@pytest.fixture
def rehearsed(drafted: Decision, few: None) -> Decision:
    rehearsing.ask_rehearsal(decision_id=drafted.pk, by=SYSTEM, at=NOW)
    rehearsing.rehearse_decision(decision_id=drafted.pk, now=lambda: NOW)
    return queries.decision(drafted.pk)


def test_a_rehearsal_is_near_what_was_seen_and_says_what_more_people_do(rehearsed: Decision) -> None:
    assert rehearsed.state == DecisionState.REHEARSED, rehearsed.rehearsal.refused
    now, more = (queries.results_of(rehearsed)[policy.key] for policy in queries.policies_of(rehearsed))
    about = rehearsed.rehearsal.about
    assert float(now.estimate("in_time").mean) == pytest.approx(about["seen"]["in_time"], abs=0.06)
    assert float(now.estimate("calls").mean) == pytest.approx(about["calls"], rel=0.01)
    slots = [day * 24 + hour for day in (0, 1, 2) for hour in (9, 10, 11)]
    assert np.nanmean(more.kept_in(slots)) > np.nanmean(now.kept_in(slots)) + 0.1
    assert float(more.beside(now, "hours").mean) == pytest.approx(18, abs=0.5)


def test_killed_in_the_middle_it_goes_on_and_comes_to_the_same(
    drafted: Decision, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsing.ask_rehearsal(decision_id=drafted.pk, by=SYSTEM, at=NOW)
    keep, kept = rehearsing._keep, []

    def die(*words: object) -> None:
        keep(*words)  # type: ignore[arg-type]
        kept.append(1)
        if len(kept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(rehearsing, "_keep", die)
    with pytest.raises(KeyboardInterrupt):
        rehearsing.rehearse_decision(decision_id=drafted.pk, now=lambda: NOW)
    monkeypatch.setattr(rehearsing, "_keep", keep)
    assert queries.decision(drafted.pk).state == DecisionState.REHEARSING
    rehearsing.rehearse_decision(decision_id=drafted.pk, now=lambda: NOW)
    torn = queries.decision(drafted.pk)
    assert torn.state == DecisionState.REHEARSED
    results = torn.rehearsal.results
    drafted.rehearsal.__class__.objects.filter(decision=drafted).update(results={}, done=0)
    rehearsing.ask_rehearsal(decision_id=drafted.pk, by=SYSTEM, at=NOW)
    rehearsing.rehearse_decision(decision_id=drafted.pk, now=lambda: NOW)
    assert queries.decision(drafted.pk).rehearsal.results == results


def test_a_cancelled_rehearsal_keeps_what_is_done(drafted: Decision, few: None) -> None:
    rehearsing.ask_rehearsal(decision_id=drafted.pk, by=SYSTEM, at=NOW)
    rehearsing._note(drafted.pk, cancel_asked_at=NOW)
    rehearsing.rehearse_decision(decision_id=drafted.pk, now=lambda: NOW)
    found = queries.decision(drafted.pk)
    assert found.state == DecisionState.DRAFTED
    assert list(found.rehearsal.results) == [AS_IT_IS]


def test_what_cannot_be_is_refused_where_it_was_said(drafted: Decision) -> None:
    for change, field in (
        (PeopleChange(2, 8, 40), "to_h"),
        (PeopleChange(2, 8, 12, skills=("juggling",)), "skills"),
        (PressureChange(-1.0), "factor"),
    ):
        with pytest.raises(RehearsalInputError) as refused:
            actions.add_change(decision_id=drafted.pk, policy=0, name="", change=change, by=SYSTEM, at=NOW)
        assert refused.value.field == field


def test_the_forecast_is_frozen_when_taken_and_the_actual_stands_beside_it(rehearsed: Decision) -> None:
    actions.take_decision(decision_id=rehearsed.pk, policy="Two more", by=SYSTEM, at=NOW - timedelta(days=8))
    taken = queries.decision(rehearsed.pk)
    week, month, _quarter = looked_back(taken, now=NOW)
    assert (week.so_far, month.so_far) == (7, 7)
    assert week.seen["in_time"] == pytest.approx(taken.rehearsal.about["seen"]["in_time"])
    assert taken.taken["promised"]["kept"][1] <= taken.taken["promised"]["kept"][0]
    with pytest.raises(DecisionSettledError):
        actions.drop_decision(decision_id=rehearsed.pk, by=SYSTEM, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_wins_and_the_other_is_told(rehearsed: Decision) -> None:
    said: list[str] = []

    def take(policy: str) -> None:
        try:
            actions.take_decision(decision_id=rehearsed.pk, policy=policy, by=SYSTEM, at=NOW)
            said.append("won")
        except DecisionSettledError as error:
            said.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=take, args=(policy,)) for policy in ("As it is", "Two more")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = queries.decision(rehearsed.pk).taken_policy
    assert max(said) == "won"
    assert f"took “{won}”" in min(said)


@pytest.mark.parametrize(
    ("role", "sets", "may_write"),
    [
        (Role.MANAGER, (), True),
        (Role.SUPERVISOR, (PermissionSet.PLANNER,), True),
        (Role.ANALYST, (), False),
    ],
)
def test_the_page_by_person(
    rehearsed: Decision, client: Client, role: str, sets: tuple[str, ...], may_write: bool
) -> None:
    client.force_login(a_person(role=role, permission_sets=sets))
    said = client.get(f"/decisions/{rehearsed.pk}").content.decode()
    assert "of quarter hours" in said
    assert ("Take “Two more”" in said) is may_write
    assert client.get("/decisions").status_code == 200
    typed = {"count": "3", "since": "08:00", "length_h": "30", "weekdays": ["0"], "policy": "0"}
    answer = client.post(f"/decisions/{rehearsed.pk}/change/people", typed)
    assert answer.status_code == (422 if may_write else 403)
    if may_write:
        assert "at most a day long" in answer.content.decode()


def test_a_representative_sees_no_decisions(client: Client) -> None:
    client.force_login(a_person(role=Role.REPRESENTATIVE))
    assert client.get("/decisions").status_code == 403
