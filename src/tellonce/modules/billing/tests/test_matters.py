"""What a disputed line is about becomes the matter of its case and of the contact in which it was raised."""

from datetime import date

import pytest

from tellonce.modules.billing import actions
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder, charge
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Case, Contact
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_case, a_contact, a_matter, a_person

pytestmark = pytest.mark.django_db
ON = date(2026, 2, 1)


@pytest.fixture
def holder() -> Holder:
    a_matter("billing.wrong")
    return a_holder()


def in_hand(holder: Holder) -> Contact:
    return a_contact(customer=Customer.objects.get(pk=holder.customer_id), taken_by=a_person())


def disputed_in(contact: Contact, holder: Holder, *lines: Line, case_id: int | None = None) -> None:
    bill = a_bill(holder, *lines, on=ON)
    actions.raise_dispute(
        customer_id=holder.customer_id,
        lines=[actions.LineAsked(charge(bill, 1))],
        words="",
        by=a_person().as_actor(),
        at=NOW,
        contact_id=contact.pk,
        case_id=case_id,
    )
    contact.refresh_from_db()


def matters(contact: Contact) -> list[str]:
    case = Case.objects.get()
    return [each.matter.code if each.matter else "" for each in (contact, case)]


@pytest.mark.parametrize(
    ("lines", "matter"),
    [
        ([Line()], "billing.wrong"),
        ([Line(device_serial="SN-1")], "billing.wrong.rental"),
        ([Line(kind="fee")], "billing.wrong.fee"),
        ([Line(device_serial="SN-1"), Line(device_serial="SN-1")], "billing.wrong.twice"),
        ([Line(device_serial="SN-1"), Line(device_serial="SN-2")], "billing.wrong.rental"),
    ],
)
def test_the_kind_of_charge_is_the_matter(holder: Holder, lines: list[Line], matter: str) -> None:
    contact = in_hand(holder)
    disputed_in(contact, holder, *lines)
    assert matters(contact) == [matter, matter]


@pytest.mark.parametrize(("until", "matter"), [(ON, "billing.wrong.ended"), (date(2026, 2, 2), "billing.wrong")])
def test_a_service_that_was_over_before_is_charged_after_its_end(holder: Holder, until: date, matter: str) -> None:
    service = record.add_service(customer_id=holder.customer_id, kind="tv", plan="TV", by=SYSTEM, at=NOW)
    service.status, service.since, service.until = "ended", date(2025, 1, 1), until
    service.save()
    contact = in_hand(holder)
    disputed_in(contact, holder, Line(service_id=service.pk))
    assert matters(contact) == [matter, matter]


def test_what_a_person_said_it_is_about_stays(holder: Holder) -> None:
    contact = in_hand(holder)
    care.set_matter(contact_id=contact.pk, matter_id=a_matter("internet.slow"), by=a_person().as_actor(), at=NOW)
    disputed_in(contact, holder, Line(kind="fee"))
    assert matters(contact) == ["internet.slow", "billing.wrong.fee"]


def test_a_dispute_in_the_case_at_hand_says_it_too(holder: Holder) -> None:
    customer = Customer.objects.get(pk=holder.customer_id)
    case = a_case(customer=customer, matter="billing.question")
    contact = in_hand(holder)
    disputed_in(contact, holder, Line(kind="fee"), case_id=case.pk)
    assert matters(contact) == ["billing.wrong.fee", "billing.question"]


def test_one_open_case_about_a_wrong_charge_of_no_kind_is_gone_on_with(holder: Holder) -> None:
    customer = Customer.objects.get(pk=holder.customer_id)
    a_case(customer=customer, matter="billing.wrong")
    contact = in_hand(holder)
    disputed_in(contact, holder, Line(kind="fee"))
    assert matters(contact) == ["billing.wrong", "billing.wrong"]


def test_a_matter_that_is_no_longer_used_leaves_the_one_above_it(holder: Holder) -> None:
    care.retire_matter(matter_id=a_matter("billing.wrong.fee"), by=a_person().as_actor(), at=NOW)
    contact = in_hand(holder)
    disputed_in(contact, holder, Line(kind="fee"))
    assert matters(contact) == ["billing.wrong", "billing.wrong"]
