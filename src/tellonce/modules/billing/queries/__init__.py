"""Reads of bills."""

from tellonce.modules.billing.queries.known import (
    first_issued_of_received,
    has_bills,
    known_bills,
    known_payments,
)
from tellonce.modules.billing.queries.latest import ask_latest_bills, billed, latest_bills, sent_bills

__all__ = [
    "ask_latest_bills",
    "billed",
    "first_issued_of_received",
    "has_bills",
    "known_bills",
    "known_payments",
    "latest_bills",
    "sent_bills",
]
