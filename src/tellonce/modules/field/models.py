"""Visits: somebody of ours at a premise, in a window."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.field.contracts import VisitOutcome
from tellonce.modules.record.models import Customer


class Visit(models.Model):
    """A visit in the window in which somebody was to come, and how it went.

    `external_id` is what the field system of `source` calls it.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    window_from = models.DateTimeField(_("from"))
    window_until = models.DateTimeField(_("until"))
    outcome = models.CharField(_("how it went"), max_length=10, choices=VisitOutcome)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    noted_at = models.DateTimeField(_("told"))
    noted_by_id = models.BigIntegerField(null=True, blank=True)
    noted_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-window_from", "-id")
        constraints = (
            models.CheckConstraint(name="visit_in_order", condition=Q(window_until__gt=F("window_from"))),
            models.CheckConstraint(name="visit_outcome_known", condition=Q(outcome__in=VisitOutcome.values)),
            models.UniqueConstraint(
                name="visit_external_once", fields=("source", "external_id"), condition=~Q(external_id="")
            ),
        )
        indexes = (models.Index(name="visit_of_customer", fields=("customer", "-window_from")),)

    def __str__(self) -> str:
        return f"{self.window_from} {self.outcome}"
