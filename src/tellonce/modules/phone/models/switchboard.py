"""What the switchboard keeps: its journal, what it is asked to do, and what is so now, for pages to read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.phone.contracts import PersonState
from tellonce.modules.staff.models import Person


class JournalEvent(models.Model):
    """One event of the switchboard, in the order of its id; see docs/adr/0009-decisions-are-kept.md."""

    id = models.BigAutoField(primary_key=True)
    at = models.FloatField(_("seconds since 1970"))
    kind = models.CharField(max_length=40)
    contact = models.CharField(max_length=64, blank=True)
    data = models.JSONField()

    class Meta:
        db_table = "phone_event"
        indexes = (
            models.Index(name="event_of_contact", fields=("contact", "id"), condition=~Q(contact="")),
            models.Index(name="event_at", fields=("at",)),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"


class Checkpoint(models.Model):
    """All that the switchboard knew after an event: events before it need not be read to go on."""

    event_id = models.BigIntegerField(primary_key=True)
    at = models.FloatField()
    board = models.JSONField()

    def __str__(self) -> str:
        return str(self.event_id)


class Filed(models.Model):
    """Up to which event contacts and call records were made; one row."""

    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.event_id)


class Asked(models.Model):
    """What somebody on staff asks the switchboard to do; it goes in the transaction that does it."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    data = models.JSONField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"


class LiveContact(models.Model):
    """A contact that is not over: where it is now. Rows go with their contact; counts and history are elsewhere."""

    id = models.CharField(max_length=64, primary_key=True)
    channel = models.CharField(max_length=10)
    stage = models.CharField(max_length=12)
    queue_code = models.CharField(max_length=40, blank=True)
    person_id = models.BigIntegerField(null=True, blank=True)
    customer_id = models.BigIntegerField(default=0)
    number = models.CharField(max_length=40, blank=True)
    entered_at = models.DateTimeField(_("waits since"))
    since = models.DateTimeField(_("in this stage since"))
    told_form = models.CharField(max_length=16, blank=True)
    told_low_min = models.PositiveIntegerField(default=0)
    told_high_min = models.PositiveIntegerField(default=0)
    told_until = models.DateTimeField(null=True, blank=True)
    is_callback = models.BooleanField(default=False)
    is_held = models.BooleanField(default=False)
    efforts = models.PositiveSmallIntegerField(default=0)
    consult = models.CharField(max_length=64, blank=True)
    unanswered_by_id = models.BigIntegerField(null=True, blank=True)
    parent = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    story = models.CharField(max_length=200, blank=True)
    listener_id = models.BigIntegerField(null=True, blank=True)
    whispers = models.BooleanField(default=False, db_default=False)
    recording = models.CharField(max_length=10, blank=True, default="", db_default="")

    class Meta:
        indexes = (
            models.Index(name="live_contact_person", fields=("person_id",), condition=Q(person_id__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.stage}"


class LivePerson(models.Model):
    """What somebody who answers does now; `refused` is why what they asked for last cannot be."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    state = models.CharField(max_length=12, choices=PersonState)
    wished = models.CharField(max_length=12)
    reason = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    ringing = models.CharField(max_length=64, blank=True)
    wrap_until = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(max_length=24, blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.CheckConstraint(name="live_person_state_known", condition=Q(state__in=PersonState.values)),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class LiveQueue(models.Model):
    """A queue's account since the switchboard's journal began: each contact that entered is one of the others now."""

    code = models.CharField(max_length=40, primary_key=True)
    entered = models.BigIntegerField()
    waiting = models.BigIntegerField()
    answered = models.BigIntegerField()
    abandoned = models.BigIntegerField()
    callback = models.BigIntegerField()

    def __str__(self) -> str:
        return self.code
