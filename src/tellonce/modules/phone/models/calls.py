"""One row for each call that is over."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.phone.contracts import UNKNOWN_CUSTOMER, CallOutcome

_IN_MENU = (CallOutcome.SOLVED_IN_MENU, CallOutcome.LEFT_MENU)


class Call(models.Model):
    """A call that is over: where it waited, how long, and how it ended. No foreign keys out, as in the story.

    A caller who is no customer that we know has the customer id 0; the code that another system gives the caller is
    kept, so that redials are seen.
    """

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer_id = models.BigIntegerField(default=UNKNOWN_CUSTOMER)
    id = models.UUIDField()
    queue_id = models.BigIntegerField()
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    contact_id = models.BigIntegerField(null=True, blank=True)
    matter_id = models.BigIntegerField(null=True, blank=True)
    caller_code = models.CharField(max_length=60, blank=True)
    service_code = models.CharField(max_length=40, blank=True)
    priority = models.SmallIntegerField(default=0)
    arrived_at = models.DateTimeField(_("arrived"))
    queued_at = models.DateTimeField(_("asked for a person"), null=True, blank=True)
    menu_s = models.IntegerField(_("seconds in the menu"), null=True, blank=True)
    wait_s = models.IntegerField(_("seconds waited"), null=True, blank=True)
    handle_s = models.IntegerField(_("seconds with a person"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=14, choices=CallOutcome)
    answered_by_id = models.BigIntegerField(null=True, blank=True)
    person_code = models.CharField(max_length=40, blank=True)
    transfers = models.PositiveSmallIntegerField(default=0)
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="call_external_once",
                fields=("source", "external_id", "customer_id"),
                condition=~Q(external_id=""),
            ),
            models.CheckConstraint(name="call_outcome_known", condition=Q(outcome__in=CallOutcome.values)),
            models.CheckConstraint(
                name="call_waited_iff_queued",
                condition=Q(queued_at__isnull=True, wait_s__isnull=True)
                | Q(wait_s__isnull=False, queued_at__gte=F("arrived_at"), wait_s__gte=0),
            ),
            models.CheckConstraint(
                name="call_durations_not_below_zero",
                condition=(Q(menu_s__isnull=True) | Q(menu_s__gte=0)) & (Q(handle_s__isnull=True) | Q(handle_s__gte=0)),
            ),
            models.CheckConstraint(
                name="call_queued_as_outcome_says",
                condition=Q(outcome=CallOutcome.OTHER)
                | Q(outcome__in=(CallOutcome.ANSWERED, CallOutcome.ABANDONED), queued_at__isnull=False)
                | Q(outcome__in=_IN_MENU, queued_at__isnull=True),
            ),
            models.CheckConstraint(
                name="call_person_iff_answered",
                condition=Q(outcome=CallOutcome.ANSWERED)
                | Q(handle_s__isnull=True, answered_by_id__isnull=True, person_code=""),
            ),
        )
        indexes = (
            models.Index(name="call_of_queue", fields=("queue_id", "arrived_at")),
            models.Index(name="call_of_customer", fields=("customer_id", "-arrived_at")),
            models.Index(name="call_import", fields=("import_id",), condition=Q(import_id__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.arrived_at} {self.outcome}"
