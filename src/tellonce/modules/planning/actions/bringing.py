"""A file's shifts and absences brought into a week: all of it or nothing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, ngettext

from tellonce.modules.planning.actions.changing import PlanKey, keep_change, plan_to_change, shift_rows
from tellonce.modules.planning.actions.shifts import lay_shifts
from tellonce.modules.planning.contracts import ChangeKind
from tellonce.modules.planning.files.events import read_events
from tellonce.modules.planning.files.lines import Known, NewAbsence, RosterFile
from tellonce.modules.planning.files.rows import read_rows
from tellonce.modules.planning.models import Absence, Plan
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def bring_file(*, key: PlanKey, text: str, by: Actor, at: datetime) -> Plan:
    """Brings a CSV or iCalendar file in. Whoever has shifts in it has these and no others in the week.

    FileRefusedError names the wrong lines, PlanChangedError, BadPlanError; nothing is taken then.
    """
    is_calendar = text.lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCALENDAR")
    said = (read_events if is_calendar else read_rows)(text, known=known_people(), zone=key.zone)
    plan = plan_to_change(key, by=by, at=at)
    old = plan.shifts.none()
    if said.shifts:
        people = {shift.person_id for shift in said.shifts if shift.person_id is not None}
        labels = {shift.label for shift in said.shifts if shift.person_id is None}
        old = plan.shifts.filter(person_id__in=people) | plan.shifts.filter(person=None, label__in=labels)
    before = {"shifts": shift_rows(old)}
    old.delete()
    added = lay_shifts(plan, key, said.shifts)
    after = {"shifts": shift_rows(added), "absences": [row.pk for row in _keep_absences(said.absences, by=by, at=at)]}
    return keep_change(plan, ChangeKind.IMPORT, words=_words(said), by=by, at=at, before=before, after=after)


def known_people() -> Known:
    """Everybody on staff as files name them."""
    by_mail: dict[str, int] = {}
    by_name: dict[str, int] = {}
    twice: set[str] = set()
    for person in staff.people():
        by_mail[person.email] = person.pk
        name = person.name.lower()
        if name in by_name:
            twice.add(name)
        by_name[name] = person.pk
    return Known(by_mail, by_name, frozenset(twice))


def _keep_absences(absences: tuple[NewAbsence, ...], *, by: Actor, at: datetime) -> list[Absence]:
    """The absences that were not known yet; one that its calendar moved is moved, and counts as known."""
    added = []
    for said in absences:
        times = {"starts_at": said.starts_at, "ends_at": said.ends_at}
        same = {"person_id": said.person_id} | ({"uid": said.uid} if said.uid else times)
        known = Absence.objects.select_for_update().filter(**same).first()
        if known is None:
            named = {"added_at": at, "added_by_name": by.name, "uid": said.uid}
            added.append(Absence.objects.create(person_id=said.person_id, **times, **named))
        elif (known.starts_at, known.ends_at) != (said.starts_at, said.ends_at):
            known.starts_at, known.ends_at = said.starts_at, said.ends_at
            known.save(update_fields=["starts_at", "ends_at"])
    return added


def _words(said: RosterFile) -> str:
    parts = []
    if said.shifts:
        parts.append(ngettext("%(n)d shift", "%(n)d shifts", len(said.shifts)) % {"n": len(said.shifts)})
    if said.absences:
        parts.append(ngettext("%(n)d absence", "%(n)d absences", len(said.absences)) % {"n": len(said.absences)})
    return gettext(" and ").join(parts)
