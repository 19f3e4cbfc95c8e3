"""Customers, premises, areas, services, devices, and the story."""
