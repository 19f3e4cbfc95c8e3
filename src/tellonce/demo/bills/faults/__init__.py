"""Faults that a provider's billing makes, planted into honest bills; the truth of each is kept apart."""
