"""Calls and other contacts wait, and reach a person: what happened goes in, what is to be done comes out."""
