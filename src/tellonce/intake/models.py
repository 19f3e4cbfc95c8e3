"""Imports: which file came in, by whom, what became of it, and whether it was undone; and nights of bill checks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.intake.contracts import ImportKind, RunState


class ImportRun(models.Model):
    """One file that came in, or was looked at: its id stands on everything that it added."""

    kind = models.CharField(_("kind"), max_length=10, choices=ImportKind)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.WAITING)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    stored_as = models.CharField(max_length=80, blank=True)
    mapping_name = models.CharField(_("mapping"), max_length=60)
    mapping_text = models.TextField()
    source = models.CharField(_("source system"), max_length=60)
    queue = models.CharField(_("queue of all calls"), max_length=40, blank=True, db_default="")
    as_of = models.DateField(_("as of"), null=True, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    fraction = models.FloatField(default=0.0)
    report = models.JSONField(default=dict, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("by"), max_length=120)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_name = models.CharField(max_length=120, blank=True)
    undo_report = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(name="import_kind_known", condition=Q(kind__in=ImportKind.values)),
            models.CheckConstraint(
                name="import_undone_iff_undone_at",
                condition=Q(state="undone", undone_at__isnull=False) | ~Q(state="undone") & Q(undone_at__isnull=True),
            ),
            models.CheckConstraint(
                name="import_counts_add_up",
                condition=~Q(state="done") | Q(rows=models.F("added") + models.F("changed") + models.F("unchanged")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"


class BillNight(models.Model):
    """One night's check of bills: begun once, ended once, whoever is killed in between; `since` is empty for all bills.

    The counts are those of the run that ended: findings that are new and that were known, and those of lines that are
    disputed or credited already.
    """

    on = models.DateField(_("night"), unique=True)
    since = models.DateField(_("bills since"), null=True, blank=True)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    put_right = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-on",)

    def __str__(self) -> str:
        return f"{self.on}"
