"""What a customer has: services and devices."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.record.contracts import DeviceKind, ServiceKind, ServiceStatus
from tellonce.modules.record.models.customers import Account, Customer
from tellonce.modules.record.models.places import Premise


class Service(models.Model):
    """A plan that a customer has, at a price, perhaps in a promotion that ends."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="services")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="services")
    premise = models.ForeignKey(Premise, on_delete=models.PROTECT, null=True, blank=True, related_name="services")
    kind = models.CharField(_("kind"), max_length=10, choices=ServiceKind)
    plan = models.CharField(_("plan"), max_length=120)
    price_minor = models.BigIntegerField(_("price in minor units"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    promotion_ends_on = models.DateField(_("promotion ends"), null=True, blank=True)
    price_after_minor = models.BigIntegerField(_("price after the promotion"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=ServiceStatus, default=ServiceStatus.ACTIVE)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="service_in_order",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(name="service_price", condition=Q(price_minor__isnull=True) | Q(price_minor__gte=0)),
        )
        indexes = (models.Index(name="service_called", fields=("external_id",), condition=~Q(external_id="")),)

    def __str__(self) -> str:
        return self.plan


class Device(models.Model):
    """A modem, box, phone or anything else at the customer's, ours or anyone's."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="devices")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="devices")
    kind = models.CharField(_("kind"), max_length=10, choices=DeviceKind)
    maker = models.CharField(_("maker"), max_length=80, blank=True)
    model = models.CharField(_("model"), max_length=120, blank=True)
    serial = models.CharField(_("serial number"), max_length=80, blank=True)
    mac = models.CharField(_("MAC"), max_length=17, blank=True)
    is_ours = models.BooleanField(_("ours"), default=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="device_serial_once",
                fields=("maker", "serial"),
                condition=~Q(serial="") & Q(until__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.model or str(self.get_kind_display())
