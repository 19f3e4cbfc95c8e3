"""Who is on the other side of a contact, how that can be found out, and one-time codes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.utils.crypto import constant_time_compare, salted_hmac

from tellonce.datakit import Slot, Statement, Together, alone
from tellonce.modules.care.contracts import CallerLevel, Standing, Ways
from tellonce.modules.care.models import Caller, CallerCode, CallerPassword, Contact
from tellonce.modules.care.queries.matching import as_kept
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import Channel, CustomerCard, Direction, ReachedAt

CODE_MARK = "••••••"
_SALT = "tellonce.care.caller_code"
_DIGITS = 6


def standing(contact_id: int) -> Standing:
    """What is known of who it is in this contact."""
    return alone(lambda ask: ask_standing(ask, contact_id))


def ask_standing(ask: Together, contact_id: int) -> Callable[[], Standing]:
    """`standing`, read together with other things."""
    return _OF_CONTACT.ask(ask, _standing, contact=contact_id)


def ways(contact_id: int, *, at: datetime) -> Ways:
    """How it can be found out who it is, in a contact that names a customer."""
    contact = Contact.objects.get(pk=contact_id)
    assert contact.customer_id is not None
    card = record_queries.card(contact.customer_id, at=at)
    code, mail, phone = open_code(contact, at=at), mail_of_record(card), phone_of_record(card)
    return Ways(
        standing=standing(contact_id),
        has_password=password_of(card.ids) is not None,
        code_until=code.until if code else None,
        mail_of_record=mail.value if mail else "",
        phone_of_record=phone.shown if phone else "",
        is_from_record=is_from_record(contact, card),
        is_in_shop=contact.channel == Channel.SHOP,
    )


def mail_of_record(card: CustomerCard) -> ReachedAt | None:
    """The mail address of record: on the account at least 30 days, the oldest; where `channels` writes to."""
    return _oldest_of_record(card.mails)


def phone_of_record(card: CustomerCard) -> ReachedAt | None:
    """The telephone number of record that has been on the account longest."""
    return _oldest_of_record(card.phones)


def is_from_record(contact: Contact, card: CustomerCard) -> bool:
    """Whether the contact came from (or went to) a number or address that is of record."""
    value = as_kept(contact.reached_from)
    return bool(value) and any(each.is_of_record and each.value == value for each in (*card.phones, *card.mails))


def is_call_back(contact: Contact, card: CustomerCard) -> bool:
    """Whether we dialled a telephone number of record: whoever answers there is authenticated by it."""
    is_ours = contact.channel == Channel.CALL and contact.direction == Direction.TO
    value = as_kept(contact.reached_from) if is_ours else ""
    return bool(value) and any(each.is_of_record and each.value == value for each in card.phones)


def password_of(customer_ids: Sequence[int]) -> CallerPassword | None:
    """The password of these ids, which read as one customer."""
    return CallerPassword.objects.filter(customer_id__in=list(customer_ids)).order_by("-set_at", "-pk").first()


def is_password(customer_ids: Sequence[int], said: str) -> bool:
    """Whether what was said is their password; capitals and extra blanks are not heard on a telephone."""
    kept = password_of(customer_ids)
    return kept is not None and check_password(as_said(said), kept.hashed)


def as_said(password: str) -> str:
    """A password as it is heard."""
    return " ".join(password.split()).casefold()


def open_code(contact: Contact, *, at: datetime) -> CallerCode | None:
    """The code sent last in this contact for its customer, if it still holds."""
    if contact.customer_id is None:
        return None
    sent = CallerCode.objects.filter(contact=contact, customer_id=contact.customer_id).order_by("-sent_at", "-pk")
    last = sent.first()
    return last if last is not None and last.used_at is None and last.until > at else None


def is_code(code: CallerCode, said: str) -> bool:
    """Whether what was said is this code; blanks between the digits do not matter."""
    return constant_time_compare("".join(said.split()), _code(code.moment_id))


def with_code(body: str, *, moment_id: UUID) -> str:
    """The words of a mail as they leave the house: a one-time code in its place. They are kept without it."""
    if CODE_MARK not in body or not CallerCode.objects.filter(moment_id=moment_id).exists():
        return body
    return body.replace(CODE_MARK, _code(moment_id))


def _code(moment_id: UUID) -> str:
    digest = salted_hmac(_SALT, str(moment_id), algorithm="sha256").digest()
    return str(int.from_bytes(digest[:8], "big") % 10**_DIGITS).zfill(_DIGITS)


_OF_CONTACT = Statement(
    lambda: Caller.objects.filter(contact_id=Slot("contact")).values(
        "level", "way", "at", "by_name", "tries", "customer_id", "contact__customer_id"
    )
)


def _standing(rows: list[dict[str, Any]]) -> Standing:
    if not rows:
        return Standing()
    row = rows[0]
    if row["customer_id"] != row["contact__customer_id"]:
        return Standing(tries=row["tries"])
    return Standing(CallerLevel(row["level"]), row["way"], row["at"], row["by_name"], row["tries"])


def _oldest_of_record(points: Sequence[ReachedAt]) -> ReachedAt | None:
    return min((each for each in points if each.is_of_record), key=lambda each: each.since, default=None)
