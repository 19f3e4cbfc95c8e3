"""The webkit app: templates, styles and scripts that every page shares."""

from django.apps import AppConfig


class WebkitConfig(AppConfig):
    """Components and base templates."""

    name = "tellonce.webkit"
    label = "webkit"
