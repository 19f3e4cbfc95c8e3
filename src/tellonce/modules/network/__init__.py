"""Outages by area."""
