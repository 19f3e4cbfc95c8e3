"""The plan of a queue's week: its terms, its shifts, extra people, absences, and every change with who and when."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.phone.models import Queue
from tellonce.modules.planning.contracts import ChangeKind, PlanTerms, RunState
from tellonce.modules.planning.models.forecasts import Forecast
from tellonce.modules.staff.models import Person

_DAY = timedelta(days=1)


class TimesBetween(Func):
    """The time from one column until before another."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Plan(models.Model):
    """A queue's week, Monday to Sunday of the queue's own clock. `version` rises with every change."""

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    week = models.DateField(_("week of Monday"))
    version = models.PositiveIntegerField(default=0)
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    target_within_s = models.PositiveIntegerField(_("answer within seconds"))
    target_share = models.FloatField(_("share of calls"))
    handle_s = models.FloatField(_("mean seconds with a call"))
    patience_s = models.FloatField(_("mean seconds until a caller gives up"))
    shrinkage = models.FloatField(_("share not at the phones"), default=0.0)
    changed_at = models.DateTimeField(_("changed"))
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-week",)
        constraints = (
            models.UniqueConstraint(name="plan_once", fields=("queue", "week")),
            models.CheckConstraint(name="plan_begins_on_monday", condition=Q(week__iso_week_day=1)),
            models.CheckConstraint(
                name="plan_terms_possible",
                condition=Q(
                    target_within_s__lte=86_400,
                    target_share__gt=0,
                    target_share__lt=1,
                    handle_s__gt=0,
                    patience_s__gt=0,
                    shrinkage__gte=0,
                    shrinkage__lt=1,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.queue_id} {self.week}"

    @property
    def terms(self) -> PlanTerms:
        """What the week is planned by."""
        return PlanTerms(self.target_within_s, self.target_share, self.handle_s, self.patience_s, self.shrinkage)


class Shift(models.Model):
    """Somebody is planned to work: a person on staff, or nobody named yet, under a label. `pauses`: minutes, length."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="shifts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    label = models.CharField(_("label"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    pauses = models.JSONField(default=list)
    uid = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(name="shift_of_somebody", condition=Q(person__isnull=False) | ~Q(label="")),
            models.CheckConstraint(
                name="shift_within_a_day",
                condition=Q(ends_at__gt=F("starts_at"))
                & Q(ends_at__lte=models.ExpressionWrapper(F("starts_at") + _DAY, output_field=models.DateTimeField())),
            ),
            ExclusionConstraint(
                name="shift_one_at_a_time",
                expressions=[
                    (TimesBetween("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                    ("person", RangeOperators.EQUAL),
                ],
                condition=Q(person__isnull=False),
            ),
        )
        indexes = (models.Index(name="shift_of_plan", fields=("plan", "starts_at")),)

    def __str__(self) -> str:
        return f"{self.label or self.person_id} {self.starts_at}"


class ExtraPeople(models.Model):
    """So many more (or fewer) people than the shifts say, for some time of a plan's week: borrowed, lent, overtime."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="extra_people")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    people = models.SmallIntegerField(_("people"))

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(name="extra_people_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="extra_people_some", condition=~Q(people=0)),
        )

    def __str__(self) -> str:
        return f"{self.people:+d} {self.starts_at}"


class Absence(models.Model):
    """Somebody is away, whatever the plan says: holiday, training, illness. `uid` is the calendar's own name for it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    uid = models.CharField(max_length=255, blank=True)
    added_at = models.DateTimeField(_("added"))
    added_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(name="absence_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(name="absence_once", fields=("person", "uid"), condition=~Q(uid="")),
        )
        indexes = (models.Index(name="absence_of_person", fields=("person", "starts_at")),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at}"


class PlanChange(models.Model):
    """What somebody did to a plan, with all that it takes to take it back."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=ChangeKind)
    words = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(name="plan_change_once", fields=("plan", "version")),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.version} {self.kind}"


class RosterRun(models.Model):
    """One making of a roster for a plan, in a worker: how far it is, and what came out with its proven gaps."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    terms = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=120, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0.0)
    step = models.CharField(max_length=120, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                name="roster_run_one_at_a_time",
                fields=("plan",),
                condition=Q(state__in=(RunState.WAITING, RunState.RUNNING)),
            ),
            models.CheckConstraint(name="roster_run_progress_share", condition=Q(progress__gte=0, progress__lte=1)),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.state}"
