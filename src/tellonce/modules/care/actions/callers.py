"""Who is on the other side of a contact is found out: 47 CFR 64.2010(b)-(e)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from tellonce.modules.care.actions.locking import contact_to_change
from tellonce.modules.care.actions.telling import tell_of_contact
from tellonce.modules.care.contracts import (
    ASKED_ON,
    MOST_TRIES,
    CallerCodeSent,
    CallerIdentified,
    CallerLevel,
    CallerLocked,
    CallerLockedOutError,
    CallerWay,
    CannotDoError,
    ContactState,
    Standing,
    WrongSecretError,
)
from tellonce.modules.care.models import Caller, CallerCode, Contact
from tellonce.modules.care.queries import callers as queries
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Channel, CustomerCard, Direction, Told
from tellonce.modules.staff.contracts import Actor
from tellonce.webkit import times

CODE_HOLDS = timedelta(minutes=15)


def identify_by_password(*, contact_id: int, password: str, by: Actor, at: datetime) -> Standing:
    """They say their password. A wrong one is counted, and the third locks password and code for this contact."""
    tries = _try_password(contact_id=contact_id, password=password, by=by, at=at)
    return _right_or_refused(contact_id, tries)


def identify_by_code(*, contact_id: int, code: str, by: Actor, at: datetime) -> Standing:
    """They read out the code that was sent in this contact; it holds once. Wrong ones count as wrong passwords do."""
    tries = _try_code(contact_id=contact_id, code=code, by=by, at=at)
    return _right_or_refused(contact_id, tries)


@transaction.atomic
def send_code(*, contact_id: int, by: Actor, at: datetime) -> datetime:
    """A one-time code to the mail address of record, in the customer's language; returns until when it holds."""
    contact, card = _contact_and_card(contact_id, by=by, at=at)
    _refuse_locked(_caller(contact))
    mail = queries.mail_of_record(card)
    if mail is None:
        raise CannotDoError(
            gettext("No mail address has been on the account for 30 days. Call back their number of record instead.")
        )
    until = at + CODE_HOLDS
    told = _code_letter(contact, card, by=by, at=at, until=until)
    CallerCode.objects.create(
        contact=contact,
        customer_id=_customer_of(contact),
        moment_id=story.tell(told),
        contact_point_id=mail.id,
        sent_at=at,
        until=until,
    )
    return until


@transaction.atomic
def identify_by_questions(*, contact_id: int, by: Actor, at: datetime) -> Standing:
    """Their number or address is of record, and they answered questions on the account: known, and no more."""
    contact, card = _contact_and_card(contact_id, by=by, at=at)
    if not queries.is_from_record(contact, card):
        raise CannotDoError(
            gettext("Not from a number or address that has been on the account for 30 days: questions are not enough.")
        )
    return _identified(contact, CallerWay.QUESTIONS, by=by, at=at)


@transaction.atomic
def identify_by_photo(*, contact_id: int, by: Actor, at: datetime) -> Standing:
    """A valid photo id whose name is on the account, seen in a shop."""
    contact, _card = _contact_and_card(contact_id, by=by, at=at)
    if contact.channel != Channel.SHOP:
        raise CannotDoError(gettext("A photo id counts only where you see it: in a shop."))
    return _identified(contact, CallerWay.PHOTO, by=by, at=at)


def identify_call_back(contact: Contact, *, by: Actor, at: datetime) -> None:
    """A call that we dialled to a telephone number of record verifies whoever has it in hand; others are left alone."""
    if contact.customer_id is None or contact.state != ContactState.IN_HAND:
        return
    if contact.channel != Channel.CALL or contact.direction != Direction.TO or not contact.reached_from:
        return
    if queries.is_call_back(contact, record_queries.card(contact.customer_id, at=at)):
        _identified(contact, CallerWay.CALL_BACK, by=by, at=at)


def contact_to_identify(contact_id: int, *, by: Actor) -> Contact:
    """The contact, locked, if `by` has it in hand now, it names a customer, and it is one in which this is asked."""
    contact = contact_to_change(contact_id)
    if contact.channel not in ASKED_ON:
        raise CannotDoError(gettext("Who it is is asked in calls, chats, texts and in the shop."))
    if contact.customer_id is None:
        raise CannotDoError(gettext("Say first whose contact this is."))
    if contact.state != ContactState.IN_HAND or contact.taken_by_id != by.id:
        raise CannotDoError(gettext("Only who has the contact in hand can say who is on the other side."))
    return contact


@transaction.atomic
def _try_password(*, contact_id: int, password: str, by: Actor, at: datetime) -> int | None:
    contact, card = _contact_and_card(contact_id, by=by, at=at)
    caller = _caller(contact)
    _refuse_locked(caller)
    if queries.password_of(card.ids) is None:
        raise CannotDoError(gettext("No password is set for this customer. Choose another way."))
    if not queries.is_password(card.ids, password):
        return _wrong(contact, caller, by=by, at=at)
    _identified(contact, CallerWay.PASSWORD, by=by, at=at)
    return None


@transaction.atomic
def _try_code(*, contact_id: int, code: str, by: Actor, at: datetime) -> int | None:
    contact, card = _contact_and_card(contact_id, by=by, at=at)
    caller = _caller(contact)
    _refuse_locked(caller)
    sent, mail = queries.open_code(contact, at=at), queries.mail_of_record(card)
    if sent is None or mail is None or mail.id != sent.contact_point_id:
        raise CannotDoError(gettext("No code holds any more in this contact. Send a new one."))
    if not queries.is_code(sent, code):
        return _wrong(contact, caller, by=by, at=at)
    sent.used_at = at
    sent.save(update_fields=["used_at"])
    _identified(contact, CallerWay.CODE, by=by, at=at)
    return None


def _right_or_refused(contact_id: int, tries: int | None) -> Standing:
    """Raised after the commit, so that a wrong try is counted although it is refused."""
    if tries is None:
        return queries.standing(contact_id)
    if tries >= MOST_TRIES:
        raise CallerLockedOutError(_locked_words())
    left = MOST_TRIES - tries
    raise WrongSecretError(gettext("That is not right. Tries left in this contact: %(n)d.") % {"n": left})


def _refuse_locked(caller: Caller) -> None:
    if caller.tries >= MOST_TRIES:
        raise CallerLockedOutError(_locked_words())


def _locked_words() -> str:
    return gettext(
        "Three wrong tries: no password or code counts in this contact any more. "
        "Call back their number of record, or see a photo id in a shop."
    )


def _wrong(contact: Contact, caller: Caller, *, by: Actor, at: datetime) -> int:
    caller.tries += 1
    caller.save()
    if caller.tries == MOST_TRIES:
        tell_of_contact(contact, CallerLocked(contact.pk, caller.tries), by=by, at=at)
    return caller.tries


def _identified(contact: Contact, way: CallerWay, *, by: Actor, at: datetime) -> Standing:
    """Puts the level up, and tells it; what is known already better than this stays as it is."""
    before = queries.standing(contact.pk)
    if before.is_verified or before.level == way.level:
        return before
    caller = _caller(contact)
    caller.customer_id, caller.level, caller.way = _customer_of(contact), way.level, way
    caller.at, caller.by_id, caller.by_name = at, by.id, by.name
    caller.save()
    tell_of_contact(contact, CallerIdentified(contact.pk, way.level, way), by=by, at=at)
    return queries.standing(contact.pk)


def _caller(contact: Contact) -> Caller:
    """The row of this contact, locked with it; a level that was another customer's is not this one's."""
    customer_id = _customer_of(contact)
    caller = Caller.objects.filter(contact=contact).first() or Caller(contact=contact, customer_id=customer_id)
    if caller.customer_id != customer_id:
        caller.customer_id, caller.level, caller.way, caller.at = customer_id, CallerLevel.UNVERIFIED, "", None
        caller.by_id, caller.by_name = None, ""
    return caller


def _contact_and_card(contact_id: int, *, by: Actor, at: datetime) -> tuple[Contact, CustomerCard]:
    contact = contact_to_identify(contact_id, by=by)
    return contact, record_queries.card(_customer_of(contact), at=at)


def _customer_of(contact: Contact) -> int:
    assert contact.customer_id is not None
    return contact.customer_id


def _code_letter(contact: Contact, card: CustomerCard, *, by: Actor, at: datetime, until: datetime) -> Told:
    """The mail with a mark where the code will stand, which is put in as the mail leaves the house."""
    with translation.override(next(iter(card.languages), None) or translation.get_language()):
        subject = gettext("Your code")
        words = gettext(
            "Your code is %(code)s. Say it to whoever you are talking with at our house; it holds until %(time)s. "
            "You are not talking with us? Then keep it to yourself: somebody may be trying to pass for you."
        ) % {"code": queries.CODE_MARK, "time": times.exact_there(until, time_zone=card.time_zone)}
    return Told(
        customer_id=_customer_of(contact),
        what=CallerCodeSent(contact.pk, subject, until),
        at=at,
        by=by,
        words=words,
        channel=Channel.MAIL,
        direction=Direction.TO,
        about=About("message", contact_id=contact.pk),
    )
