"""The watch: what must not appear on an account again, and what each later bill said."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.billing.contracts import CLEAN_BILLS, CheckOutcome, WatchState
from tellonce.modules.billing.models.causes import Cause
from tellonce.modules.billing.models.credits import Credit
from tellonce.modules.billing.models.disputes import Dispute
from tellonce.modules.care.models import Case
from tellonce.modules.record.models import Account, Customer

_WATCHING = Q(state="watching")


class Watch(models.Model):
    """A line that fits all that the rule names must not be billed to this account again.

    `pattern` is compared with the words of a line, in any case, `*` standing for anything; the amounts are without
    tax and both included. At least one part names what is looked for; amounts alone would be chance. Where a bill
    rightly has `allowed_lines` lines like it (the same thing was charged twice), only more than these are wrong.
    `wrong_minor` is what is wrong in each line; empty where the whole line is.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="watches")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="watches")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(_("charge code"), max_length=60, blank=True)
    product = models.CharField(_("product"), max_length=120, blank=True)
    service_id = models.BigIntegerField(null=True, blank=True)
    device_serial = models.CharField(_("serial number"), max_length=80, blank=True)
    amount_from_minor = models.BigIntegerField(_("from this amount"), null=True, blank=True)
    amount_until_minor = models.BigIntegerField(_("up to this amount"), null=True, blank=True)
    pattern = models.CharField(_("words on the line"), max_length=120, blank=True)
    wrong_minor = models.BigIntegerField(_("wrong in each line, without tax"), null=True, blank=True)
    allowed_lines = models.PositiveSmallIntegerField(_("lines like it that are right"), default=0)
    words = models.CharField(_("what is watched"), max_length=300, blank=True)
    limit_minor = models.BigIntegerField(_("credited at once up to, with tax"))
    currency = models.CharField(_("currency"), max_length=3)
    since = models.DateField(_("bills from this day on"))
    began_at = models.DateTimeField(_("began"))
    began_by_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=WatchState, default=WatchState.WATCHING)
    clean_bills = models.PositiveSmallIntegerField(_("clean bills in a row"), default=0)
    came_back = models.PositiveSmallIntegerField(_("times it came back"), default=0)
    held = models.PositiveSmallIntegerField(_("times it was held before it was sent"), default=0)
    last_bill_on = models.DateField(_("last bill"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ("-began_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="watch_looks_for_something",
                condition=~Q(code="", product="", service_id__isnull=True, device_serial="", pattern=""),
            ),
            models.CheckConstraint(
                name="watch_amounts_in_order",
                condition=Q(amount_from_minor__isnull=True)
                | Q(amount_until_minor__isnull=True)
                | Q(amount_until_minor__gte=F("amount_from_minor")),
            ),
            models.CheckConstraint(
                name="watch_ended_iff_ended_at",
                condition=_WATCHING & Q(ended_at__isnull=True) | ~_WATCHING & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(name="watch_clean_bills", condition=Q(clean_bills__lte=CLEAN_BILLS)),
            models.UniqueConstraint(name="watch_of_cause_once", fields=("cause", "account")),
        )
        indexes = (
            models.Index(name="watch_account", fields=("account", "since"), condition=_WATCHING),
            models.Index(name="watch_customer", fields=("customer", "-began_at")),
            models.Index(name="watch_came_back", fields=("-last_bill_on",), condition=Q(came_back__gt=0)),
        )

    def __str__(self) -> str:
        return self.words or self.code


class WatchChange(models.Model):
    """Somebody narrowed or widened what is watched for: the parts of the rule before and after, and why."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("changed"))
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120, blank=True)
    reason = models.TextField(_("why"), blank=True)
    was = models.JSONField(default=dict)
    became = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.watch_id} {self.by_name}"


class WatchCheck(models.Model):
    """What one watch said of one bill, once. What came back is answered (credit, case, letter) in a second step.

    The customer is told when the letter is sent: `queries.told` says when that was.
    A bill that the billing system asked about and then sent with the held line all the same has come back after all.
    """

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="checks")
    customer_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    bill_id = models.UUIDField()
    bill_number = models.CharField(_("bill number"), max_length=60)
    issued_on = models.DateField(_("bill date"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=CheckOutcome)
    charge_ids = ArrayField(models.UUIDField(), default=list)
    amount_minor = models.BigIntegerField(_("charged again, with tax"), default=0)
    received_at = models.DateTimeField(_("bill came in"))
    at = models.DateTimeField(_("checked"))
    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("credited, case open, letter written"), null=True, blank=True)
    letter_to = models.BigIntegerField(_("customer whose story has the letter"), null=True, blank=True)
    letter_id = models.UUIDField(_("moment of the letter"), null=True, blank=True)

    class Meta:
        ordering = ("-issued_on", "-id")
        constraints = (
            models.UniqueConstraint(name="watch_check_once", fields=("watch", "bill_id")),
            models.CheckConstraint(name="watch_check_known", condition=Q(outcome__in=CheckOutcome.values)),
            models.CheckConstraint(
                name="watch_check_says_what",
                condition=Q(outcome="clean", amount_minor=0) | ~Q(outcome="clean") & Q(amount_minor__gt=0),
            ),
        )
        indexes = (
            models.Index(
                name="watch_check_to_answer", fields=("at",), condition=Q(outcome="came_back", answered_at__isnull=True)
            ),
            models.Index(name="watch_check_not_clean", fields=("-at",), condition=~Q(outcome="clean")),
        )

    def __str__(self) -> str:
        return f"{self.bill_number} {self.outcome}"
