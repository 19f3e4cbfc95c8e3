"""The area tree (region, area, node) and the premises in it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.record.contracts import AreaKind
from tellonce.modules.record.models.customers import Customer


class Area(models.Model):
    """A region, an area of it, or a node of that: where outages happen and regions are compared."""

    kind = models.CharField(_("kind"), max_length=6, choices=AreaKind)
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=60, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                name="area_only_regions_are_roots",
                condition=Q(kind="region", parent__isnull=True) | ~Q(kind="region") & Q(parent__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Premise(models.Model):
    """A place where service is delivered."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="premises")
    line = models.CharField(_("street and number"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    town = models.CharField(_("town"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=60, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, default="US")
    import_id = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return ", ".join(part for part in (self.line, self.unit, self.town) if part) or self.postcode


class Occupancy(models.Model):
    """A customer at a premise, from and until."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="occupancies")
    premise = models.ForeignKey(Premise, on_delete=models.PROTECT, related_name="occupancies")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="occupancy_in_order",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                name="occupancy_once", fields=("customer", "premise"), condition=Q(until__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} at {self.premise_id}"
