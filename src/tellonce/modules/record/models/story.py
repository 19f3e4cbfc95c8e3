"""The story: one append-only table of moments, what was delivered, and the outbox."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.record.contracts import Channel, DeliveryState, Direction


class Moment(models.Model):
    """Something that happened between us and a customer. Never changed but by erasure; no foreign keys out."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer_id = models.BigIntegerField()
    id = models.UUIDField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    direction = models.CharField(max_length=6, choices=Direction, default=Direction.INSIDE)
    by_kind = models.CharField(max_length=8)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    team_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    partner_id = models.BigIntegerField(null=True)
    about = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    matter_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    corrects = models.UUIDField(null=True)
    import_id = models.BigIntegerField(null=True)
    erased_at = models.DateTimeField(null=True)
    search = models.GeneratedField(
        expression=SearchVector("words", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        indexes = (
            models.Index(name="moment_story", fields=("customer_id", "-at", "-id")),
            models.Index(name="moment_import", fields=("import_id",), condition=Q(import_id__isnull=False)),
            models.Index(
                name="moment_corrects", fields=("customer_id", "corrects"), condition=Q(corrects__isnull=False)
            ),
            GinIndex(name="moment_words", fields=("search",)),
        )
        constraints = (
            models.CheckConstraint(name="moment_direction_known", condition=Q(direction__in=Direction.values)),
        )

    def __str__(self) -> str:
        return f"{self.at} {self.kind}"


class Delivery(models.Model):
    """How far a message to the customer has got; "told" is said of it on delivery only."""

    pk = models.CompositePrimaryKey("customer_id", "moment_id")
    customer_id = models.BigIntegerField()
    moment_id = models.UUIDField()
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState)
    at = models.DateTimeField()
    detail = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.moment_id} {self.state}"


class HiddenImport(models.Model):
    """The moments of this import are hidden: the import was undone."""

    import_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.import_id)


class OutboxRow(models.Model):
    """What others must hear of, written in the transaction of the thing itself; the relay takes it away."""

    id = models.BigAutoField(primary_key=True)
    topics = ArrayField(models.CharField(max_length=60))
    kind = models.CharField(max_length=60)
    customer_id = models.BigIntegerField(null=True)
    moment_id = models.UUIDField(null=True)
    body = models.JSONField(default=dict)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"
