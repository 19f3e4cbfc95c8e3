"""A provider's bills and what its record knows of them, with faults at known places among honest oddities."""
