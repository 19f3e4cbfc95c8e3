"""Solve, the one key on the desk: the matter is solved in this contact, and the contact ends."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.case_states import solve_case
from tellonce.modules.care.actions.cases import open_case
from tellonce.modules.care.actions.contacts import end_contact, refuse_ended
from tellonce.modules.care.actions.locking import contact_to_change
from tellonce.modules.care.contracts import CannotDoError
from tellonce.modules.care.models import Case
from tellonce.modules.care.queries import cases as case_queries
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def solve_contact(*, contact_id: int, matter_id: int, by: Actor, at: datetime, note: str = "") -> Case:
    """Solves the customer's latest open case on this matter, or opens and solves one; then ends the contact.

    A case with open ones below it is refused, saying so: nobody solves those over the heads of who owns them.
    """
    contact = contact_to_change(contact_id)
    refuse_ended(contact)
    if contact.customer_id is None:
        raise CannotDoError(gettext("Find out first whose contact this is."))
    open_id = case_queries.open_case_on(customer_id=contact.customer_id, matter_id=matter_id)
    if open_id is None:
        open_id = open_case(
            customer_id=contact.customer_id, matter_id=matter_id, title="", by=by, at=at, contact_id=contact_id
        ).pk
    case = solve_case(case_id=open_id, by=by, at=at, contact_id=contact_id, note=note)
    end_contact(contact_id=contact_id, by=by, at=at, matter_id=matter_id)
    return case
