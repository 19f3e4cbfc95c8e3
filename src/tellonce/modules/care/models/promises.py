"""Promises and hand-overs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.care.contracts import PromiseKind, PromiseState
from tellonce.modules.care.models.cases import Case
from tellonce.modules.care.models.contacts import Contact
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.models import Department, Person, Team


class Promise(models.Model):
    """A commitment to a customer or a department: what, by whom, due when."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="promises")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=PromiseKind, default=PromiseKind.OTHER)
    what = models.CharField(_("what"), max_length=300)
    made_at = models.DateTimeField(_("made"))
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=120)
    owner_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner_team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(_("due"))
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PromiseState, default=PromiseState.DUE)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    owned_up_at = models.DateTimeField(_("owned up"), null=True, blank=True)
    done_late_at = models.DateTimeField(_("done late"), null=True, blank=True)
    last_words = models.TextField(_("what was written as it was settled"), blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at",)
        constraints = (
            models.CheckConstraint(
                name="promise_settled_iff_settled_at",
                condition=Q(state="due", settled_at__isnull=True) | ~Q(state="due") & Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="promise_broken_iff_broken_at",
                condition=Q(state="broken", broken_at__isnull=False) | ~Q(state="broken") & Q(broken_at__isnull=True),
            ),
            models.CheckConstraint(
                name="promise_to_somebody", condition=Q(customer__isnull=False) | Q(to_department__isnull=False)
            ),
        )
        indexes = (
            models.Index(name="promise_due", fields=("due_at",), condition=Q(state="due")),
            models.Index(name="promise_customer", fields=("customer", "-due_at")),
            models.Index(name="promise_owner", fields=("owner_person", "due_at"), condition=Q(state="due")),
            models.Index(name="promise_import", fields=("import_id",), condition=Q(import_id__isnull=False)),
            models.Index(name="promise_remind", fields=("remind_at",), condition=Q(state="due", reminded_at=None)),
            models.Index(
                name="promise_not_owned_up", fields=("due_at",), condition=Q(state="broken", owned_up_at=None)
            ),
        )

    def __str__(self) -> str:
        return self.what


class HandOver(models.Model):
    """A contact or case that passed to a person, team or department, with the story and a written line."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="hand_overs")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    line = models.CharField(_("what the next person must know"), max_length=500)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hand_over_of_something", condition=Q(contact__isnull=False) | Q(case__isnull=False)
            ),
            models.CheckConstraint(
                name="hand_over_to_somebody",
                condition=Q(to_person__isnull=False) | Q(to_team__isnull=False) | Q(to_department__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="hand_over_open", fields=("to_person", "to_team"), condition=Q(taken_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.line
