"""The rules of routing as they are set."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

WEIGHTS: Final = (
    "priority_s", "promise_s", "effort_s", "continuity_s", "continuity_within_s", "level_s", "breadth_s", "shares_s",
)  # fmt: skip
MOST_S: Final = 1e8


class RoutingRules(models.Model):
    """What each rule is worth in seconds of waiting, as `lab.routing.Rules` says: one row, none before any was set."""

    priority_s = models.FloatField()
    promise_s = models.FloatField()
    effort_s = models.FloatField()
    continuity_s = models.FloatField()
    continuity_within_s = models.FloatField()
    level_s = models.FloatField()
    breadth_s = models.FloatField()
    shares_s = models.FloatField()
    shares = models.JSONField(default=dict, blank=True)
    reserve = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="routing_rules_once", condition=Q(id=1)),
            models.CheckConstraint(
                name="routing_rules_possible",
                condition=Q(
                    *((f"{name}__gte", 0) for name in WEIGHTS), *((f"{name}__lte", MOST_S) for name in WEIGHTS)
                ),
            ),
        )

    def __str__(self) -> str:
        return gettext("The rules of routing")
