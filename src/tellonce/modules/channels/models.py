"""Messages on their way out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.channels.contracts import MessageState


class OutgoingMail(models.Model):
    """One mail to a customer, by its moment; sent at most once for each moment.

    `sent_by` says how it left: "smtp", or "demo" when it was only kept here to be shown.
    """

    customer_id = models.BigIntegerField()
    moment_id = models.UUIDField(unique=True)
    address = models.CharField(_("to"), max_length=300)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("body"))
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="mail_sent_iff_sent_at",
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"),
            ),
        )
        indexes = (
            models.Index(name="mail_of_customer", fields=("customer_id", "-written_at")),
            models.Index(name="mail_on_its_way", fields=("written_at",), condition=Q(state__in=("waiting", "sending"))),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"
