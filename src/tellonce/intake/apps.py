"""The intake app."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Files in, and how to undo them."""

    name = "tellonce.intake"
    label = "intake"
