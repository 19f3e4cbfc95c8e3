"""The API app."""

from django.apps import AppConfig


class OpenapiConfig(AppConfig):
    """The API for other systems."""

    name = "tellonce.openapi"
    label = "openapi"
