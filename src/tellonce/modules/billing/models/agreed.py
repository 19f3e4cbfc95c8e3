"""What was agreed to be charged once, and what was used: what bills are checked against beside the record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Order(models.Model):
    """Something that was agreed with a customer and is charged once: a fee, an installation, equipment bought.

    Its id is made from the source and its own number, so that the same row read twice is the same row.
    """

    id = models.UUIDField(primary_key=True)
    customer_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    source = models.CharField(max_length=60)
    number = models.CharField(_("order number"), max_length=60, blank=True)
    code = models.CharField(_("charge code"), max_length=60)
    service_id = models.BigIntegerField(null=True, blank=True)
    on = models.DateField(_("day"))
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(name="order_of_account", fields=("account_id",)),
            models.Index(name="order_of_code", fields=("code", "on")),
            models.Index(name="order_import", fields=("import_id",), condition=Q(import_id__isnull=False)),
        )

    def __str__(self) -> str:
        return self.number


class Traffic(models.Model):
    """What was used of a service in a month; the unit is the product's. A month without a row is unknown."""

    service_id = models.BigIntegerField()
    month = models.DateField(_("first day of the month"))
    units = models.BigIntegerField(_("used"))
    source = models.CharField(max_length=60)
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="traffic_once", fields=("service_id", "month", "source")),
            models.CheckConstraint(name="traffic_not_below_zero", condition=Q(units__gte=0)),
            models.CheckConstraint(name="traffic_of_a_month", condition=Q(month__day=1)),
        )
        indexes = (models.Index(name="traffic_import", fields=("import_id",), condition=Q(import_id__isnull=False)),)

    def __str__(self) -> str:
        return f"{self.service_id} {self.month} {self.units}"
