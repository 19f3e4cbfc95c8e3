"""Messages as background work: the relay queues one keyed job for each, a periodic one finds what was left behind."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from tellonce.modules.channels import actions
from tellonce.modules.channels.contracts import Answer
from tellonce.modules.channels.queries import mails_on_their_way
from tellonce.modules.channels.transports import transport_for
from tellonce.modules.record.contracts import SEND_BY, Announced, Channel

_FIRST_PAUSE_S = 30
_LONGEST_PAUSE_S = 3600
_MOST_ATTEMPTS = 100
_LEFT_BEHIND_AFTER = timedelta(minutes=30)


class TryLaterError(Exception):
    """The mail server cannot take the mail now; the job is tried again later. The text names no address."""


class Patient(BaseRetryStrategy):
    """Half a minute, then twice as long each time, up to an hour; the action itself gives up after two days."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; a fault of ours is tried again too, and stays in the queue as failed in the end."""
        if job.attempts >= _MOST_ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": min(_FIRST_PAUSE_S * 2 ** min(job.attempts, 10), _LONGEST_PAUSE_S)})


@app.task(name="channels.send_mail", retry=Patient())
def send_mail(customer_id: int, moment_id: str) -> None:
    """Sends the mail of one moment; a second run finds it sent and does nothing."""
    setup = settings.SETUP
    transport = transport_for(
        smtp_url=setup.smtp_url, mail_from=setup.mail_from, provider=setup.provider, demo=setup.demo
    )
    outcome = actions.send_mail(
        customer_id=customer_id, moment_id=UUID(moment_id), transport=transport, at=timezone.now()
    )
    if outcome is not None and outcome.answer is Answer.LATER:
        raise TryLaterError(outcome.detail)


def queue_messages(rows: Sequence[Announced]) -> None:
    """Hears the outbox: each message to a customer becomes one job, in the relay's transaction."""
    for row in rows:
        if row.body.get(SEND_BY) == Channel.MAIL and row.customer_id is not None and row.moment_id is not None:
            queue_mail(customer_id=row.customer_id, moment_id=row.moment_id)


def queue_mail(*, customer_id: int, moment_id: UUID) -> bool:
    """One job for each moment at a time; False when it waits in the queue already."""
    key = f"mail:{moment_id}"
    try:
        with transaction.atomic():  # a key that is taken fails the statement, and must not fail the relay's batch
            send_mail.configure(lock=key, queueing_lock=key).defer(customer_id=customer_id, moment_id=str(moment_id))
    except AlreadyEnqueued:
        return False
    return True


@app.periodic(cron="*/10 * * * *")
@app.task(name="channels.queue_left_behind", queueing_lock="channels.queue_left_behind")
def queue_left_behind(timestamp: int) -> int:
    """Mails on their way for long are queued again, if their job was lost: belt and braces, the key does the rest."""
    left = mails_on_their_way().filter(written_at__lt=timezone.now() - _LEFT_BEHIND_AFTER)[:1000]
    return sum(queue_mail(customer_id=mail.customer_id, moment_id=mail.moment_id) for mail in left)
