"""Pure mathematics: no Django, no I/O, no clock, no global randomness."""
