"""Callbacks at a time that was agreed on: which promise each keeps, and what became of it."""

from django.db import models
from django.db.models import Q
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _


class CallbackEnd(TextChoices):
    """What became of a callback."""

    REACHED = "reached", _("reached")
    UNREACHED = "unreached", _("not reached")
    WITHDRAWN = "withdrawn", _("not needed any more")


class PromisedCallback(models.Model):
    """The switchboard dials the customer then, for whoever is free; `contact` is its name of it.

    `dialled_at` is when it did so first, which keeps the promise. No number: the switchboard has it until it is over.
    """

    contact = models.CharField(max_length=64, primary_key=True)
    promise_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    due_at = models.DateTimeField(_("due"))
    made_at = models.DateTimeField(_("made"))
    dialled_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    became = models.CharField(max_length=10, choices=CallbackEnd, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="promised_callback_once", fields=("promise_id",)),
            models.CheckConstraint(
                name="promised_callback_over_iff_known",
                condition=Q(over_at__isnull=True, became="") | Q(over_at__isnull=False) & ~Q(became=""),
            ),
        )
        indexes = (
            models.Index(name="promised_callback_open", fields=("due_at",), condition=Q(over_at__isnull=True)),
            models.Index(name="promised_callback_of", fields=("customer_id",)),
        )

    def __str__(self) -> str:
        return f"{self.contact} {self.due_at}"
