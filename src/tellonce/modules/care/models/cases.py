"""Cases: problems that somebody owns until they are gone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.care.contracts import CaseState, LinkKind, WaitingOn
from tellonce.modules.care.models.contacts import Contact, Matter
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.models import Department, Person, Team


class Case(models.Model):
    """A problem with one owner (a person, a team or a department); without a customer it is between departments."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=CaseState, default=CaseState.OPEN)
    waiting_on = models.CharField(_("waiting for"), max_length=12, choices=WaitingOn, blank=True)
    waiting_until = models.DateTimeField(_("waiting until"), null=True, blank=True)
    owner_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner_team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner_department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    opened_in = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_by_name = models.CharField(max_length=120, blank=True)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    solved_in = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    solved_by_name = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.TextField(_("what departments wrote about it"), blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="case_one_owner_at_most",
                condition=Q(owner_person__isnull=True, owner_team__isnull=True)
                | Q(owner_person__isnull=True, owner_department__isnull=True)
                | Q(owner_team__isnull=True, owner_department__isnull=True),
            ),
            models.CheckConstraint(
                name="case_settled_iff_solved_at",
                condition=Q(state__in=("solved", "closed"), solved_at__isnull=False)
                | Q(state__in=("open", "waiting"), solved_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_waiting_iff_on_somebody",
                condition=(Q(state="waiting") & ~Q(waiting_on="")) | (~Q(state="waiting") & Q(waiting_on="")),
            ),
            models.CheckConstraint(
                name="case_of_customer_or_department",
                condition=Q(customer__isnull=False) | Q(asked_by__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="case_customer", fields=("customer", "-opened_at")),
            models.Index(
                name="case_open_by_person", fields=("owner_person",), condition=Q(state__in=("open", "waiting"))
            ),
            models.Index(name="case_open_by_team", fields=("owner_team",), condition=Q(state__in=("open", "waiting"))),
            models.Index(
                name="case_open_by_department", fields=("owner_department",), condition=Q(state__in=("open", "waiting"))
            ),
            models.Index(name="case_wakes", fields=("waiting_until",), condition=Q(state="waiting")),
            models.Index(name="case_solved", fields=("solved_at",), condition=Q(state="solved")),
            models.Index(name="case_import", fields=("import_id",), condition=Q(import_id__isnull=False)),
        )

    def __str__(self) -> str:
        return self.title


class CaseContact(models.Model):
    """A contact that was about this case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="case_contact_once", fields=("case", "contact")),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.contact_id}"


class CaseLink(models.Model):
    """Two cases that belong together."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=LinkKind)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="case_link_once", fields=("case", "other")),
            models.CheckConstraint(name="case_link_two_cases", condition=~Q(case=models.F("other"))),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class CaseViewer(models.Model):
    """Who has a case open right now, and whether they are writing; rows that were not renewed do not count."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="viewers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    is_writing = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(name="case_viewer_once", fields=("case", "person")),)

    def __str__(self) -> str:
        return f"{self.person_id} on {self.case_id}"
