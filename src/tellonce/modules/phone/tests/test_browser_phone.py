"""Who has chosen to have their phone in the browser, and what the switchboard is told of it."""

import pytest
from django.db import IntegrityError

from tellonce.modules.phone import actions
from tellonce.modules.phone.models import BrowserPhone
from tellonce.modules.phone.queries import people_with_phones
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import StaffChange
from tests.factories import NOW, a_person

pytestmark = pytest.mark.django_db


def test_the_browser_is_rung_before_a_sip_phone_and_both_may_sign_in() -> None:
    ada = a_person(name="Ada")
    actions.give_phone(person_id=ada.pk, by=SYSTEM, at=NOW)
    actions.take_calls_in_browser(person_id=ada.pk, by=SYSTEM, at=NOW)
    phones = PhoneDirectory().around(NOW.timestamp()).phones
    assert [(each.person, each.user) for each in phones] == [(ada.pk, f"b{ada.pk}"), (ada.pk, f"p{ada.pk}")]


def test_the_choice_is_kept_with_its_secret_and_stands_in_the_audit_once() -> None:
    ada = a_person(name="Ada")
    actions.take_calls_on_phone(person_id=ada.pk, by=SYSTEM, at=NOW)  # nothing changes
    for _ in range(2):
        actions.take_calls_in_browser(person_id=ada.pk, by=SYSTEM, at=NOW)
    first = BrowserPhone.objects.get()
    assert first.is_on
    assert people_with_phones() == {ada.pk}
    actions.take_calls_on_phone(person_id=ada.pk, by=SYSTEM, at=NOW)
    assert people_with_phones() == set()
    assert not BrowserPhone.objects.get().is_on
    actions.take_calls_in_browser(person_id=ada.pk, by=SYSTEM, at=NOW)
    again = BrowserPhone.objects.get()
    assert (again.is_on, again.ha1) == (True, first.ha1)
    assert StaffChange.objects.filter(what="phone").count() == 3


def test_a_phone_without_a_secret_is_none() -> None:
    with pytest.raises(IntegrityError):
        BrowserPhone.objects.create(person=a_person(), user="b1", ha1="", made_at=NOW)
