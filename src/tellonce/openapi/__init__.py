"""The API for other systems: contacts, outages, TM Forum shapes."""
