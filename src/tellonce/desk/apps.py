"""The desk app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The workspace."""

    name = "tellonce.desk"
    label = "desk"
