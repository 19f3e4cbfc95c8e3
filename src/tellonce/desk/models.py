"""What the desk keeps of its own: the model of why people get in touch."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReasonModel(models.Model):
    """A model that was learned from past contacts, as JSON, with its report; the newest is used."""

    learned_at = models.DateTimeField(_("learned"))
    learned_until = models.DateTimeField(_("learned from contacts until"))
    contacts = models.PositiveIntegerField(_("contacts it learned from"))
    model = models.JSONField()
    report = models.JSONField()

    class Meta:
        ordering = ("-learned_at",)
        constraints = (models.CheckConstraint(name="reason_model_from_enough", condition=models.Q(contacts__gte=500)),)
        indexes = (models.Index(name="reason_model_newest", fields=("-learned_at",)),)

    def __str__(self) -> str:
        return f"{self.learned_at} {self.contacts}"
