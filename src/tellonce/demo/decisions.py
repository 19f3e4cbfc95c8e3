"""Two decisions of the made-up provider: one taken some weeks ago, whose effect is seen, and one that is open.

They are rehearsed by the product's own actions, in the background once the pages answer: nobody waits for it. Calls
come in them as they came: the people at work are seen from who talked when, and with so few calls an hour those who
wait for the next one are not seen, so that calls at other times would find nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tellonce.demo import rates
from tellonce.demo.calls import lay_queues
from tellonce.lab.rehearsal import CallbacksChange, MenuChange, PeopleChange, SiteAdded
from tellonce.modules.planning.actions import decisions, rehearsing
from tellonce.modules.planning.contracts.decisions import DecisionState, DecisionTerms, Policy
from tellonce.modules.planning.models import Decision
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Actor

_OWNER: Final = "Amira Mansour"
_PLANNER: Final = "Soo-ah Kim"
_HOUR_COST_MINOR: Final = 2900
_WORKDAYS, _WEEKEND = (0, 1, 2, 3, 4), (5, 6)
_FROM_H, _TO_H = rates.ONE_MORE_HOURS
_ONE_MORE: Final = "One person more on the phones in the morning"


@dataclass(frozen=True, slots=True)
class _Told:
    """A decision: what is asked of which queue, what could be done, and which of it was done."""

    question: str
    queue: str
    policies: tuple[Policy, ...]
    taken: str = ""


_MORNINGS: Final = _Told(
    "Callers of customer care wait longest before lunch: one person more then, or callbacks?",
    "care",
    (
        Policy(_ONE_MORE, (PeopleChange(1, _FROM_H, _TO_H, _WORKDAYS),)),
        Policy("Callbacks after three minutes", (CallbacksChange(above_s=180.0, accepted=0.4, unanswered=0.15),)),
    ),
    taken=_ONE_MORE,
)
_WEEKENDS: Final = _Told(
    "Shall Cordillera take technical help at weekends too?",
    "tech",
    (
        Policy(
            "Two people of Cordillera at weekends",
            (SiteAdded("Cordillera weekend", 2, 9.0, 18.0, _WEEKEND, is_partner=True, pace=1.1),),
        ),
        Policy("A restart by the menu first", (MenuChange(solved=0.12, lost=0.03, takes_s=45.0),)),
    ),
)


def lay_decisions(*, now: datetime, seed: int) -> None:
    """Both, as far as they are not there yet; what was begun before is gone on with."""
    first = min(person.added_at for person in staff.people())
    taken_at = (first + timedelta(days=rates.ONE_MORE_SINCE)).replace(hour=15)
    _lay(_MORNINGS, asked_at=taken_at - timedelta(days=4), settled_at=taken_at, seed=seed)
    _lay(_WEEKENDS, asked_at=now, settled_at=now, seed=seed)


def _lay(told: _Told, *, asked_at: datetime, settled_at: datetime, seed: int) -> None:
    found = queries.decisions().filter(question=told.question).first()
    if found is None:
        found = _drafted(told, at=asked_at, seed=seed)
    if found.state in {DecisionState.DRAFTED, DecisionState.REHEARSING}:
        _rehearse(found, told, at=asked_at)
    if told.taken and queries.decision(found.pk).state == DecisionState.REHEARSED:
        decisions.take_decision(decision_id=found.pk, policy=told.taken, by=_actor(_OWNER), at=settled_at)


def _drafted(told: _Told, *, at: datetime, seed: int) -> Decision:
    terms = DecisionTerms(told.question, (lay_queues(at=at)[told.queue],), hour_cost_minor=_HOUR_COST_MINOR)
    owner = next(person for person in staff.people() if person.name == _OWNER)
    return decisions.draft_decision(terms=terms, owner_id=owner.pk, seed=seed, by=_actor(_PLANNER), at=at)


def _rehearse(found: Decision, told: _Told, *, at: datetime) -> None:
    """From the calls to a whole rehearsal; each step leaves alone what is done already."""
    rehearsing.read_calls(decision_id=found.pk, now=lambda: at)
    if found.state == DecisionState.DRAFTED:
        decisions.set_policies(decision_id=found.pk, policies=told.policies, by=_actor(_PLANNER), at=at)
        rehearsing.ask_rehearsal(decision_id=found.pk, by=_actor(_PLANNER), at=at)
    rehearsing.rehearse_decision(decision_id=found.pk, now=lambda: at)


def _actor(name: str) -> Actor:
    return next(person for person in staff.people() if person.name == name).as_actor()
