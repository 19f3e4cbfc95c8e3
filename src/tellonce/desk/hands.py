"""The left column: what is in somebody's hands, what arrives, what is due, what others ask."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from tellonce.datakit import Together, alone
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactLine, PromiseLine, TeamAsks
from tellonce.modules.staff.models import Person

MOST_WAITING = 8
MOST_DUE = 12
SOON = timedelta(hours=2)  # late in the evening what is due soon is tomorrow's by date, and tonight's work


@dataclass(frozen=True, slots=True)
class Hands:
    """What one person has to do with at `at`."""

    at: datetime
    in_hand: tuple[ContactLine, ...]
    waiting: tuple[ContactLine, ...]
    due: tuple[PromiseLine, ...]
    asks: TeamAsks


def end_of_day(at: datetime) -> datetime:
    """The last moment of the day here."""
    tomorrow = timezone.localtime(at).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))


def hands_of(person: Person, *, at: datetime) -> Hands:
    """What is in somebody's hands, in one round trip."""
    return alone(lambda ask: ask_hands(ask, person, at=at))


def ask_hands(ask: Together, person: Person, *, at: datetime) -> Callable[[], Hands]:
    """The same, read together with other things."""
    in_hand = care.ask_in_hand(ask, person.pk)
    waiting = care.ask_waiting_contacts(ask, limit=MOST_WAITING)
    due = care.ask_due_promises(ask, person, until=max(end_of_day(at), at + SOON), limit=MOST_DUE)
    asks = care.ask_team_asks(ask, person)
    return lambda: Hands(
        at=at, in_hand=tuple(in_hand()), waiting=_shown_to(person, waiting()), due=tuple(due()), asks=asks()
    )


def _shown_to(person: Person, waiting: Sequence[ContactLine]) -> tuple[ContactLine, ...]:
    """To a partner's people a customer who waits has no name before one of them takes the contact."""
    if person.partner_id is None:
        return tuple(waiting)
    nobody = gettext("Somebody")
    return tuple(replace(line, customer_name=nobody, said_name="", said="", reached_from="") for line in waiting)


def topics_of(person: Person) -> tuple[str, ...]:
    """What the left column must hear of."""
    topics = ["arrivals", f"person:{person.pk}"]
    if person.team_id is not None:
        topics.append(f"team:{person.team_id}")
    if person.team is not None and person.team.department_id is not None:
        topics.append(f"department:{person.team.department_id}")
    return tuple(topics)
