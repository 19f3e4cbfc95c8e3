"""A mail that cannot be sent becomes a promise that is due for a person."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.contracts import PromiseKind
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import DeliveryState, FlagKind, ToldMoment
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import SYSTEM, ActorKind, Role

DUE_WITHIN_OPEN_MINUTES = 240
_LEADERS = (Role.SUPERVISOR, Role.MANAGER, Role.ADMINISTRATOR)


def promise_instead(moment: ToldMoment, *, subject: str, state: DeliveryState, at: datetime) -> None:
    """Within four open hours of whoever wrote it (or owns its case, or leads), the customer hears another way."""
    owner = _owner(moment)
    calendar = staff.calendar_of(person_id=owner.person_id, team_id=owner.team_id)
    care.make_promise(
        customer_id=moment.customer_id,
        what=_what(subject, state)[:300],
        kind=_kind(moment.customer_id, at=at),
        due_at=calendar.add_open_minutes(at, DUE_WITHIN_OPEN_MINUTES),
        by=SYSTEM,
        at=at,
        owner_person_id=owner.person_id,
        owner_team_id=owner.team_id,
        case_id=moment.about.case_id,
    )


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose promise it becomes: a person's or a team's."""

    person_id: int | None = None
    team_id: int | None = None


def _owner(moment: ToldMoment) -> _Owner:
    """The first of those who can still do it; a promise that is nobody's would be on nobody's page."""
    if moment.by_kind == ActorKind.PERSON and _is_here(moment.by_id):
        return _Owner(person_id=moment.by_id)
    if moment.about.case_id is not None:
        case = care_queries.case(moment.about.case_id).line
        if _is_here(case.owner_person_id):
            return _Owner(person_id=case.owner_person_id)
        if case.owner_team_id is not None:
            return _Owner(team_id=case.owner_team_id)
    leaders = (staff.people_found(role=role, active="yes").order_by("pk").first() for role in _LEADERS)
    return _Owner(person_id=next((leader.pk for leader in leaders if leader is not None), None))


def _is_here(person_id: int | None) -> bool:
    return person_id is not None and staff.people().filter(pk=person_id, is_active=True).exists()


def _what(subject: str, state: DeliveryState) -> str:
    if state == DeliveryState.NO_ADDRESS:
        return gettext("Reach the customer another way, there is no mail address: %(subject)s") % {"subject": subject}
    return gettext("Reach the customer another way, the mail could not be sent: %(subject)s") % {"subject": subject}


def _kind(customer_id: int, *, at: datetime) -> str:
    """A call, unless the customer asked not to be called."""
    flags = record.card(customer_id, at=at).flags
    return PromiseKind.OTHER if any(flag.kind == FlagKind.DO_NOT_CALL for flag in flags) else PromiseKind.CALL
