"""What the demo's provider charges: codes with their words, and the price that rose."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tellonce.demo.bills.lines import CREDIT, DISCOUNT, FEE, ONE_OFF, RECURRING
from tellonce.demo.provider import INTERNET, PLANS


@dataclass(frozen=True, slots=True)
class Good:
    """A charge code with what stands on the bill, its product, its kind, its usual price and whether it is taxed."""

    code: str
    words: str
    product: str
    kind: int
    price: int
    is_taxed: bool = True


_PLANS: Final = tuple(
    Good(plan.name.upper().replace(" ", "-"), plan.name, plan.name, RECURRING, plan.price, n not in INTERNET)
    for n, plan in enumerate(PLANS)
)
_OTHERS: Final = (
    Good("RENT-MODEM", "Modem rental", "Modem rental", RECURRING, 900),
    Good("RENT-BOX", "TV box rental", "TV box rental", RECURRING, 750),
    Good("PROMOTION", "Promotion", "", DISCOUNT, 0, is_taxed=False),
    Good("ACTIVATION", "Activation", "Activation", ONE_OFF, 3900),
    Good("LATE-FEE", "Late fee", "Late fee", FEE, 800),
    Good("SERVICE-CALL", "Service call", "Service call", FEE, 6000),
    Good("INSTALLATION", "Installation", "Installation", ONE_OFF, 6000),
    Good("SPORTS", "Sports package", "Sports package", RECURRING, 1450),
    Good("MOVIE", "Movie", "Movie", ONE_OFF, 499),
    Good("CREDIT", "Credit", "", CREDIT, 0, is_taxed=False),
    Good("CARE-PLUS", "Care Plus", "Care Plus", RECURRING, 1499),
)
GOODS: Final = (*_PLANS, *_OTHERS)
(
    MODEM_RENT, BOX_RENT, PROMOTION, ACTIVATION, LATE_FEE, SERVICE_CALL, INSTALLATION, SPORTS, MOVIE, GIVEN_BACK,
    CARE_PLUS,
) = range(len(PLANS), len(GOODS))  # fmt: skip
PLAN_OF: Final = {plan.name: number for number, plan in enumerate(PLANS)}
IS_TAXED: Final = np.array([good.is_taxed for good in GOODS])
KIND_OF: Final = np.array([good.kind for good in GOODS])
TAX_PPM: Final = 62_500
RISING: Final = frozenset(INTERNET)
ROSE_BY: Final = 300  # internet, some months ago
ROSE_DAYS_AGO: Final = 230

# What customers say that they are charged for wrongly (words/en.toml), as billing calls it.
CHARGES: Final = {
    "an equipment rental": MODEM_RENT,
    "a second modem": MODEM_RENT,
    "a modem of my own": MODEM_RENT,
    "a box I sent back": BOX_RENT,
    "a late fee": LATE_FEE,
    "a service call": SERVICE_CALL,
    "a visit that found our own fault": SERVICE_CALL,
    "an installation": INSTALLATION,
    "a sports package": SPORTS,
    "the sports package I cancelled": SPORTS,
    "a static address": PLAN_OF["Static address"],
    "the static address I gave back": PLAN_OF["Static address"],
    "a movie I did not order": MOVIE,
    "a plan I no longer have": PLAN_OF["Cable 100"],
    "the phone line I gave up": PLAN_OF["Home Phone"],
}
