"""Attachments (their bytes are kept outside the database), canned answers, drafts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.care.models.cases import Case
from tellonce.modules.care.models.contacts import Contact, Matter
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.models import Person


class Attachment(models.Model):
    """A file that belongs to a contact or case; `stored_as` is its name under the attachments folder."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=120, unique=True)
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = (models.CheckConstraint(name="attachment_not_empty", condition=Q(size__gt=0)),)

    def __str__(self) -> str:
        return self.name


class CannedAnswer(models.Model):
    """Words that are often needed, by matter and language."""

    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"))
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(_("language"), max_length=10, default="en")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class Draft(models.Model):
    """What somebody was writing, kept until it is sent or thrown away; `place` names the field on the page.

    Whom and what it is about are plain ids: with the customer, the words are erased and handed out.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=120)
    customer_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    words = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="draft_once", fields=("person", "place")),)

    def __str__(self) -> str:
        return self.place
