"""Technicians' visits: so far those to which nobody came."""
