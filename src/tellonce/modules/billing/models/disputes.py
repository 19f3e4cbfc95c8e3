"""Disputes: somebody says that lines of a bill are wrong; and what the billing system is asked to do meanwhile."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.billing.contracts import DisputeState, OrderKind, RaisedBy
from tellonce.modules.billing.models.causes import Cause
from tellonce.modules.care.models import Case, Contact
from tellonce.modules.record.models import Account, Customer

_OPEN = Q(state="open")


class Dispute(models.Model):
    """The customer, somebody on staff or we say that lines are wrong; dunning for them is held until it is decided.

    Its fingerprint is that of its most costly line: the same for every dispute that has the same cause. `watch_rules`
    is what whoever decided it chose to watch for, by the line; without one the line itself says what. Where a decision
    did not stand, `earlier_decisions` keeps it, oldest first: state, reason, granted_minor, at, by, and why it fell.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes")
    raised_by = models.CharField(_("raised by"), max_length=10, choices=RaisedBy)
    raised_at = models.DateTimeField(_("raised"))
    raised_by_staff_id = models.BigIntegerField(null=True, blank=True)
    raised_by_name = models.CharField(max_length=120, blank=True)
    words = models.TextField(_("what is wrong"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    currency = models.CharField(_("currency"), max_length=3)
    asked_minor = models.BigIntegerField(_("asked for, in minor units with tax"))
    granted_minor = models.BigIntegerField(_("found to be wrong, in minor units with tax"), default=0)
    due_on = models.DateField(_("to be decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    reason = models.TextField(_("why it was decided so"), blank=True)
    earlier_decisions = models.JSONField(default=list, blank=True)
    watch_rules = models.JSONField(default=dict, blank=True)
    dunning_held_at = models.DateTimeField(_("dunning held"), null=True, blank=True)
    dunning_released_at = models.DateTimeField(_("dunning released"), null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    code = models.CharField(_("charge code"), max_length=60, blank=True)
    product = models.CharField(_("product"), max_length=120, blank=True)
    area_id = models.BigIntegerField(null=True, blank=True)
    first_on = models.DateField(_("charged since"), null=True, blank=True)
    price_changed_on = models.DateField(_("price changed on"), null=True, blank=True)

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(name="dispute_state_known", condition=Q(state__in=DisputeState.values)),
            models.CheckConstraint(
                name="dispute_decided_iff_decided_at",
                condition=_OPEN & Q(decided_at__isnull=True) | ~_OPEN & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dispute_granted_iff_upheld",
                condition=Q(state__in=("upheld", "partly"), granted_minor__gt=0)
                | ~Q(state__in=("upheld", "partly")) & Q(granted_minor=0),
            ),
            models.CheckConstraint(name="dispute_asks_for_something", condition=Q(asked_minor__gt=0)),
            models.CheckConstraint(
                name="dispute_within_what_is_asked", condition=Q(granted_minor__lte=F("asked_minor"))
            ),
        )
        indexes = (
            models.Index(name="dispute_due", fields=("due_on",), condition=_OPEN),
            models.Index(name="dispute_customer", fields=("customer", "-raised_at")),
            models.Index(name="dispute_fingerprint", fields=("fingerprint", "raised_at")),
            models.Index(name="dispute_decided", fields=("-decided_at",), condition=~_OPEN),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def credit_minor(self) -> int:
        """What was wrong in its lines and had been paid, with tax."""
        return sum(line.credit_minor for line in self.lines.all())


class DisputeLine(models.Model):
    """One line of a bill that is disputed. While it stands (open or upheld) nobody can dispute the line once more.

    What discounts of its bill had taken off it, `off_minor`, may have been wrong with the rest, and was never paid.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="lines")
    customer_id = models.BigIntegerField()
    bill_id = models.UUIDField()
    charge_id = models.UUIDField()
    code = models.CharField(_("charge code"), max_length=60)
    words = models.CharField(_("words on the bill"), max_length=300, blank=True)
    issued_on = models.DateField(_("bill date"))
    charged_minor = models.BigIntegerField(_("charged, with tax"))
    off_minor = models.BigIntegerField(_("taken off by discounts, with tax"), default=0)
    asked_minor = models.BigIntegerField(_("asked for, with tax"))
    granted_minor = models.BigIntegerField(_("found to be wrong, with tax"), null=True, blank=True)
    stands = models.BooleanField(default=True)

    class Meta:
        ordering = ("issued_on", "id")
        constraints = (
            models.UniqueConstraint(name="dispute_line_once", fields=("charge_id",), condition=Q(stands=True)),
            models.CheckConstraint(
                name="dispute_line_amounts",
                condition=Q(asked_minor__gt=0, asked_minor__lte=F("charged_minor"))
                & (Q(granted_minor__isnull=True) | Q(granted_minor__gte=0, granted_minor__lte=F("asked_minor"))),
            ),
        )
        indexes = (models.Index(name="dispute_line_bill", fields=("bill_id",)),)

    def __str__(self) -> str:
        return self.words or self.code

    @property
    def credit_minor(self) -> int:
        """What of it was wrong and had been paid, with tax."""
        return min(self.granted_minor or 0, max(self.charged_minor - self.off_minor, 0))


class BillingOrder(models.Model):
    """What the provider's billing system is asked to do, in order, until it says that it took it.

    The key makes an order that is written twice one order; `body` holds ids, codes, days and amounts, and no names.
    """

    kind = models.CharField(_("what"), max_length=20, choices=OrderKind)
    key = models.CharField(max_length=120, unique=True)
    customer_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    body = models.JSONField(default=dict)
    written_at = models.DateTimeField(_("written"))
    taken_at = models.DateTimeField(_("taken by the billing system"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(name="billing_order_known", condition=Q(kind__in=OrderKind.values)),)
        indexes = (models.Index(name="billing_order_waiting", fields=("id",), condition=Q(taken_at__isnull=True)),)

    def __str__(self) -> str:
        return self.key
