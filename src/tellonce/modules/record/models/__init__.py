"""Customers, places, what customers have, the story and the outbox."""

from tellonce.modules.record.models.changes import ImportChange
from tellonce.modules.record.models.customers import (
    Account,
    ContactPoint,
    Customer,
    CustomerMerge,
    CustomerSplit,
    Flag,
    PersonOfRecord,
    SplitRow,
)
from tellonce.modules.record.models.finding import CODES, SearchDocument, SearchEntry, SearchWord
from tellonce.modules.record.models.having import Device, Service
from tellonce.modules.record.models.places import Area, Occupancy, Premise
from tellonce.modules.record.models.privacy import Erasure, RetentionPeriod
from tellonce.modules.record.models.story import Delivery, HiddenImport, Moment, OutboxRow

__all__ = [
    "CODES",
    "Account",
    "Area",
    "ContactPoint",
    "Customer",
    "CustomerMerge",
    "CustomerSplit",
    "Delivery",
    "Device",
    "Erasure",
    "Flag",
    "HiddenImport",
    "ImportChange",
    "Moment",
    "Occupancy",
    "OutboxRow",
    "PersonOfRecord",
    "Premise",
    "RetentionPeriod",
    "SearchDocument",
    "SearchEntry",
    "SearchWord",
    "Service",
    "SplitRow",
]
