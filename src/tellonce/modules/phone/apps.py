"""The phone app."""

from django.apps import AppConfig


class PhoneConfig(AppConfig):
    """Queues and call records."""

    name = "tellonce.modules.phone"
    label = "phone"
