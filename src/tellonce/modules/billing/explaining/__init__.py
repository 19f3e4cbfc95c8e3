"""A bill in plain words, line by line: what is other than last time, and why. No database in here."""

from tellonce.modules.billing.explaining.bill import explain

__all__ = ["explain"]
