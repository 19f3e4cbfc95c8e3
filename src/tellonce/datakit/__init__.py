"""Reads that go to the database together: statements compiled once, asked in one round trip (no business words)."""

from tellonce.datakit.asking import Row, Together, alone, together
from tellonce.datakit.statements import OneOf, Slot, Statement

__all__ = ["OneOf", "Row", "Slot", "Statement", "Together", "alone", "together"]
