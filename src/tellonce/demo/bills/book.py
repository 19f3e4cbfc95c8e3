"""What the provider sells: products, charge codes, the price book and the taxes of its areas."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tellonce.demo.bills.frame import FOREVER, NONE, Calendar, Flags, Ints

NET, TV, PHONE, MOBILE, EXTRA = range(5)
PRODUCTS: Final = (
    (NET, "Internet 100", "NET100", 4500), (NET, "Internet 300", "NET300", 5900),
    (NET, "Internet 500", "NET500", 7400), (NET, "Internet 1000", "NET1000", 9200),
    (TV, "TV Small", "TVS", 2500), (TV, "TV Medium", "TVM", 4300), (TV, "TV Large", "TVL", 7600),
    (PHONE, "Landline", "LANDLINE", 1800),
    (MOBILE, "Mobile 5", "MOB5", 1500), (MOBILE, "Mobile 20", "MOB20", 2700), (MOBILE, "Mobile Flat", "MOBFLAT", 4100),
    (EXTRA, "Fixed address", "FIXEDIP", 1100), (EXTRA, "Better Wi-Fi", "WIFIPLUS", 800),
    (EXTRA, "Guard", "GUARD", 500), (EXTRA, "Paper bill", "PAPER", 350),
)  # fmt: skip
RENTS: Final = (("Modem rental", "RENTMODEM", 900), ("TV box rental", "RENTBOX", 650))
ONCE: Final = (
    ("Installation", "INSTALL", 9900), ("Equipment", "EQUIP", 5900),
    ("Late payment", "LATEFEE", 800), ("Visit", "VISITFEE", 4500),
)  # fmt: skip
INSTALL, EQUIP, LATEFEE, VISIT = range(4)
USES: Final = (("Minutes", "CALLMIN", 6), ("Extra data", "DATAGB", 240))
CALLMIN, DATAGB = range(2)
PROMOTIONS: Final = ("WELCOME", "LOYALTY")
CREDITS: Final = ("GOODWILL", "OUTAGE", "DISPUTE")
FEES: Final = ("REGIONFEE",)  # by the month, for what has no service of its own
CODES: Final = (
    *(code for _, _, code, _ in PRODUCTS), *(code for _, code, _ in RENTS), *(code for _, code, _ in ONCE),
    *(code for _, code, _ in USES), *PROMOTIONS, *CREDITS, *FEES,
)  # fmt: skip
NAMES: Final = (
    *(name for _, name, _, _ in PRODUCTS), *(name for name, _, _ in RENTS), *(name for name, _, _ in ONCE),
    *(name for name, _, _ in USES),
)  # fmt: skip
GROUP: Final = np.array([group for group, _, _, _ in PRODUCTS])
FIRST_RENT: Final = len(PRODUCTS)
FIRST_ONCE: Final = FIRST_RENT + len(RENTS)
FIRST_USE: Final = FIRST_ONCE + len(ONCE)
FIRST_PROMOTION: Final = FIRST_USE + len(USES)
FIRST_CREDIT: Final = FIRST_PROMOTION + len(PROMOTIONS)
REGION_FEE: Final = FIRST_CREDIT + len(CREDITS)
AREAS: Final = 12
CURRENCIES: Final = ("USD", "CAD", "EUR")
UNITS: Final = ("month", "once", "use")
LONG_AGO: Final = 16436  # the first day of 2015
ELSEWHERE_PPM: Final = 61_250  # what is taken where nobody noted the area


@dataclass(frozen=True, slots=True)
class Prices:
    """Rows of the price book: charge code, area or none, amount, unit, from and until."""

    code: Ints
    area: Ints
    amount: Ints
    unit: Ints
    since: Ints
    until: Ints


@dataclass(frozen=True, slots=True)
class Taxes:
    """Rows of the taxes: area, charge code or none, millionths, from and until."""

    area: Ints
    code: Ints
    rate: Ints
    since: Ints
    until: Ints


@dataclass(frozen=True, slots=True)
class Book:
    """Amounts by product or code; `tax` is by area and code, `use` by use, area and month, `fee` by area (0: none)."""

    price: Ints
    rise: Ints
    rise_on: Ints
    rent: Ints
    once: Ints
    use: Ints
    use_rises: int
    fee: Ints
    fee_rise: int
    fee_rises_on: int
    tax: Ints
    tax_is_general: Flags

    def list_price(self, product: Ints, on: Ints) -> Ints:
        """The price of the book on that day."""
        return self.price[product] + np.where(on >= self.rise_on[product], self.rise[product], 0)

    def regional_fee(self, area: Ints, on: Ints) -> Ints:
        """The monthly fee of areas on a day; 0 where none is taken, or nobody noted the area."""
        fee = np.where(area >= 0, self.fee[np.maximum(area, 0)], 0)
        return np.where(fee > 0, fee + np.where(on >= self.fee_rises_on, self.fee_rise, 0), 0)


def draw_book(rng: np.random.Generator, calendar: Calendar) -> Book:
    """A provider's book: about the same products everywhere, prices and taxes of its own."""
    many, months = len(PRODUCTS), calendar.months
    base = np.array([price for _, _, _, price in PRODUCTS])
    price = base + 10 * rng.integers(-12, 13, many)
    late = calendar.firsts[0] + (calendar.firsts[-1] - calendar.firsts[0]) * rng.uniform(0.35, 0.8, many)
    rises = np.where(GROUP == EXTRA, 0, rng.choice([200, 300, 400, 600], many))
    use = np.zeros((len(USES), AREAS, months), dtype=np.int64)
    use_rises = months // 2
    use[CALLMIN] = USES[CALLMIN][2] + (np.arange(months) >= use_rises)
    use[DATAGB] = (USES[DATAGB][2] + 5 * rng.integers(-4, 5, AREAS))[:, None]
    tax, is_general = _draw_taxes(rng)
    fee = np.where(rng.random(AREAS) < 0.4, 10 * rng.integers(15, 30, AREAS), 0)
    return Book(
        price=price,
        rise=rises,
        rise_on=np.where(rises > 0, late.astype(np.int64), FOREVER),
        rent=np.array([amount for _, _, amount in RENTS]) + 10 * rng.integers(-8, 9, len(RENTS)),
        once=np.array([amount for _, _, amount in ONCE]) + 50 * rng.integers(-4, 5, len(ONCE)),
        use=use,
        use_rises=use_rises,
        fee=fee,
        fee_rise=10 * int(rng.integers(60, 90)),  # far more than before, and right: the book says so
        fee_rises_on=int(calendar.firsts[int(rng.integers(months // 2, months))]) if months > 1 else FOREVER,
        tax=tax,
        tax_is_general=is_general,
    )


def _draw_taxes(rng: np.random.Generator) -> tuple[Ints, Flags]:
    """Millionths by area and code, and where the area has no rule of its own for the code."""
    rate = np.repeat(rng.integers(160, 380, AREAS)[:, None] * 250, len(CODES), axis=1)
    is_general = np.ones_like(rate, dtype=bool)
    for area in range(AREAS):
        free = np.flatnonzero((GROUP == NET) & (rng.random() < 0.5))  # some areas do not tax internet
        dear = np.flatnonzero((GROUP == MOBILE) & (rng.random() < 0.4))
        rate[area, free] = 0
        rate[area, dear] += 31_250
        is_general[area, free] = is_general[area, dear] = False
    return rate, is_general


def price_rows(book: Book, calendar: Calendar) -> Prices:
    """The price book; every code has had an older price that is long over."""
    rows: list[tuple[int, int, int, int, int, int]] = []
    for product, amount in enumerate(book.price.tolist()):
        rise, on = int(book.rise[product]), int(book.rise_on[product])
        rows += [(product, NONE, amount - 100, 0, LONG_AGO - 900, LONG_AGO), (product, NONE, amount, 0, LONG_AGO, on)]
        rows += [(product, NONE, amount + rise, 0, on, FOREVER)] if rise else []
    rows += [(FIRST_RENT + n, NONE, amount, 0, LONG_AGO, FOREVER) for n, amount in enumerate(book.rent.tolist())]
    for n, amount in enumerate(book.once.tolist()):
        rows += [(FIRST_ONCE + n, NONE, amount - 50, 1, LONG_AGO - 900, LONG_AGO)]
        rows += [(FIRST_ONCE + n, NONE, amount, 1, LONG_AGO, FOREVER)]
    turn = int(calendar.firsts[book.use_rises])
    rows += [(FIRST_USE + CALLMIN, NONE, int(book.use[CALLMIN, 0, 0]), 2, LONG_AGO, turn)]
    rows += [(FIRST_USE + CALLMIN, NONE, int(book.use[CALLMIN, 0, -1]), 2, turn, FOREVER)]
    rows += [(FIRST_USE + DATAGB, area, int(book.use[DATAGB, area, 0]), 2, LONG_AGO, FOREVER) for area in range(AREAS)]
    for area in np.flatnonzero(book.fee).tolist():
        fee, on = int(book.fee[area]), book.fee_rises_on
        rows += [(REGION_FEE, area, fee, 0, LONG_AGO, on), (REGION_FEE, area, fee + book.fee_rise, 0, on, FOREVER)]
    return Prices(*np.array(rows, dtype=np.int64).T)


def tax_rows(book: Book, calendar: Calendar) -> Taxes:
    """The taxes, with rates that are long over and one that is still to come."""
    rows: list[tuple[int, int, int, int, int]] = []
    for area in range(AREAS):
        general = int(book.tax[area, FIRST_CREDIT])
        rows += [(area, NONE, general - 5_000, LONG_AGO - 900, LONG_AGO), (area, NONE, general, LONG_AGO, FOREVER)]
        own = np.flatnonzero(~book.tax_is_general[area]).tolist()
        rows += [(area, code, int(book.tax[area, code]), LONG_AGO, FOREVER) for code in own]
    after = int(calendar.firsts[-1]) + 400
    last = rows[-1]
    rows[-1] = (*last[:4], after)
    rows += [(last[0], last[1], last[2] + 10_000, after, FOREVER)]
    return Taxes(*np.array(rows, dtype=np.int64).T)
