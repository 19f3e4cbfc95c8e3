"""The record app."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Customers, what they have, and the story."""

    name = "tellonce.modules.record"
    label = "record"
