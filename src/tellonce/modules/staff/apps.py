"""The staff app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """People on staff and where they work."""

    name = "tellonce.modules.staff"
    label = "staff"
