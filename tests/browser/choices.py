"""A week of calls of a small line for the browser tests, and a decision about it that is drafted."""

from datetime import datetime, timedelta

from tellonce.lab.fitting.tests.centre import Centre
from tellonce.lab.rehearsal import PeopleChange
from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import NewCall, QueueTerms
from tellonce.modules.planning.actions import decisions, rehearsing
from tellonce.modules.planning.contracts.decisions import DecisionTerms
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import SYSTEM

_DAYS = 7


def make_choices(now: datetime) -> int:
    """A queue with calls, and Paula's decision about it with one policy; returns the decision's id."""
    queue = phone.add_queue(code="lines", terms=QueueTerms("Lines", "lines", time_zone="UTC"), by=SYSTEM, at=now)
    phone.load_calls(_calls(queue.pk, now), by=SYSTEM, at=now)
    paula = staff.person_by_mail("paula@example.net")
    assert paula is not None
    terms = DecisionTerms("Who answers at noon?", (queue.pk,), weeks=1)
    made = decisions.draft_decision(terms=terms, owner_id=paula.pk, seed=5, by=paula.as_actor(), at=now)
    rehearsing.read_calls(decision_id=made.pk, now=lambda: now)
    noon = PeopleChange(1, 11, 14)
    decisions.add_change(decision_id=made.pk, policy=None, name="One at noon", change=noon, by=SYSTEM, at=now)
    return made.pk


def _calls(queue_id: int, now: datetime) -> list[NewCall]:
    log = Centre(days=_DAYS, people=4, calls_per_hour=62.0).log(3)
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=_DAYS)
    found = []
    for place in range(len(log)):
        at, is_answered = first + timedelta(seconds=int(log.arrived_s[place])), log.person[place] >= 0
        found.append(
            NewCall(
                queue_id=queue_id,
                arrived_at=at,
                queued_at=at,
                wait_s=int(log.wait_s[place]),
                handle_s=int(log.service_s[place]) if is_answered else None,
                person_code=f"AG{log.person[place]}" if is_answered else "",
                service_code=log.kinds[log.kind[place]],
                priority=int(log.priority[place]),
                outcome="answered" if is_answered else "abandoned",
                source="lines",
                external_id=str(place),
            )
        )
    return found
