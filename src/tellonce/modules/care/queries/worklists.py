"""Worklists of cases: whose, about what, with which words."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tellonce.modules.care.contracts import CaseLine, CaseState
from tellonce.modules.care.models import Case
from tellonce.modules.care.queries.cases import case_lines
from tellonce.modules.staff.models import Person

SOLVED_DAYS = 30
_OPEN = Q(solved_at__isnull=True)


def worklist(
    person: Person,
    *,
    whose: str,
    at: datetime,
    words: str = "",
    matter_id: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[CaseLine]:
    """Cases as somebody works through them: mine, team, department, unowned, waiting (mine and my team's), solved, all.

    Open ones stand by age, the oldest first; solved ones of the last 30 days newest first. `matter_id` takes in the
    matters below it.
    """
    found = _chosen(person, whose, at).filter(hidden_at__isnull=True, merged_into__isnull=True)
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(customer__name__icontains=word))
    if matter_id is not None:
        found = found.filter(Q(matter_id=matter_id) | Q(matter__parent=matter_id) | Q(matter__parent__parent=matter_id))
    order = "-solved_at" if whose == "solved" else "opened_at"
    return case_lines(found.order_by(order, "pk")[offset : offset + limit])


def _chosen(person: Person, whose: str, at: datetime) -> QuerySet[Case]:
    nothing = Q(pk__in=[])
    team_id = person.team_id
    department_id = person.team.department_id if person.team is not None else None
    mine = Q(owner_person_id=person.pk)
    team = Q(owner_team_id=team_id) if team_id is not None else nothing
    department = Q(owner_department_id=department_id) if department_id is not None else nothing
    colleagues = Q(owner_person__team_id=team_id) if team_id is not None else mine
    people = Q(owner_person__team__department_id=department_id) if department_id is not None else mine
    ours = mine | team | department
    chosen = {
        "team": _OPEN & (team | colleagues),
        "department": _OPEN & (department | people | team),
        "unowned": _OPEN & Q(owner_person=None, owner_team=None, owner_department=None),
        "waiting": ours & Q(state=CaseState.WAITING),
        "solved": ours & Q(solved_at__gte=at - timedelta(days=SOLVED_DAYS)),
        "all": _OPEN,
    }
    return Case.objects.filter(chosen.get(whose, _OPEN & mine))
