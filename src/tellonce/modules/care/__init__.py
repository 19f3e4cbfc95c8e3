"""Contacts, matters, cases, promises, hand-overs."""
