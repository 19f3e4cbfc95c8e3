"""The network app."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Outages by area."""

    name = "tellonce.modules.network"
    label = "network"
