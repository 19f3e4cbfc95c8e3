"""Waits that were told, with what happened: kept for as long as calls are, so that promises can be judged later."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.switchboard.decisions import Form
from tellonce.switchboard.promises import Became


class WaitPromise(models.Model):
    """One wait that was told; see `switchboard.promises.WaitPromise`. Null is for ever: no end was known, or said.

    No number and no customer: `contact` is the switchboard's name of it, by which call record and contact are found.
    """

    contact = models.CharField(max_length=64)
    queue_code = models.CharField(max_length=40)
    told_at = models.DateTimeField(_("told"))
    low_s = models.FloatField(null=True)
    median_s = models.FloatField(null=True)
    high_s = models.FloatField(null=True)
    form = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Form])
    low_min = models.PositiveIntegerField()
    high_min = models.PositiveIntegerField()
    is_again = models.BooleanField(default=False)
    became = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Became])
    waited_s = models.FloatField(_("seconds waited"))
    again_s = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="wait_promise_once", fields=("contact", "told_at")),
            models.CheckConstraint(name="wait_promise_settled", condition=~Q(became=Became.WAITING)),
            models.CheckConstraint(name="wait_promise_waited", condition=Q(waited_s__gte=0)),
        )
        indexes = (models.Index(name="wait_promise_of_queue", fields=("queue_code", "told_at")),)

    def __str__(self) -> str:
        return f"{self.contact} {self.told_at}"
