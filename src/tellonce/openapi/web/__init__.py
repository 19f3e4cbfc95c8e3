"""The administrator's page of keys."""
