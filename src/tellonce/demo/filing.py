"""The matter that colleagues file a problem under: mostly the right one, now and then a neighbouring one."""

import numpy as np

from tellonce.demo.calendar import Bools
from tellonce.demo.causes import CAUSES, Problems
from tellonce.demo.customers import Customers
from tellonce.demo.reasons import INDEX, REASONS

_MISFILED = 0.03


def file_under(rng: np.random.Generator, *, customers: Customers, problems: Problems, drawn_out: Bools) -> list[str]:
    """Each problem's matter by code."""
    draws = rng.integers(0, 1 << 30, len(problems)).tolist()
    chance = rng.random(len(problems)).tolist()
    special = _special(customers, problems)
    matters = []
    for place, reason in enumerate(problems.reason.tolist()):
        codes = REASONS[reason].matters
        code, odds = special[place]
        if drawn_out[place]:
            code, odds = codes[0], 1.0
        if chance[place] < odds:
            matters.append(code)
        elif chance[place] > 1 - _MISFILED:
            others = [r for r in REASONS if r.group == REASONS[reason].group]
            matters.append(others[draws[place] % len(others)].matters[0])
        else:
            matters.append(codes[draws[place] % len(codes)])
    return matters


def _special(customers: Customers, problems: Problems) -> list[tuple[str, float]]:
    """What the circumstances suggest, and how often it is filed so ("" and never where they suggest nothing)."""
    who, at, reason, cause = problems.who, problems.at, problems.reason, problems.cause
    is_new = at - customers.joined[who] < 50
    ends = customers.promotion_ends[who]
    around_the_end = (at > ends - 25) & (at < ends + 45)
    suggested: list[tuple[str, float]] = [("", 0.0)] * len(problems)
    faulty = np.isin(reason, [INDEX["internet_drops"], INDEX["internet_down"], INDEX["internet_slow"]])
    for code, odds, where in (
        ("outage.status", 0.85, (cause == CAUSES.index("outage")) & (reason == INDEX["internet_down"])),
        ("billing.first_bill", 0.85, (reason == INDEX["bill_question"]) & is_new),
        ("billing.raise.promotion", 0.85, (reason == INDEX["price_went_up"]) & around_the_end),
        ("internet.device.broken", 0.30, (cause == CAUSES.index("faulty_modem")) & faulty),
        ("move.problem", 0.80, (reason == INDEX["move_home"]) & (at > customers.moved[who])),
        ("billing.wrong.ended", 0.70, (reason == INDEX["wrong_charge"]) & (at > customers.left[who])),
    ):
        for place in np.nonzero(where)[0].tolist():
            suggested[place] = code, odds
    return suggested
