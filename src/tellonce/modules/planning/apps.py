"""The planning app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """How many people, when; and what a decision does to waits before it is taken."""

    name = "tellonce.modules.planning"
    label = "planning"
