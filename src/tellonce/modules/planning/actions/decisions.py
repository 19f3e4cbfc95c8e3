"""A decision drafted, its policies changed, taken or dropped: each once, and the second of two people is told."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext

from tellonce.lab.rehearsal import Change, Seen, changed
from tellonce.lab.simulation.measures import estimate
from tellonce.modules.phone import queries as phone
from tellonce.modules.planning.contracts import RunState
from tellonce.modules.planning.contracts.decisions import (
    ALL_REPLICATIONS,
    MOST_POLICIES,
    ArrivalsFrom,
    BadDecisionError,
    DecisionBusyError,
    DecisionState,
    DecisionTerms,
    Policy,
    policy_row,
)
from tellonce.modules.planning.models import Decision, Rehearsal
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.planning.queries.settled import refuse_settled
from tellonce.modules.staff.contracts import Actor

_MOST_WEEKS = 26
_LONGEST_S = 86_400
_PROMISED = ("kept", "in_time", "abandoned", "p50", "p90", "calls", "repeats", "occupancy")


@transaction.atomic
def draft_decision(*, terms: DecisionTerms, owner_id: int, seed: int, by: Actor, at: datetime) -> Decision:
    """A new decision, of which a worker then reads the calls. BadDecisionError names the field."""
    _refuse_bad(terms)
    values = asdict(terms) | {"queue_ids": list(terms.queue_ids), "question": terms.question.strip()}
    made = Decision.objects.create(owner_id=owner_id, drafted_at=at, drafted_by_name=by.name, **values)
    Rehearsal.objects.create(decision=made, seed=seed)
    return made


@transaction.atomic
def add_change(*, decision_id: int, policy: int | None, name: str, change: Change, by: Actor, at: datetime) -> Decision:
    """A change more in a policy (by its place, 0 the first), or in a new one of this name.

    RehearsalInputError or BadDecisionError name the field; DecisionSettledError, DecisionBusyError.
    """
    found = _to_change(decision_id)
    base = queries.base_of_decision(decision_id)
    if base is None:
        raise DecisionBusyError(gettext("The calls are still being read. Try again in a moment."))
    policies = list(queries.policies_of(found)[1:])
    if policy is None:
        policies.append(Policy(_name(name, policies), (change,)))
        place = len(policies) - 1
    elif 0 <= policy < len(policies):
        place, old = policy, policies[policy]
        policies[place] = Policy(old.name, (*old.changes, change))
    else:
        raise BadDecisionError(gettext("That policy is not there any more."), field="policy")
    if len(policies) > MOST_POLICIES:
        raise BadDecisionError(gettext("At most %(n)d policies are compared.") % {"n": MOST_POLICIES}, field="policy")
    changed(base, policies[place].changes)
    return _keep(found, policies)


@transaction.atomic
def set_policies(*, decision_id: int, policies: tuple[Policy, ...], by: Actor, at: datetime) -> Decision:
    """All policies at once, as a file says them."""
    if len(policies) > MOST_POLICIES:
        raise BadDecisionError(gettext("At most %(n)d policies are compared.") % {"n": MOST_POLICIES}, field="policy")
    return _keep(_to_change(decision_id), list(policies))


@transaction.atomic
def remove_policy(*, decision_id: int, policy: int, by: Actor, at: datetime) -> Decision:
    """A policy taken out, by its place; one that is gone already is no fault."""
    found = _to_change(decision_id)
    policies = list(queries.policies_of(found)[1:])
    return _keep(found, [each for place, each in enumerate(policies) if place != policy])


@transaction.atomic
def take_decision(*, decision_id: int, policy: str, by: Actor, at: datetime) -> Decision:
    """Takes one of the rehearsed policies, and freezes what is expected of it. DecisionSettledError for the second."""
    found = Decision.objects.select_for_update().get(pk=queries.decision(decision_id).pk)
    refuse_settled(found)
    chosen = next((each for each in queries.policies_of(found) if each.name == policy), None)
    result = queries.results_of(found).get(chosen.key) if chosen else None
    if found.state != DecisionState.REHEARSED or chosen is None or result is None:
        raise BadDecisionError(gettext("Only a policy that has been rehearsed can be taken."), field="policy")
    found.state, found.taken_policy = DecisionState.TAKEN, chosen.name
    found.settled_at, found.settled_by_name = at, by.name
    found.taken = {
        "promised": _promised(result),
        "replications": len(result.replications),
        "arrivals": found.arrivals,
        "forecasts": found.rehearsal.about.get("forecasts", []),
        "days": found.rehearsal.about.get("days"),
        "policy": policy_row(chosen),
    }
    found.save()
    return found


@transaction.atomic
def drop_decision(*, decision_id: int, by: Actor, at: datetime) -> Decision:
    """Drops a decision that was not taken."""
    found = Decision.objects.select_for_update().get(pk=queries.decision(decision_id).pk)
    refuse_settled(found)
    found.state, found.settled_at, found.settled_by_name = DecisionState.DROPPED, at, by.name
    found.save()
    Rehearsal.objects.filter(decision_id=found.pk, state__in=(RunState.WAITING, RunState.RUNNING)).update(
        cancel_asked_at=at
    )
    return found


def _refuse_bad(terms: DecisionTerms) -> None:
    known = {queue.id for queue in phone.queues()}
    wrong = {
        "question": not terms.question.strip(),
        "queue_ids": not terms.queue_ids or not set(terms.queue_ids) <= known,
        "weeks": not 1 <= terms.weeks <= _MOST_WEEKS,
        "answer_within_s": not 0 <= terms.answer_within_s <= _LONGEST_S,
        "target_share": not 0 < terms.target_share <= 1,
        "hour_cost_minor": terms.hour_cost_minor < 0,
        "arrivals": terms.arrivals not in ArrivalsFrom.values,
    }
    words = {
        "question": gettext("Say in a sentence what is to be decided."),
        "queue_ids": gettext("Choose at least one queue."),
        "weeks": gettext("From 1 to %(n)d weeks.") % {"n": _MOST_WEEKS},
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise BadDecisionError(words.get(field, gettext("This cannot be.")), field=field)


def _to_change(decision_id: int) -> Decision:
    found = Decision.objects.select_for_update().get(pk=queries.decision(decision_id).pk)
    refuse_settled(found)
    if found.state == DecisionState.REHEARSING:
        raise DecisionBusyError(gettext("It is being rehearsed: cancel that first, or wait."))
    return found


def _keep(found: Decision, policies: list[Policy]) -> Decision:
    """Results of policies that stay are kept: their callers are the same."""
    found.policies = [policy_row(policy) for policy in policies]
    done = queries.results_of(found)
    whole = all(
        policy.key in done and len(done[policy.key].replications) >= ALL_REPLICATIONS
        for policy in queries.policies_of(found)
    )
    found.state = DecisionState.REHEARSED if whole else DecisionState.DRAFTED
    found.save()
    return found


def _name(name: str, policies: list[Policy]) -> str:
    wanted = " ".join(name.split())[:120] or gettext("Policy %(n)d") % {"n": len(policies) + 1}
    if any(policy.name == wanted for policy in policies) or wanted == gettext("As it is"):
        raise BadDecisionError(gettext("Another policy has this name."), field="name")
    return wanted


def _promised(seen: Seen) -> dict[str, Any]:
    """Mean of each measure, and where 8 of 10 rehearsed periods lie."""
    made = {}
    for name in _PROMISED:
        values = seen.values(name)
        if np.isfinite(values).any():
            low, high = np.nanquantile(values, (0.1, 0.9))
            made[name] = [float(estimate(values).mean), float(low), float(high)]
    return made
