"""Who is on the other side of a contact, and the passwords by which customers say so."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.care.contracts import CallerLevel, CallerWay
from tellonce.modules.care.models.contacts import Contact
from tellonce.modules.record.models import Customer


class Caller(models.Model):
    """Who is on the other side of one contact. It holds for `customer`: matched to another, the contact starts anew.

    Wrong tries stay with the contact, whoever it is matched to.
    """

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, primary_key=True, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=CallerLevel, default=CallerLevel.UNVERIFIED)
    way = models.CharField(max_length=10, choices=CallerWay, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120, blank=True)
    tries = models.PositiveSmallIntegerField(_("wrong passwords and codes"), default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="caller_level_has_a_way",
                condition=Q(level="unverified", way="", at__isnull=True)
                | Q(level="known", way="questions", at__isnull=False)
                | Q(level="verified", way__in=("password", "code", "call_back", "photo"), at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact_id} {self.level}"


class CallerCode(models.Model):
    """A one-time code that was sent in a contact. The code is made from `moment_id` and the secret key, never kept."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    moment_id = models.UUIDField(unique=True)
    contact_point_id = models.BigIntegerField()
    sent_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(name="caller_code_of_contact", fields=("contact", "-sent_at")),)

    def __str__(self) -> str:
        return f"{self.contact_id} {self.sent_at}"


class CallerPassword(models.Model):
    """The password of a customer, as a hash; of customers that read as one the newest counts."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, primary_key=True, related_name="+")
    hashed = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)
    set_by_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.set_at}"
