"""Outages: service lost or degraded in an area, from, expected until, until."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.network.contracts import OutageKind
from tellonce.modules.record.models import Area


class Outage(models.Model):
    """Service lost or degraded in an area and everything below it."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=OutageKind, default=OutageKind.LOST)
    began_at = models.DateTimeField(_("from"))
    expected_until = models.DateTimeField(_("expected until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=300, blank=True)
    service_kinds = models.JSONField(_("services concerned, none for all"), default=list, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    reported_by_id = models.BigIntegerField(null=True)
    reported_by_name = models.CharField(max_length=120, blank=True)
    customers = models.PositiveIntegerField(_("customers concerned"), null=True, blank=True)
    began_told_to = models.BigIntegerField(_("told its beginning up to this customer"), default=0)
    began_told_at = models.DateTimeField(_("beginning told"), null=True, blank=True)
    ended_told_to = models.BigIntegerField(_("told its end up to this customer"), default=0)
    ended_told_at = models.DateTimeField(_("end told"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("reported by mistake"), null=True, blank=True)

    class Meta:
        ordering = ("-began_at",)
        constraints = (
            models.CheckConstraint(
                name="outage_in_order", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at"))
            ),
            models.UniqueConstraint(name="outage_external_once", fields=("external_id",), condition=~Q(external_id="")),
        )
        indexes = (
            models.Index(name="outage_area_time", fields=("area", "-began_at")),
            models.Index(
                name="outage_to_tell",
                fields=("began_at",),
                condition=Q(began_told_at__isnull=True) | Q(ended_told_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_id} {self.began_at}"
