"""Forecasts as they were made: kept, since plans and decisions stand on them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.phone.models import Queue


class Forecast(models.Model):
    """Calls that are expected in a queue, by interval of the local day, from `first_day` on.

    `expected`, `low` and `high` (the 80% interval) hold days x intervals numbers in order of time. `scores` says how
    good each model has been at forecasting the queue's past: rows of name, wape, coverage.
    """

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    made_by_name = models.CharField(max_length=120, blank=True)
    history_from = models.DateField(_("calls from"))
    history_until = models.DateField(_("calls until"))
    first_day = models.DateField(_("first day"))
    days = models.PositiveSmallIntegerField(_("days"))
    interval_s = models.PositiveIntegerField(_("seconds of an interval"))
    time_zone = models.CharField(max_length=64)
    expected = ArrayField(models.FloatField())
    low = ArrayField(models.FloatField())
    high = ArrayField(models.FloatField())
    model = models.CharField(_("model"), max_length=60)
    wape = models.FloatField(_("error"), null=True)
    coverage = models.FloatField(_("share inside the interval"), null=True)
    baseline_wape = models.FloatField(_("error of the same weekday a week before"), null=True)
    scores = models.JSONField(default=list)
    handle_s = models.FloatField(_("mean seconds with a call"), null=True)
    patience_s = models.FloatField(_("mean seconds until a caller gives up"), null=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(name="forecast_has_days", condition=Q(days__gte=1, interval_s__gte=60)),
            models.CheckConstraint(
                name="forecast_arrays_alike",
                condition=Q(expected__len=models.F("low__len")) & Q(expected__len=models.F("high__len")),
            ),
        )
        indexes = (models.Index(name="forecast_latest", fields=("queue", "-made_at")),)

    def __str__(self) -> str:
        return f"{self.queue_id} {self.first_day} {self.model}"
