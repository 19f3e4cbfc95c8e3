"""What is wrong on bills, and what only looks so: a home each, with the findings that it must give."""

from tellonce.lab.billing.tests import cases_of_days, cases_of_jumps, cases_of_money, cases_of_unknown
from tellonce.lab.billing.tests.registry import CASES, Case, Said
from tellonce.lab.billing.tests.worlds import Home, Rows, empty, finished

__all__ = ["CASES", "FILES", "Case", "Said", "world"]

# They write their homes down when they are read.
FILES = (cases_of_days, cases_of_jumps, cases_of_money, cases_of_unknown)


def world() -> Rows:
    """All homes together; a case's home has the number of its place, from 1."""
    rows = empty()
    for number, each in enumerate(CASES, start=1):
        home = Home(rows, number)
        home.settle()
        each.change(home)
    return finished(rows)
