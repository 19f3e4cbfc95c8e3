"""Customers' passwords, and what they are told of when it changes: 47 CFR 64.2010(e) and (f)."""

import re
from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from tellonce.modules.care.actions.callers import contact_to_identify
from tellonce.modules.care.actions.notes import write_customer
from tellonce.modules.care.actions.promises import make_promise
from tellonce.modules.care.actions.telling import tell_of_contact
from tellonce.modules.care.contracts import AccountChange, CallerPasswordSet, CannotDoError, PromiseKind
from tellonce.modules.care.models import CallerPassword
from tellonce.modules.care.queries import callers as queries
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import CustomerCard, FlagKind
from tellonce.modules.staff import queries as staff_queries
from tellonce.modules.staff.contracts import Actor

FEWEST_LETTERS = 6
_LONGEST = 128
_TELLING = 4  # shorter pieces of names and numbers are in many words that have nothing to do with them
_TELL_WITHIN_OPEN_MINUTES = 240


@transaction.atomic
def set_caller_password(*, contact_id: int, password: str, by: Actor, at: datetime) -> CallerPassword:
    """The customer chooses a password in a contact in which they are verified; they are told that it changed."""
    contact = contact_to_identify(contact_id, by=by)
    standing = queries.standing(contact_id)
    if not standing.is_verified:
        raise CannotDoError(gettext("A password is set only by somebody who is verified in this contact."))
    assert contact.customer_id is not None
    card = record_queries.card(contact.customer_id, at=at)
    said = queries.as_said(password)
    _refuse_weak(said, card)
    is_first = queries.password_of(card.ids) is None
    kept, _made = CallerPassword.objects.update_or_create(
        customer_id=card.id,
        defaults={"hashed": make_password(said), "set_at": at, "set_by_id": by.id, "set_by_name": by.name},
    )
    tell_of_contact(contact, CallerPasswordSet(is_first, standing.way), by=by, at=at)
    tell_of_change(customer_id=card.id, change=AccountChange.PASSWORD, by=by, at=at)
    return kept


@transaction.atomic
def tell_of_change(*, customer_id: int, change: AccountChange, by: Actor, at: datetime) -> None:
    """Tells the customer at once, at their mail address of record, that something changed, and not what it is now.

    Without such an address it becomes a promise of `by` to tell them at another number or address of record; a
    customer with none at all (new here) is told of nothing.
    """
    card = record_queries.card(customer_id, at=at)
    if queries.mail_of_record(card) is not None:
        with translation.override(next(iter(card.languages), None) or translation.get_language()):
            subject, words = _change_letter(change)
            write_customer(customer_id=card.id, subject=subject, words=words, by=by, at=at)
    elif any(each.is_of_record for each in (*card.phones, *card.posts)):
        _promise_to_tell(card, change, by=by, at=at)


def _change_letter(change: AccountChange) -> tuple[str, str]:
    if change is AccountChange.PASSWORD:
        return gettext("The password of your account was changed"), gettext(
            "The password by which you say who you are was set or changed. Was that not you? Then call us at once."
        )
    return gettext("A number or address of your account was changed"), gettext(
        "A phone number or address on your account was added or taken off. Was that not you? Then call us at once."
    )


def _promise_to_tell(card: CustomerCard, change: AccountChange, *, by: Actor, at: datetime) -> None:
    what = gettext("Tell them at a number or address of record that it changed: %(what)s (not what it is now)")
    is_call = queries.phone_of_record(card) and not any(flag.kind == FlagKind.DO_NOT_CALL for flag in card.flags)
    calendar = staff_queries.calendar_of(person_id=by.id)
    make_promise(
        customer_id=card.id,
        what=what % {"what": change.label},
        kind=PromiseKind.CALL if is_call else PromiseKind.WRITE,
        due_at=calendar.add_open_minutes(at, _TELL_WITHIN_OPEN_MINUTES),
        by=by,
        at=at,
    )


def _refuse_weak(said: str, card: CustomerCard) -> None:
    """Short, common, or made of what others can know of them: none of it is a password (64.2010(b), (e))."""
    if not FEWEST_LETTERS <= len(said) <= _LONGEST:
        raise CannotDoError(gettext("A password has at least %(n)d letters or digits.") % {"n": FEWEST_LETTERS})
    try:
        CommonPasswordValidator().validate(said)
    except ValidationError as error:
        raise CannotDoError(gettext("Anybody would guess this password. Choose another one.")) from error
    plain = _plain(said)
    pieces = {piece for text in _known_of(card) for piece in _pieces(text)}
    if len(plain) < _TELLING or any(piece in plain or plain in piece for piece in pieces):
        raise CannotDoError(
            gettext("A password may not be made of their name, address, number, mail or account. Choose another one.")
        )


def _known_of(card: CustomerCard) -> Iterator[str]:
    """Biographical and account information that the record holds."""
    yield from (card.name, card.external_id, card.number)
    yield from (person.name for person in card.people)
    yield from (each.value for each in (*card.phones, *card.mails, *card.posts))
    yield from (account.number for account in card.accounts)
    for place in card.premises:
        yield from (place.line, place.town, place.postcode)
    for device in card.devices:
        yield from (device.serial, device.mac)
    yield from (service.plan for service in card.services)


def _pieces(text: str) -> Iterator[str]:
    """The words of a text and the whole without blanks; of numbers also the last digits, which people take."""
    words = re.findall(r"\w+", text.casefold())
    yield from (word for word in (*words, "".join(words)) if len(word) >= _TELLING)
    digits = "".join(re.findall(r"\d", text))
    if len(digits) >= _TELLING:
        yield from (digits, digits[-_TELLING:])


def _plain(text: str) -> str:
    return "".join(re.findall(r"\w", text))
