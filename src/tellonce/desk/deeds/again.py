"""What came back: a solved case is open again in the contact that says so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, long_words
from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import CannotDoError, CaseLine, CaseState, ContactLine
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import NotOfRecordError

MOST_OFFERED = 2


def came_back(cases: Sequence[CaseLine], contact: ContactLine | None, *, at: datetime) -> list[CaseLine]:
    """The solved cases that the contact may reopen: on its matter, or on any while it has none; the latest first."""
    if contact is None or contact.ended_at is not None:
        return []
    since = at - timedelta(days=queries.REOPEN_DAYS)
    solved = [
        (case.solved_at, case)
        for case in cases
        if case.state == CaseState.SOLVED
        and case.solved_at is not None
        and case.solved_at >= since
        and contact.matter_id in {None, case.matter_id}
    ]
    latest = sorted(solved, key=lambda each: each[0], reverse=True)
    return [case for _, case in latest[:MOST_OFFERED]]


class ReopenInContact(DeedForm):
    """The customer says in a contact that it was not solved."""

    name = "reopen"
    title = _("Reopen the case")
    button = _("Reopen")

    reason = long_words(label=_("What came back"))

    def prepare(self) -> None:
        """The case is this customer's, and the contact may be about it."""
        self.keep_draft("reason")
        if self.place.thing_id is None or self.place.contact is None:
            raise CannotDoError(gettext("Say which case, in which contact."))
        line = queries.case(self.place.thing_id).line
        ids = record.same_customer_ids(self.place.customer_id)
        if line.customer_id not in ids:
            raise NotOfRecordError(gettext("This customer has no such thing."))
        if not any(case.id == line.id for case in queries.reopenable(ids, matter_id=line.matter_id, at=self.place.at)):
            raise CannotDoError(gettext("This case cannot be reopened any more; open a new one and link the two."))
        self.about = line.title

    def do(self) -> str:
        """Reopens it, counted with the contact; another matter's case is refused."""
        assert self.place.thing_id is not None
        actions.reopen_case(
            case_id=self.place.thing_id,
            by=self.place.by,
            at=self.place.at,
            reason=self.cleaned_data["reason"],
            contact_id=self.place.contact_id,
        )
        return gettext("Open again; it is counted.")
