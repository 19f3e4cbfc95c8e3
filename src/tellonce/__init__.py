"""Tellonce: customer care for communications providers; told once, solved once."""

__version__ = "0.1.0"
