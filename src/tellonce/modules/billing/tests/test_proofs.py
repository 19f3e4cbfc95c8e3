"""The proof of a correction counts contacts about its cause, and none about other bills."""

from datetime import date, datetime, timedelta

import pytest

from tellonce.modules.billing import actions
from tellonce.modules.billing.models import Cause
from tellonce.modules.billing.queries.pages_causes import cause_read
from tellonce.modules.billing.queries.proofs import Proof, proof
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, charge
from tellonce.modules.billing.tests.test_causes import a_cause, boss, care, charged, matters, run
from tellonce.modules.care import actions as care_actions
from tellonce.modules.care.models import Contact
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_contact, a_matter

pytestmark = pytest.mark.django_db
__all__ = ["matters"]
BEFORE, AFTER = NOW - timedelta(days=20), NOW + timedelta(days=20)


def contacts(holders: list[Holder], at: datetime, code: str) -> list[Contact]:
    made = [a_contact(customer=record.customer(holder.customer_id), at=at) for holder in holders]
    for contact in made:
        care_actions.set_matter(contact_id=contact.pk, matter_id=a_matter(code), by=SYSTEM, at=at)
    return made


def proved(cause: Cause) -> Proof:
    found = proof(cause_read(cause.pk), at=NOW + timedelta(days=60))
    assert found is not None
    return found


def test_it_compares_contacts_about_the_cause_before_and_after() -> None:
    holders = charged(20, 1)
    a_matter("billing.wrong.fee")
    cause = a_cause(by := care())
    run(cause, by=by, approved_by=boss())
    contacts(holders[:12], BEFORE, "billing.wrong.fee")
    contacts(holders[:2], AFTER, "billing.wrong")
    for at in (BEFORE, AFTER):  # of other things, by as many each time: they would hide what changed
        contacts(holders, at, "internet.slow")
        contacts(holders, at, "billing.question")
        contacts(holders, at, "billing.wrong.rental")
    found = proved(cause)
    assert (found.before, found.after) == (12, 2)
    assert found.days_before == found.days_after == 60
    assert found.ratio.ratio == pytest.approx(2 / 12)
    assert found.ratio.high < 1
    assert len(found.matters) == 2


def test_where_no_kind_is_known_a_wrong_charge_of_another_kind_is_none_of_it() -> None:
    holders = charged(4, 1)
    cause = a_cause(by := care())
    run(cause, by=by, approved_by=boss())
    contacts(holders, BEFORE, "billing.wrong")
    contacts(holders, BEFORE, "billing.wrong.rental")
    assert (proved(cause).before, proved(cause).after) == (4, 0)


def raised_in(contact: Contact, holder: Holder, line: Line, on: date) -> None:
    bill = a_bill(holder, line, on=on)
    asked = [actions.LineAsked(charge(bill))]
    actions.raise_dispute(
        customer_id=holder.customer_id, lines=asked, words="", by=care(), at=contact.began_at, contact_id=contact.pk
    )


def test_a_contact_in_which_a_line_was_disputed_counts_whatever_its_matter_and_no_other_dispute_does() -> None:
    mine, other = charged(2, 1)
    a_matter("billing.wrong.fee")
    cause = a_cause(by := care())
    (asked,) = contacts([mine], BEFORE, "internet.slow")
    raised_in(asked, mine, Line("FEE-REG", 300, kind="fee"), date(2026, 2, 1))
    (elsewhere,) = contacts([other], BEFORE, "billing.wrong.fee")
    raised_in(elsewhere, other, Line("FEE-LATE", 900, kind="fee"), date(2026, 2, 1))
    run(cause, by=by, approved_by=boss())
    found = proved(cause)
    assert (found.before, found.after) == (1, 0)
