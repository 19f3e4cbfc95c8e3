"""Customers, the people who may speak for them, how they are reached, flags, merges and splits."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.record.contracts import Authority, ContactPointKind, CustomerKind, FlagKind


class Customer(models.Model):
    """Whoever holds an account. A merged customer points to the one it was merged into; nothing moves."""

    kind = models.CharField(_("kind"), max_length=10, choices=CustomerKind, default=CustomerKind.PERSON)
    name = models.CharField(_("name"), max_length=200, blank=True)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    since = models.DateField(_("customer since"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    source = models.CharField(_("source system"), max_length=60, blank=True)
    external_id = models.CharField(_("id in the source system"), max_length=120, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    import_id = models.BigIntegerField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64, blank=True, db_default="")
    came_as = models.CharField(max_length=32, blank=True, db_default="")
    facts = models.JSONField(_("further facts from the source system"), default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="customer_external_once", fields=("source", "external_id"), condition=~Q(external_id="")
            ),
            models.CheckConstraint(name="customer_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(name="customer_kind_known", condition=Q(kind__in=CustomerKind.values)),
        )
        indexes = (
            models.Index(name="customer_merged", fields=("merged_into",), condition=Q(merged_into__isnull=False)),
            models.Index(name="customer_import", fields=("import_id",), condition=Q(import_id__isnull=False)),
        )

    def __str__(self) -> str:
        return self.name or self.external_id or str(self.pk)


class Account(models.Model):
    """What a customer is billed on; the day of the month on which its bill is made is its cycle day."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="accounts")
    number = models.CharField(_("account number"), max_length=60, unique=True)
    cycle_day = models.PositiveSmallIntegerField(_("bill day of the month"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    opened_on = models.DateField(_("opened"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="account_cycle_day", condition=Q(cycle_day__isnull=True) | Q(cycle_day__range=(1, 31))
            ),
        )

    def __str__(self) -> str:
        return self.number


class PersonOfRecord(models.Model):
    """Somebody who may speak for the customer."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(_("name"), max_length=200)
    authority = models.CharField(_("may"), max_length=10, choices=Authority, default=Authority.DECIDE)
    language = models.CharField(_("language"), max_length=10, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ContactPoint(models.Model):
    """A phone number (E.164), mail address (lower case) or postal address of a customer, and since when."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contact_points")
    person = models.ForeignKey(
        PersonOfRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="contact_points"
    )
    kind = models.CharField(_("kind"), max_length=5, choices=ContactPointKind)
    value = models.CharField(_("value"), max_length=300)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        indexes = (models.Index(name="contact_point_value", fields=("kind", "value")),)
        constraints = (
            models.UniqueConstraint(
                name="contact_point_once", fields=("customer", "kind", "value"), condition=Q(until__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.value


class Flag(models.Model):
    """Something everyone must know before they act, with its reason and its end."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(_("kind"), max_length=15, choices=FlagKind)
    reason = models.CharField(_("reason"), max_length=300)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    set_by_id = models.BigIntegerField(null=True)
    set_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="flag_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id}"


class CustomerMerge(models.Model):
    """Two customers were one: `loser` reads as `winner` until this is undone."""

    loser = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    winner = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="customer_merged_once", fields=("loser",), condition=Q(undone_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.winner_id}"


class CustomerSplit(models.Model):
    """One customer was two: the rows of this split read as the new customer's until it is undone."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    new_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.customer_id} to {self.new_customer_id}"


class SplitRow(models.Model):
    """One thing that a split gives to the new customer: a row by type and id, a moment by 'customer/id'."""

    split = models.ForeignKey(CustomerSplit, on_delete=models.CASCADE, related_name="rows")
    about = models.CharField(max_length=40)
    about_id = models.CharField(max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(name="split_row_once", fields=("split", "about", "about_id")),)

    def __str__(self) -> str:
        return f"{self.about} {self.about_id}"
