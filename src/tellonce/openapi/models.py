"""Keys by which other systems use the API; of the secret only a digest is kept."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.openapi.contracts import Scope


class ApiKey(models.Model):
    """A key of one other system. Ids that it sends are ids in `source`, and of nobody else."""

    name = models.CharField(_("name"), max_length=100)
    source = models.CharField(_("source system"), max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("may"))
    per_minute = models.PositiveIntegerField(_("requests a minute"), default=600)
    made_at = models.DateTimeField(_("made"))
    made_by_name = models.CharField(max_length=120)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    window_began_at = models.DateTimeField(null=True, blank=True)
    used_in_window = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("ended_at", "name")
        constraints = (
            models.CheckConstraint(name="api_key_has_scopes", condition=~Q(scopes=[])),
            models.UniqueConstraint(name="api_key_name_once", fields=("name",), condition=Q(ended_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.name
