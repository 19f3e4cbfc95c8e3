"""People, roles, teams, sites, calendars, sign-in, the access log."""
