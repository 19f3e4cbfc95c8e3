"""The field app."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """Technicians' visits."""

    name = "tellonce.modules.field"
    label = "field"
