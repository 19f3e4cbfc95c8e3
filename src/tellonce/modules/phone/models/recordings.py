"""Recordings of calls: the sound is a file, what it belongs to stands here."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Recording(models.Model):
    """Stereo, the customer left and the person right. Without a file it was deleted, as its time was over.

    No foreign keys out, as in the story. `call` is the switchboard's name of the contact.
    """

    call = models.CharField(max_length=64)
    customer_id = models.BigIntegerField(default=0)
    contact_id = models.BigIntegerField(null=True, blank=True)
    began_at = models.DateTimeField(_("began"))
    seconds = models.PositiveIntegerField()
    file = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="recording_file_once", fields=("file",), condition=~Q(file="")),)
        indexes = (
            models.Index(name="recording_of_customer", fields=("customer_id", "-began_at")),
            models.Index(name="recording_kept", fields=("began_at",), condition=~Q(file="")),
        )

    def __str__(self) -> str:
        return f"{self.call} {self.began_at}"
