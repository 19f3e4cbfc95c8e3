"""The channels app."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Messages to and from customers."""

    name = "tellonce.modules.channels"
    label = "channels"
