"""Sending one mail: at most once for each moment, as far as SMTP allows.

A mail goes from waiting to being sent to sent or failed. The attempt is counted in one transaction; the sending and
its result are a second one, which holds the mail's row: two workers cannot send the same mail, and the one that comes
second finds it settled. The one gap is SMTP's own: a worker killed after the server took the mail and before the
result is written sends it again, under the same Message-ID, by which mail systems drop the second copy.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import CallerCodeSent
from tellonce.modules.channels.actions.instead import promise_instead
from tellonce.modules.channels.contracts import Answer, Letter, MessageState, Outcome
from tellonce.modules.channels.letters import language_for, written
from tellonce.modules.channels.models import OutgoingMail
from tellonce.modules.channels.queries import ON_THEIR_WAY
from tellonce.modules.channels.transports import Transport
from tellonce.modules.record import queries as record
from tellonce.modules.record import story
from tellonce.modules.record.contracts import CustomerCard, CustomerNotFoundError, DeliveryState, ReachedAt, ToldMoment

GIVE_UP_AFTER = timedelta(hours=48)


def send_mail(*, customer_id: int, moment_id: UUID, transport: Transport, at: datetime) -> Outcome | None:
    """Makes one attempt for the mail of this moment; None when there is nothing (more) to send."""
    mail = _begin_attempt(customer_id=customer_id, moment_id=moment_id, at=at)
    return _attempt(mail, transport=transport, at=at) if mail else None


@transaction.atomic
def _begin_attempt(*, customer_id: int, moment_id: UUID, at: datetime) -> OutgoingMail | None:
    mail = _locked(moment_id) or _prepare(customer_id=customer_id, moment_id=moment_id, at=at)
    if mail is None or mail.state not in ON_THEIR_WAY:
        return None
    mail.state = MessageState.SENDING
    mail.attempts += 1
    mail.save(update_fields=["state", "attempts"])
    return mail


@transaction.atomic
def _attempt(begun: OutgoingMail, *, transport: Transport, at: datetime) -> Outcome | None:
    mail = _locked(begun.moment_id)
    if mail is None or mail.state != MessageState.SENDING or mail.attempts != begun.attempts:
        return None
    outcome = transport.send(
        Letter(
            message_id=mail.message_id,
            to=mail.address,
            subject=mail.subject,
            body=care.with_code(mail.body, moment_id=mail.moment_id),
            written_at=mail.written_at,
        )
    )
    match outcome.answer:
        case Answer.TAKEN:
            _sent(mail, by=transport.name, detail=outcome.detail, at=at)
        case Answer.LATER if at - mail.written_at < GIVE_UP_AFTER:
            mail.state, mail.last_error = MessageState.WAITING, outcome.detail
            mail.save(update_fields=["state", "last_error"])
        case _:
            _failed(mail, state=DeliveryState.FAILED, detail=outcome.detail, at=at)
            return Outcome(Answer.NEVER, outcome.detail)
    return outcome


def _locked(moment_id: UUID) -> OutgoingMail | None:
    return OutgoingMail.objects.select_for_update().filter(moment_id=moment_id).first()


def _prepare(*, customer_id: int, moment_id: UUID, at: datetime) -> OutgoingMail | None:
    """Writes the mail's row, once; a customer without an address gets a promise instead of a mail."""
    moment = next(iter(record.moments(customer_id, [moment_id])), None)
    if moment is None:
        return None
    try:
        card = record.card(customer_id, at=at)
    except CustomerNotFoundError:  # their import was undone: there is nobody to write to
        return None
    point = _address(card)
    subject, body = written(moment, card=card, language=language_for(card, point))
    mail = _kept(moment, to=point.value if point else "", subject=subject, body=body)
    if mail is None or mail.state not in ON_THEIR_WAY:
        return None
    if moment.erased or card.erased:
        _dropped(mail)
    elif point is None:
        _failed(mail, state=DeliveryState.NO_ADDRESS, detail="", at=at)
    return mail


def _kept(moment: ToldMoment, *, to: str, subject: str, body: str) -> OutgoingMail | None:
    """The row, whoever wrote it: of two workers, one writes and the other waits here and finds it."""
    mail = OutgoingMail(
        customer_id=moment.customer_id,
        moment_id=moment.id,
        address=to,
        subject=subject[:300],
        body=body,
        message_id=message_id_of(moment.id, mail_from=settings.SETUP.mail_from),
        written_at=moment.at,
    )
    OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
    return _locked(moment.id)


def message_id_of(moment_id: UUID, *, mail_from: str) -> str:
    """The same for every attempt, so that a mail sent twice is one mail to whoever receives it."""
    return f"<{moment_id}@{mail_from.rpartition('@')[2] or 'localhost'}>"


def _address(card: CustomerCard) -> ReachedAt | None:
    """Where to write: an address of record before a newer one, the oldest first."""
    return min(card.mails, key=lambda point: (not point.is_of_record, point.since), default=None)


def _sent(mail: OutgoingMail, *, by: str, detail: str, at: datetime) -> None:
    mail.state, mail.sent_at, mail.sent_by, mail.last_error = MessageState.SENT, at, by, ""
    mail.save(update_fields=["state", "sent_at", "sent_by", "last_error"])
    _mark(mail, DeliveryState.SENT, at=at, detail=detail)


def _failed(mail: OutgoingMail, *, state: DeliveryState, detail: str, at: datetime) -> None:
    """The mail will not arrive: the story says so, and somebody promises to reach the customer another way.

    A one-time code is not worth a promise: who asked for it stands in the contact, and chooses another way.
    """
    mail.state, mail.last_error = MessageState.FAILED, detail or state.value
    mail.save(update_fields=["state", "last_error"])
    _mark(mail, state, at=at, detail=detail)
    moment = next(iter(record.moments(mail.customer_id, [mail.moment_id])), None)
    if moment is not None and not moment.erased and not isinstance(moment.data, CallerCodeSent):
        promise_instead(moment, subject=mail.subject, state=state, at=at)


def _dropped(mail: OutgoingMail) -> None:
    mail.state, mail.address, mail.subject, mail.body = MessageState.DROPPED, "", "", ""
    mail.save(update_fields=["state", "address", "subject", "body"])


def _mark(mail: OutgoingMail, state: DeliveryState, *, at: datetime, detail: str = "") -> None:
    story.mark_delivery(customer_id=mail.customer_id, moment_id=mail.moment_id, state=state, at=at, detail=detail)
