"""Causes: what made many bills wrong, every account on which it stands, and the correction for all of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.billing.contracts import CauseState, CorrectionState
from tellonce.modules.staff.models import Person


class Cause(models.Model):
    """One error behind many disputes. The lines that it made are those that fit the rule, from `first_on` on.

    `wrong_minor` is what is wrong in each line without tax; empty where the whole line is. An area counts with all
    below it.
    """

    title = models.CharField(_("what"), max_length=200)
    words = models.TextField(_("how it came about"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CauseState, default=CauseState.SUSPECTED)
    fingerprint = models.CharField(max_length=64, unique=True)
    code = models.CharField(_("charge code"), max_length=60)
    product = models.CharField(_("product"), max_length=120, blank=True)
    area_id = models.BigIntegerField(null=True, blank=True)
    amount_from_minor = models.BigIntegerField(_("from this amount"), null=True, blank=True)
    amount_until_minor = models.BigIntegerField(_("up to this amount"), null=True, blank=True)
    wrong_minor = models.BigIntegerField(_("wrong in each line"), null=True, blank=True)
    first_on = models.DateField(_("on bills since"))
    last_on = models.DateField(_("on bills until"), null=True, blank=True)
    price_changed_on = models.DateField(_("price changed on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    opened_by_name = models.CharField(max_length=120, blank=True)
    looked_at = models.DateTimeField(_("accounts looked for"), null=True, blank=True)
    settled_at = models.DateTimeField(_("mended or dismissed"), null=True, blank=True)
    settled_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.CheckConstraint(name="cause_state_known", condition=Q(state__in=CauseState.values)),
            models.CheckConstraint(
                name="cause_settled_iff_settled_at",
                condition=Q(state__in=("fixed", "dismissed"), settled_at__isnull=False)
                | ~Q(state__in=("fixed", "dismissed")) & Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cause_wrong_positive", condition=Q(wrong_minor__isnull=True) | Q(wrong_minor__gt=0)
            ),
            models.CheckConstraint(
                name="cause_days_in_order", condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on"))
            ),
        )

    def __str__(self) -> str:
        return self.title


class CauseAccount(models.Model):
    """An account on which the cause stands, whether anybody complained or not; or one that a person left out."""

    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="accounts")
    customer_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    charges = models.PositiveIntegerField(_("lines"))
    amount_minor = models.BigIntegerField(_("wrongly charged, with tax"))
    repaid_minor = models.BigIntegerField(_("credited already, with tax"), default=0)
    discount_minor = models.BigIntegerField(_("charged, and taken off by a discount, with tax"), default=0)
    first_on = models.DateField(_("first bill"))
    last_on = models.DateField(_("last bill"))
    complained = models.BooleanField(_("complained"), default=False)
    left_out_why = models.CharField(_("left out because"), max_length=300, blank=True)
    left_out_by_name = models.CharField(max_length=120, blank=True)
    credit_id = models.BigIntegerField(null=True, blank=True)
    charge_ids = ArrayField(models.UUIDField(), verbose_name=_("lines put right"), default=list, blank=True)
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="cause_account_once", fields=("cause", "account_id")),
            models.CheckConstraint(
                name="cause_account_amounts",
                condition=Q(charges__gt=0, amount_minor__gt=0, repaid_minor__gte=0, discount_minor__gte=0),
            ),
        )
        indexes = (
            models.Index(
                name="cause_account_to_correct",
                fields=("cause", "id"),
                condition=Q(corrected_at__isnull=True, left_out_why=""),
            ),
            models.Index(name="cause_account_customer", fields=("customer_id",)),
        )

    def __str__(self) -> str:
        return f"{self.cause_id} {self.account_id}"


class Correction(models.Model):
    """The correction for everybody, asked for by one person and approved by another, who has seen what it will do."""

    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, related_name="corrections")
    state = models.CharField(_("state"), max_length=10, choices=CorrectionState, default=CorrectionState.ASKED)
    words = models.TextField(_("what customers are told"))
    accounts = models.PositiveIntegerField(_("accounts"))
    total_minor = models.BigIntegerField(_("credited in all, with tax"))
    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("approved or refused"), null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    refused_why = models.CharField(_("why it was refused"), max_length=300, blank=True)
    done = models.PositiveIntegerField(_("accounts corrected"), default=0)
    ended_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="correction_one_at_a_time", fields=("cause",), condition=Q(state__in=("asked", "running"))
            ),
            models.CheckConstraint(
                name="correction_two_persons",
                condition=~Q(state__in=("running", "done"))
                | Q(settled_by__isnull=False) & ~Q(settled_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="correction_ended_iff_done",
                condition=Q(state="done", ended_at__isnull=False) | ~Q(state="done") & Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cause_id} {self.state}"
