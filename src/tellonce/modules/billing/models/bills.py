"""Bills and what they are made of, as the provider's billing system told them: it stays the master of them.

The big tables have the key (customer, id) and no foreign keys out, as the story. An id is made from the source and
its own number, so that the same row read twice is the same row.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.billing.contracts import BillState, ChargeKind, DeviceEventKind, PriceUnit


class Bill(models.Model):
    """One bill of one account. A bill that the billing system asks about is not issued yet: nobody saw it.

    What was carried over from before is empty where the billing system did not say it. The digests tell whether a bill
    that comes again says the same: one of the bill itself, one of its lines together.
    """

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer_id = models.BigIntegerField()
    id = models.UUIDField()
    account_id = models.BigIntegerField()
    source = models.CharField(max_length=60)
    number = models.CharField(_("bill number"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=BillState, default=BillState.ISSUED)
    issued_on = models.DateField(_("bill date"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_until = models.DateField(_("until, not included"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    total_minor = models.BigIntegerField(_("sum of its lines in minor units"))
    carried_minor = models.BigIntegerField(_("carried over from before"), null=True, blank=True)
    lines = models.IntegerField(_("lines"), default=0)
    digest = models.UUIDField(null=True, blank=True)
    lines_digest = models.UUIDField(null=True, blank=True)
    received_at = models.DateTimeField(_("came in"))
    checked_at = models.DateTimeField(_("checked against what is watched"), null=True, blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(name="bill_of_customer", fields=("customer_id", "-issued_on")),
            models.Index(name="bill_of_account", fields=("account_id", "-issued_on")),
            models.Index(name="bill_by_id", fields=("id",)),
            models.Index(name="bill_unchecked", fields=("received_at",), condition=Q(checked_at__isnull=True)),
            models.Index(name="bill_import", fields=("import_id",), condition=Q(import_id__isnull=False)),
        )
        constraints = (
            models.CheckConstraint(name="bill_state_known", condition=Q(state__in=BillState.values)),
            models.CheckConstraint(
                name="bill_period_in_order",
                condition=Q(period_from__isnull=True)
                | Q(period_until__isnull=True)
                | Q(period_until__gt=F("period_from")),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Charge(models.Model):
    """One line of a bill."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer_id = models.BigIntegerField()
    id = models.UUIDField()
    bill_id = models.UUIDField()
    account_id = models.BigIntegerField()
    line = models.IntegerField(_("line"))
    kind = models.CharField(_("kind"), max_length=10, choices=ChargeKind)
    code = models.CharField(_("charge code"), max_length=60)
    words = models.CharField(_("words on the bill"), max_length=300, blank=True)
    product = models.CharField(_("product"), max_length=120, blank=True)
    service_id = models.BigIntegerField(null=True, blank=True)
    service_ref = models.CharField(_("service in the billing system"), max_length=120, blank=True)
    device_serial = models.CharField(_("serial number"), max_length=80, blank=True)
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_until = models.DateField(_("until, not included"), null=True, blank=True)
    amount_minor = models.BigIntegerField(_("amount in minor units, without tax"))
    tax_minor = models.BigIntegerField(_("tax of it"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    issued_on = models.DateField(_("bill date"))
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(name="charge_of_bill", fields=("customer_id", "bill_id", "line")),
            models.Index(name="charge_of_code", fields=("code", "issued_on")),
            BrinIndex(name="charge_import", fields=("import_id",)),
        )
        constraints = (models.CheckConstraint(name="charge_kind_known", condition=Q(kind__in=ChargeKind.values)),)

    def __str__(self) -> str:
        return f"{self.code} {self.amount_minor}"


class Payment(models.Model):
    """Money that came in for an account, or went back (below zero)."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer_id = models.BigIntegerField()
    id = models.UUIDField()
    account_id = models.BigIntegerField()
    source = models.CharField(max_length=60)
    number = models.CharField(_("payment number"), max_length=60)
    on = models.DateField(_("day"))
    method = models.CharField(_("method"), max_length=60, blank=True)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(name="payment_of_account", fields=("customer_id", "account_id", "-on")),
            BrinIndex(name="payment_import", fields=("import_id",)),
        )

    def __str__(self) -> str:
        return self.number


class BookPrice(models.Model):
    """What the price book says that a charge code costs, from a day on, perhaps in one area."""

    code = models.CharField(_("charge code"), max_length=60)
    product = models.CharField(_("product"), max_length=120, blank=True)
    area_id = models.BigIntegerField(null=True, blank=True)
    amount_minor = models.BigIntegerField(_("price in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    unit = models.CharField(_("for"), max_length=5, choices=PriceUnit, default=PriceUnit.MONTH)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until, not included"), null=True, blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="book_price_once", fields=("code", "product", "area_id", "valid_from"), nulls_distinct=False
            ),
            models.CheckConstraint(
                name="book_price_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="book_price_unit_known", condition=Q(unit__in=PriceUnit.values)),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.amount_minor}"


class DeviceEvent(models.Model):
    """What became known of a device, and when; the device is known by its serial number, which may come first."""

    device_serial = models.CharField(_("serial number"), max_length=80)
    kind = models.CharField(_("what"), max_length=20, choices=DeviceEventKind)
    on = models.DateField(_("day"))
    source = models.CharField(max_length=60, blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="device_event_once", fields=("device_serial", "kind", "on")),
            models.CheckConstraint(name="device_event_known", condition=Q(kind__in=DeviceEventKind.values)),
        )

    def __str__(self) -> str:
        return f"{self.device_serial} {self.kind}"
