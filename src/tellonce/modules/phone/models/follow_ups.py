"""Who hung up unanswered, and was followed up."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FollowUp(models.Model):
    """Somebody on staff saw to a caller who had gone without a person: by a callback, or with a note of what they did.

    It is for the caller's tries up to the one that made `contact_id`, so that two people cannot both do it. It keeps
    the customer, or the number of a caller whom nobody knows.
    """

    contact_id = models.BigIntegerField(unique=True)
    customer_id = models.BigIntegerField(default=0)
    number = models.CharField(max_length=300, blank=True)
    missed_at = models.DateTimeField(_("missed"))
    at = models.DateTimeField(_("followed up"))
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)
    note = models.TextField(_("note"), blank=True)
    callback = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "phone_followup"
        constraints = (
            models.CheckConstraint(
                name="followup_note_or_callback", condition=~Q(note="") & Q(callback="") | Q(note="") & ~Q(callback="")
            ),
            models.CheckConstraint(
                name="followup_customer_or_number", condition=Q(customer_id=0) & ~Q(number="") | Q(number="")
            ),
        )
        indexes = (
            models.Index(name="followup_at", fields=("at",)),
            models.Index(name="followup_customer", fields=("customer_id",)),
        )

    def __str__(self) -> str:
        return f"{self.contact_id} {self.by_name}"
