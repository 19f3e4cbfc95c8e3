"""The columns of the customers as plain lists, with numbers drawn beforehand: what makes one customer after another."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import phonenumbers

from tellonce.demo.calendar import Floats, Span
from tellonce.demo.customers import NEVER, Customers, Places
from tellonce.demo.writing import words


@cache
def fictional_numbers() -> tuple[str, ...]:
    """Every 555-0100 to 555-0199 of the area codes in use: reserved for fiction by the numbering plan."""
    codes = [
        code
        for code in range(201, 990)
        if phonenumbers.is_valid_number(
            phonenumbers.PhoneNumber(country_code=1, national_number=code * 10**7 + 5550123)
        )
        and phonenumbers.region_code_for_number(
            phonenumbers.PhoneNumber(country_code=1, national_number=code * 10**7 + 5550123)
        )
        == "US"
    ]
    return tuple(f"+1{code}55501{number:02d}" for number in range(100) for code in codes)


class Maker:
    """Makes customers one after another from the columns and numbers drawn in one go."""

    def __init__(self, rng: np.random.Generator, span: Span, c: Customers, places: Places, activated: Floats) -> None:
        n = len(c)
        self.span, self.c, self.places = span, c, places
        self.draws: list[list[int]] = rng.integers(0, 1 << 30, (n, 24)).tolist()
        self.today = span.first.date()
        numbers = fictional_numbers()
        self.numbers: list[str] = [numbers[i] for i in rng.permutation(len(numbers)).tolist()]
        self.next_number = 0
        self.names = words("names")
        self.joined = np.floor(c.joined).astype(int).tolist()
        self.activated = np.floor(activated).astype(int).tolist()
        self.left = np.where(c.left >= NEVER, 10**6, np.floor(c.left)).astype(int).tolist()
        self.moved = np.where(c.moved >= NEVER, 10**6, np.floor(c.moved)).astype(int).tolist()
        self.changed = np.where(c.changed_plan >= NEVER, 10**6, np.floor(c.changed_plan)).astype(int).tolist()
        self.promotion = np.where(c.promotion_ends >= NEVER, 10**6, np.floor(c.promotion_ends)).astype(int).tolist()
        self.modem = np.floor(c.modem_since).astype(int).tolist()
        self.kind, self.culture = c.kind.tolist(), c.culture.tolist()
        self.plans: list[list[int]] = c.plan.tolist()
        self.node: list[int] = c.node.tolist()
        self.moved_to: list[int] = c.moved_to.tolist()
        self.now = int(span.now)

    def day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def ended(self, number: int) -> date | None:
        return self.day(number) if number <= self.now else None

    def phone(self) -> str:
        number = self.numbers[self.next_number % len(self.numbers)]
        self.next_number += 1
        return number
