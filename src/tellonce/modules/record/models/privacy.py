"""What was erased, so that a restore erases it again; and how long things are kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.record.contracts import RetentionKind


class Erasure(models.Model):
    """A customer whose personal data was erased: plain ids and no word of the person."""

    customer_id = models.BigIntegerField()
    customer_created_at = models.DateTimeField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    moments = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(name="erasure_once", fields=("customer_id",)),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.at}"


class RetentionPeriod(models.Model):
    """How many days something is kept; a kind without a row is kept for its default."""

    kind = models.CharField(_("kind"), max_length=12, choices=RetentionKind, primary_key=True)
    days = models.PositiveIntegerField(_("days"))

    class Meta:
        constraints = (models.CheckConstraint(name="retention_some_days", condition=Q(days__gte=1)),)

    def __str__(self) -> str:
        return str(RetentionKind(self.kind).label)
