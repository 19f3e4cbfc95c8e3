"""Findings: what a check says is wrong on a bill, with its evidence and its money."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.billing.contracts import FindingState
from tellonce.modules.billing.models.causes import Cause
from tellonce.modules.care.models import Case


class Finding(models.Model):
    """A line, a bill or a credit that the record does not explain. The key makes the same finding, found again, one."""

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    customer_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    bill_id = models.UUIDField(null=True, blank=True)
    charge_id = models.UUIDField(null=True, blank=True)
    bill_number = models.CharField(_("bill number"), max_length=60, blank=True)
    line = models.IntegerField(_("line"), null=True, blank=True)
    code = models.CharField(_("charge code"), max_length=60, blank=True)
    issued_on = models.DateField(_("bill date"), null=True, blank=True)
    amount_minor = models.BigIntegerField(_("money in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    evidence = models.JSONField(_("evidence"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=FindingState, default=FindingState.OPEN)
    found_at = models.DateTimeField(_("found"))
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dispute_id = models.BigIntegerField(null=True, blank=True)
    cause = models.ForeignKey(Cause, on_delete=models.SET_NULL, null=True, blank=True, related_name="findings")
    settled_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    words = models.CharField(_("why it is no error"), max_length=300, blank=True)

    class Meta:
        ordering = ("-found_at", "-id")
        constraints = (
            models.CheckConstraint(name="finding_state_known", condition=Q(state__in=FindingState.values)),
            models.CheckConstraint(
                name="finding_settled_iff_settled_at",
                condition=Q(state="open", settled_at__isnull=True) | ~Q(state="open") & Q(settled_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="finding_open", fields=("kind", "-amount_minor"), condition=Q(state="open")),
            models.Index(name="finding_customer", fields=("customer_id", "-found_at")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"
