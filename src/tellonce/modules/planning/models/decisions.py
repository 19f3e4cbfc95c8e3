"""Decisions, and the rehearsal of each: kept with all that it takes to run it again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.planning.contracts import RunState
from tellonce.modules.planning.contracts.decisions import ArrivalsFrom, DecisionState
from tellonce.modules.planning.models.forecasts import Forecast
from tellonce.modules.staff.models import Person


class Decision(models.Model):
    """A question, the policies compared, and which was taken. `taken` is what was expected of it on that day."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(_("question"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=DecisionState, default=DecisionState.DRAFTED)
    queue_ids = ArrayField(models.BigIntegerField())
    weeks = models.PositiveSmallIntegerField(_("weeks of calls"), default=4)
    arrivals = models.CharField(_("calls"), max_length=8, choices=ArrivalsFrom, default=ArrivalsFrom.SEEN)
    answer_within_s = models.PositiveIntegerField(_("answer within seconds"))
    target_share = models.FloatField(_("share of calls"))
    hour_cost_minor = models.PositiveIntegerField(_("cost of an hour"), default=0)
    policies = models.JSONField(default=list)
    drafted_at = models.DateTimeField(_("drafted"))
    drafted_by_name = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(_("taken or dropped"), null=True, blank=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    taken_policy = models.CharField(max_length=120, blank=True)
    taken = models.JSONField(default=dict)

    class Meta:
        ordering = ("-drafted_at",)
        constraints = (
            models.CheckConstraint(
                name="decision_possible",
                condition=~Q(question="") & Q(weeks__gte=1, weeks__lte=26, target_share__gt=0, target_share__lte=1),
            ),
            models.CheckConstraint(
                name="decision_settled_iff_settled_at",
                condition=Q(state__in=("taken", "dropped"), settled_at__isnull=False)
                | ~Q(state__in=("taken", "dropped")) & Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="decision_taken_says_which",
                condition=Q(state="taken") & ~Q(taken_policy="") | ~Q(state="taken") & Q(taken_policy=""),
            ),
        )

    def __str__(self) -> str:
        return self.question


class Rehearsal(models.Model):
    """What a decision is rehearsed on (`base`, the scenario as it is, packed JSON) and what came out so far.

    `results` holds, by the key of a policy's changes, what `lab.rehearsal.Seen` says; `refused` why there is none, as
    `contracts.reasons` has it.
    """

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="rehearsal")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    base = models.BinaryField(null=True)
    base_digest = models.CharField(max_length=64, blank=True)
    about = models.JSONField(default=dict)
    seed = models.PositiveBigIntegerField()
    code_version = models.CharField(max_length=40, blank=True)
    results = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    wanted = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=dict)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(name="rehearsal_done_of_wanted", condition=Q(done__lte=F("wanted"))),)

    def __str__(self) -> str:
        return f"{self.decision_id} {self.state}"


class ForecastUsed(models.Model):
    """A forecast that a decision is rehearsed with: it stays as long as the decision, to be compared with what came."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="forecasts_used")
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(name="forecast_used_once", fields=("rehearsal", "forecast")),)

    def __str__(self) -> str:
        return f"{self.rehearsal_id} {self.forecast_id}"
