"""Matters and contacts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.care.contracts import ContactState
from tellonce.modules.record.contracts import Channel, Direction
from tellonce.modules.record.models import Customer, PersonOfRecord
from tellonce.modules.staff.models import Person


class Matter(models.Model):
    """What a contact is about, in a tree of at most three levels; ids never change, names may."""

    code = models.CharField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    level = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(name="matter_three_levels", condition=Q(level__range=(1, 3))),
            models.CheckConstraint(
                name="matter_root_is_level_one",
                condition=Q(level=1, parent__isnull=True) | ~Q(level=1) & Q(parent__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return gettext(self.name)


class Contact(models.Model):
    """One conversation on one channel; without a customer it is "not matched yet"."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person_of_record = models.ForeignKey(
        PersonOfRecord, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    direction = models.CharField(_("direction"), max_length=6, choices=Direction, default=Direction.FROM)
    state = models.CharField(_("state"), max_length=10, choices=ContactState)
    reached_from = models.CharField(_("from"), max_length=300, blank=True)
    said_name = models.CharField(_("said their name is"), max_length=200, blank=True)
    said = models.TextField(_("said"), blank=True)
    note = models.TextField(_("note"), blank=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    began_at = models.DateTimeField(_("began"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_by_name = models.CharField(max_length=120, blank=True)
    team_id_then = models.BigIntegerField(null=True, blank=True)
    site_id_then = models.BigIntegerField(null=True, blank=True)
    partner_id_then = models.BigIntegerField(null=True, blank=True)
    told_again_at = models.DateTimeField(_("told again"), null=True, blank=True)
    transfers = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="contact_external_once", fields=("source", "external_id"), condition=~Q(external_id="")
            ),
            models.CheckConstraint(
                name="contact_ended_iff_ended_at",
                condition=Q(state="ended", ended_at__isnull=False) | ~Q(state="ended") & Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="contact_in_order", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at"))
            ),
        )
        indexes = (
            models.Index(name="contact_customer", fields=("customer", "-began_at")),
            models.Index(name="contact_live", fields=("state", "began_at"), condition=~Q(state="ended")),
            models.Index(
                name="contact_unmatched", fields=("-began_at",), condition=Q(customer__isnull=True, hidden_at=None)
            ),
            models.Index(name="contact_import", fields=("import_id",), condition=Q(import_id__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.began_at}"
