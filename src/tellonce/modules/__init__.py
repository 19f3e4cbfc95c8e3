"""Django apps, one capability each, as a ladder: upper may use lower."""
