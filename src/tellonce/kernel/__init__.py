"""Time, ids, money, errors, signed tickets and the environment reader: standard library only."""
