"""A credit that is due on an account which gets no more bills asks for another way: a case with an owner."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions.casework import case_again
from tellonce.modules.billing.actions.each import each_by_itself
from tellonce.modules.billing.actions.telling import tell
from tellonce.modules.billing.contracts import NO_BILL_DAYS, CreditStuck, money
from tellonce.modules.billing.models import Credit
from tellonce.modules.billing.queries.waiting import stuck_credits
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import SYSTEM, Role

_LEADERS = (Role.SUPERVISOR, Role.MANAGER, Role.ADMINISTRATOR)


def find_stuck_credits(*, at: datetime) -> int:
    """Opens a case for each that was not seen before, one transaction each; returns how many."""
    found = stuck_credits(at=at).filter(stuck_at__isnull=True).values_list("pk", flat=True)
    return each_by_itself(list(found), partial(_find, at=at))


@transaction.atomic
def _find(credit_id: int, *, at: datetime) -> int:
    new = stuck_credits(at=at).filter(pk=credit_id, stuck_at__isnull=True)
    credit = new.select_for_update(of=("self",), skip_locked=True).first()
    if credit is None:
        return 0
    holder_id, due_minor = holder_of(credit), credit.amount_minor - credit.arrived_minor
    title = gettext("Pay out another way: %(amount)s, and no more bills come") % {
        "amount": money(due_minor, credit.currency)
    }
    words = gettext("No bill came on this account for %(n)d days. Pay the credit out another way, and note how.")
    credit.case_id = case_again(
        credit.case_id, customer_id=holder_id, title=title, words=words % {"n": NO_BILL_DAYS}, by=SYSTEM, at=at
    )
    credit.stuck_at = at
    credit.save(update_fields=["case", "stuck_at"])
    stuck = CreditStuck(credit.pk, due_minor, credit.currency)
    tell(holder_id, stuck, by=SYSTEM, at=at, about=("credit", credit.pk), case_id=credit.case_id)
    _give_owner(credit, at=at)
    return 1


def _give_owner(credit: Credit, *, at: datetime) -> None:
    """A case that nobody owns goes to whoever granted the credit or asked for it, or else to somebody who leads."""
    assert credit.case_id is not None
    if care_queries.case(credit.case_id).line.owner:
        return
    here = staff.people().filter(is_active=True, partner__isnull=True)
    theirs = (here.filter(pk=pk).first() for pk in (credit.settled_by_id, credit.asked_by_id) if pk is not None)
    leaders = (here.filter(role=role).order_by("pk").first() for role in _LEADERS)
    owner = next((each for each in (*theirs, *leaders) if each is not None), None)
    if owner is not None:
        care.own_case(case_id=credit.case_id, person_id=owner.pk, by=SYSTEM, at=at)
