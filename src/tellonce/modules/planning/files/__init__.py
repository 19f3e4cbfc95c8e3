"""Rosters as files: CSV and iCalendar, in and out; nothing here writes to the database."""
