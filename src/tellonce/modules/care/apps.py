"""The care app."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Contacts, matters, cases, promises, hand-overs."""

    name = "tellonce.modules.care"
    label = "care"
