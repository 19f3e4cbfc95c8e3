"""The billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """What customers are billed, what they dispute, and whether what was put right stays so."""

    name = "tellonce.modules.billing"
    label = "billing"
