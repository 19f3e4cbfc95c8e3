"""Credits: value given on an account, within what its giver may decide alone, due on the next bill."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.billing.contracts import CreditReason, CreditState
from tellonce.modules.billing.models.disputes import Dispute
from tellonce.modules.care.models import Case
from tellonce.modules.record.models import Account, Customer


class Credit(models.Model):
    """Value given on an account.

    `source` is what it is for ("dispute:ID", "watch:ID:BILL", "cause:ID:ACCOUNT", "outage:ID:ACCOUNT", "visit:ID",
    "promise:ID"):
    a rule or a correction that runs twice credits once. Goodwill by hand has none.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="credits")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=120, blank=True)
    reason = models.CharField(_("why"), max_length=20, choices=CreditReason)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    amount_minor = models.BigIntegerField(_("amount in minor units with tax"))
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=10, choices=CreditState)
    asked_at = models.DateTimeField(_("asked for"))
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    asked_by_name = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(_("granted or refused"), null=True, blank=True)
    settled_by_id = models.BigIntegerField(null=True, blank=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    refused_why = models.CharField(_("why it was refused"), max_length=300, blank=True)
    due_from = models.DateField(_("due on the first bill from this day on"), null=True, blank=True)
    bill_id = models.UUIDField(_("on the bill"), null=True, blank=True)
    charge_id = models.UUIDField(null=True, blank=True)
    arrived_minor = models.BigIntegerField(_("on bills so far, where it came in parts"), default=0)
    seen_on = models.DateField(_("date of the bill that has it"), null=True, blank=True)
    missed_bills = models.PositiveSmallIntegerField(_("bills that should have had it"), default=0)
    stuck_at = models.DateTimeField(_("seen that no more bills come"), null=True, blank=True)
    ended_at = models.DateTimeField(_("paid out another way or cancelled"), null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    ended_words = models.CharField(_("how, or why"), max_length=300, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(name="credit_once", fields=("source",), condition=~Q(source="")),
            models.CheckConstraint(name="credit_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="credit_state_known", condition=Q(state__in=CreditState.values)),
            models.CheckConstraint(
                name="credit_settled_iff_settled_at",
                condition=Q(state="asked", settled_at__isnull=True) | ~Q(state="asked") & Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="credit_on_bill_iff_bill",
                condition=Q(state="on_bill", bill_id__isnull=False) | ~Q(state="on_bill") & Q(bill_id__isnull=True),
            ),
            models.CheckConstraint(
                name="credit_ended_iff_ended_at",
                condition=Q(state__in=("paid_out", "cancelled"), ended_at__isnull=False)
                | ~Q(state__in=("paid_out", "cancelled")) & Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="credit_due_when_granted",
                condition=~Q(state__in=("granted", "on_bill")) | Q(due_from__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="credit_waiting", fields=("asked_at",), condition=Q(state="asked")),
            models.Index(name="credit_outstanding", fields=("account", "settled_at"), condition=Q(state="granted")),
            models.Index(name="credit_customer", fields=("customer", "-asked_at")),
        )

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class CreditLimit(models.Model):
    """What somebody with this role or permission set may credit alone, as the administrator set it.

    `together_minor` is for corrections of many accounts; empty where it is as it came.
    """

    who = models.CharField(_("role or permission set"), max_length=20)
    currency = models.CharField(_("currency"), max_length=3)
    alone_minor = models.BigIntegerField(_("alone, in minor units"))
    second_minor = models.BigIntegerField(_("as the second person, in minor units"))
    together_minor = models.BigIntegerField(
        _("in all, in a correction for everybody, in minor units"), null=True, blank=True
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(name="credit_limit_once", fields=("who", "currency")),
            models.CheckConstraint(
                name="credit_limit_in_order",
                condition=Q(alone_minor__gte=0, second_minor__gte=F("alone_minor")),
            ),
            models.CheckConstraint(
                name="credit_limit_together", condition=Q(together_minor__isnull=True) | Q(together_minor__gte=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.who} {self.alone_minor}"


class CreditRule(models.Model):
    """What is credited without anybody asking, as the administrator set it; above `granted_minor` a person decides."""

    reason = models.CharField(_("for what"), max_length=20, choices=CreditReason)
    currency = models.CharField(_("currency"), max_length=3)
    is_on = models.BooleanField(_("in force"), default=True)
    from_minutes = models.PositiveIntegerField(_("from so many minutes on"), default=0)
    flat_minor = models.BigIntegerField(_("each time, in minor units"), default=0)
    granted_minor = models.BigIntegerField(_("granted at once up to, in minor units"), default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="credit_rule_once", fields=("reason", "currency")),
            models.CheckConstraint(name="credit_rule_amounts", condition=Q(flat_minor__gte=0, granted_minor__gte=0)),
        )

    def __str__(self) -> str:
        return self.reason
