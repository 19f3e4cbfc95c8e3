"""The hidden causes: what really happens to customers, and the problems that they get in touch about.

No cause is ever stored. The record shows only what a provider would see: an outage, a bill day, a promotion's end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tellonce.demo.calendar import Bools, Floats, Ints, Span, awake, human_time
from tellonce.demo.customers import NEVER, Customers
from tellonce.demo.outages import Outages
from tellonce.demo.reasons import INDEX, REASONS

CAUSES: Final = (
    "chance", "faulty_modem", "node_noise", "outage", "after_outage", "bill_confusion", "no_money", "billing_error",
    "price_shock", "new_service", "move", "plan_wish", "leaving", "old_box",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problems:
    """One row a problem: whose, what they say it is about, when they first get in touch, and the cause nobody sees."""

    who: Ints
    reason: Ints
    at: Floats
    cause: Ints
    owed: Bools  # not solved yet, and something is promised for today

    def __len__(self) -> int:
        """How many problems."""
        return len(self.who)


# A year's problems of a customer that come from nothing in particular, and which kind of service they need (-1 none).
_CHANCE: Final = (
    ("internet_slow", 0.060, 0), ("internet_drops", 0.040, 0), ("internet_down", 0.035, 0), ("wifi", 0.075, 0),
    ("modem_setup", 0.020, 0), ("tv_picture", 0.045, 1), ("tv_channels", 0.090, 1), ("tv_box", 0.040, 1),
    ("phone_line", 0.085, 2), ("mobile_signal", 0.110, 3), ("mobile_data", 0.130, 3), ("details", 0.070, -1),
    ("sign_in", 0.075, -1), ("payment_missing", 0.040, -1), ("bill_question", 0.030, -1), ("visit_when", 0.012, -1),
    ("complaint", 0.010, -1), ("praise", 0.006, -1),
)  # fmt: skip


_COLUMN: Final = {"internet": 0, "tv": 1, "phone": 2, "mobile": 3}
# The days before the present: how many more problems (one for so many customers), and how many wait for a promise.
_LATELY_DAYS: Final = 2.6
_LATELY_ONE_IN: Final = 65
_OWED: Final = 0.25
_EVERYDAY: Final = [CAUSES.index(name) for name in ("chance", "bill_confusion", "plan_wish", "billing_error")]


class Drawing:
    """Draws problems cause by cause; `found` keeps them."""

    def __init__(self, rng: np.random.Generator, span: Span, customers: Customers, outages: Outages) -> None:
        self.rng, self.span, self.c, self.outages = rng, span, customers, outages
        self.everybody = np.arange(len(customers))
        self.found: list[tuple[Ints, Ints, Floats, Ints]] = []

    def add(self, cause: str, reason: str | Ints, who: Ints, at: Floats, *, is_urgent: bool = False) -> None:
        """Keeps problems of `who` that begin `at`; urgent ones are told at once, others at human hours."""
        reasons = np.full(len(who), INDEX[reason]) if isinstance(reason, str) else reason
        when = at if is_urgent else human_time(self.rng, self.span, at, self.c.region[who])
        self.found.append((who, reasons, when, np.full(len(who), CAUSES.index(cause))))

    def some(self, chance: Floats | float, among: Bools | None = None) -> Ints:
        """Those customers to whom something with this chance happens."""
        picked = self.rng.random(len(self.c)) < chance
        return self.everybody[picked & among] if among is not None else self.everybody[picked]

    def soon(self, days: float, n: int) -> Floats:
        """Delays with this mean."""
        return self.rng.exponential(days, n)

    def pick(self, keys: Sequence[str], shares: Sequence[float], n: int) -> Ints:
        """Reasons drawn from a mixture."""
        return self.rng.choice(np.array([INDEX[key] for key in keys]), n, p=shares)


def draw_problems(
    rng: np.random.Generator,
    *,
    span: Span,
    customers: Customers,
    outages: Outages,
    activated: Floats,
    since: float = 0.0,
) -> Problems:
    """Every problem from `since` on, by time; only of people who were customers (or had just left)."""
    drawing = Drawing(rng, span, customers, outages)
    _chance(drawing)
    _modems(drawing)
    _boxes(drawing)
    _noise(drawing)
    _outages(drawing)
    _bills(drawing, activated)
    _newcomers(drawing, activated)
    _moves_and_wishes(drawing)
    _leaving(drawing)
    _lately(drawing)
    _present(drawing)
    who, reason, at, cause = (np.concatenate(part) for part in zip(*drawing.found, strict=True))
    after = np.isin(reason, [INDEX["equipment_back"], INDEX["wrong_charge"]]) * 30.0
    keep = _has_what_it_needs(customers, who, reason)
    keep &= (at >= np.maximum(customers.joined[who], since)) & (at < np.minimum(customers.left[who] + after, span.now))
    who, reason, at, cause = who[keep], reason[keep], at[keep], cause[keep]
    owed = np.zeros(len(who), dtype=bool)
    lately = np.nonzero((at > span.now - 2.5) & (at < span.now - 0.15) & ~np.isin(cause, [CAUSES.index("leaving")]))[0]
    owed[lately[rng.random(len(lately)) < _OWED]] = True
    order = np.lexsort((who, at))
    return Problems(who[order], reason[order], at[order], cause[order], owed[order])


def _has_what_it_needs(customers: Customers, who: Ints, reason: Ints) -> Bools:
    """Nobody complains about a television that they do not have."""
    column = np.array([_COLUMN.get(each.group, -1) for each in REASONS])[reason]
    has: Bools = (column < 0) | (customers.plan[who, column] >= 0)
    return has


def _chance(d: Drawing) -> None:
    begins, ends = np.maximum(d.c.joined, 0.0), np.minimum(d.c.left, d.span.now)
    years = np.maximum(ends - begins, 0.0) / 365
    for key, a_year, column in _CHANCE:
        has = d.c.plan[:, column] >= 0 if column >= 0 else np.ones(len(d.c), dtype=bool)
        unskilled = 1.5 - d.c.skilled if key in {"wifi", "modem_setup", "sign_in"} else 1.0
        times = d.rng.poisson(a_year * years * d.c.talkative * unskilled * has)
        who = np.repeat(d.everybody, times)
        d.add("chance", key, who, begins[who] + d.rng.random(len(who)) * (ends - begins)[who])


def _modems(d: Drawing) -> None:
    """A modem fails by its age; its owner sees drops, slowness, or nothing at all."""
    onset = d.c.modem_since + d.rng.weibull(1.6, len(d.c)) * 1700
    who = d.everybody[(d.c.plan[:, 0] >= 0) & (onset > -10) & (onset < d.span.now)]
    reason = d.pick(("internet_drops", "internet_slow", "wifi", "internet_down"), (0.60, 0.20, 0.10, 0.10), len(who))
    d.add("faulty_modem", reason, who, onset[who] + d.soon(4, len(who)))


def _boxes(d: Drawing) -> None:
    who = d.some(0.11, d.c.plan[:, 1] >= 0)
    reason = d.pick(("tv_box", "tv_picture"), (0.75, 0.25), len(who))
    d.add("old_box", reason, who, d.rng.uniform(0, d.span.now, len(who)))


def _noise(d: Drawing) -> None:
    """A noisy node for weeks: some of its customers notice, some of the time the network does too."""
    for node, begins, lasts in zip(*d.outages.noise, strict=True):
        among = (d.c.node == node) & (d.c.plan[:, 0] >= 0)
        who = d.some(0.11 * d.c.talkative, among)
        reason = d.pick(("internet_drops", "internet_slow", "tv_picture", "wifi"), (0.48, 0.32, 0.13, 0.07), len(who))
        tv = INDEX["tv_picture"]
        reason = np.where((reason == tv) & (d.c.plan[who, 1] < 0), INDEX["internet_drops"], reason)
        d.add("node_noise", reason, who, begins + d.rng.random(len(who)) * lasts)


def _outages(d: Drawing) -> None:
    """While it lasts, those who are awake get in touch; afterwards some ask for a credit."""
    outages = d.outages
    for number in range(len(outages)):
        nodes, begins, ends = outages.nodes[number], outages.began[number], outages.really_ended[number]
        minutes = (ends - begins) * 1440
        pull = {"lost": 0.10, "degraded": 0.035, "planned": 0.03}[outages.kind[number]] * min(2.0, minutes / 90)
        who = d.some(pull * d.c.talkative, np.isin(d.c.node, nodes))
        at = begins + 4 / 1440 + d.rng.beta(1.1, 2.2, len(who)) * (ends - begins) * 1.2
        heard = d.rng.random(len(who)) < awake(d.span, at, d.c.region[who])
        who, at = who[heard], at[heard]
        has_internet = d.c.plan[who, 0] >= 0
        slow = outages.kind[number] == "degraded"
        reason = np.where(has_internet, INDEX["internet_slow" if slow else "internet_down"], INDEX["tv_picture"])
        d.add("outage", reason, who, at, is_urgent=True)
        if minutes > 60:
            asks = d.some(0.018 * d.c.thrifty * d.c.talkative, np.isin(d.c.node, nodes))
            d.add("after_outage", "outage_credit", asks, ends + 0.2 + d.soon(4, len(asks)))


def bill_days(span: Span, customers: Customers) -> Floats:
    """(n, months) days on which each customer's bill is made, month by month; half a day in, when people see it."""
    months = range(-1, int(span.now / 30.4) + 2)
    year, month = span.first.year, span.first.month
    firsts = []
    for k in months:
        m = month - 1 + k
        firsts.append((span.first.replace(year=year + m // 12, month=m % 12 + 1, day=1) - span.first).days)
    days: Floats = np.array(firsts, dtype=np.float64)[None, :] + (customers.cycle_day - 1)[:, None] + 0.55
    return days


def _bills(d: Drawing, activated: Floats) -> None:
    bills = bill_days(d.span, d.c)
    here = (bills > np.maximum(activated, 0.0)[:, None]) & (bills < np.minimum(d.c.left, d.span.now)[:, None])
    talk = d.c.talkative[:, None]

    def first_after(day: Floats) -> Bools:
        since = bills - day[:, None]
        return (since > 0) & (since <= 31)

    new, changed, moved = first_after(activated), first_after(d.c.changed_plan), first_after(d.c.moved)
    dearer = first_after(d.c.promotion_ends)
    unusual = new | changed | moved
    money = d.c.short_of_money[:, None]
    for key, cause, chance, delay in (
        ("bill_question", "bill_confusion", 0.0035 * talk + 0.075 * new + 0.06 * changed + 0.05 * moved, 3.0),
        ("wrong_charge", "billing_error", 0.0030 * talk + 0.04 * new + 0.09 * changed + 0.11 * moved, 4.0),
        ("price_went_up", "price_shock", dearer * (0.16 + 0.36 * d.c.thrifty[:, None]) + 0.0012 * talk, 3.5),
        ("pay_later", "no_money", money * 0.042 + 0.0012 * talk, 15.0),
        ("payment_missing", "bill_confusion", 0.0012 * talk + 0.008 * unusual, 9.0),
    ):
        hit = here & (d.rng.random(bills.shape) < chance)
        who, month = np.nonzero(hit)
        spread = 4.0 if key == "pay_later" else delay
        early = delay if key == "pay_later" else 0.0
        d.add(cause, key, who, bills[who, month] + early + d.rng.gamma(1.3, spread / 1.3, len(who)))
    before = d.some(0.06, d.c.promotion_ends < NEVER)
    d.add("price_shock", "price_went_up", before, d.c.promotion_ends[before] - d.rng.uniform(0, 20, len(before)))


def _newcomers(d: Drawing, activated: Floats) -> None:
    new = d.c.joined > 0
    for key, share, begins, delay in (
        ("order_status", 0.24, d.c.joined + 0.6, 2.0),
        ("visit_when", 0.10, d.c.joined + 0.5, 2.0),
        ("visit_missed", 0.05, activated + 0.1, 0.3),
        ("modem_setup", 0.21, activated, 3.0),
        ("wifi", 0.09, activated + 1, 9.0),
        ("internet_drops", 0.05, activated + 1, 10.0),
        ("sign_in", 0.07, d.c.joined + 0.2, 6.0),
    ):
        who = d.some(share, new)
        d.add("new_service", key, who, begins[who] + d.soon(delay, len(who)))


def _moves_and_wishes(d: Drawing) -> None:
    moves = d.c.moved < NEVER
    for key, share, shift, delay in (
        ("move_home", 0.86, -26.0, 9.0), ("visit_when", 0.10, -5.0, 2.0), ("visit_missed", 0.05, 0.1, 0.4),
        ("modem_setup", 0.14, 0.5, 3.0), ("details", 0.10, 1.0, 8.0),
    ):  # fmt: skip
        who = d.some(share, moves)
        d.add("move", key, who, d.c.moved[who] + shift + d.soon(delay, len(who)))
    wishes = d.some(0.78, d.c.changed_plan < NEVER)
    d.add("plan_wish", "change_plan", wishes, d.c.changed_plan[wishes] - 2.5 + d.soon(0.7, len(wishes)))
    idle = d.some(0.05 * d.c.talkative)
    d.add("plan_wish", "change_plan", idle, d.rng.uniform(0, d.span.now, len(idle)))


def _leaving(d: Drawing) -> None:
    goes, cut = d.c.left_because == 1, d.c.left_because == 2
    who = d.some(0.74, goes)
    d.add("leaving", "leave", who, d.c.left[who] - 1.5 - d.soon(5, len(who)))
    for key, share in (
        ("internet_slow", 0.10),
        ("internet_drops", 0.11),
        ("price_went_up", 0.12),
        ("wrong_charge", 0.08),
    ):
        unhappy = d.some(share, goes)
        d.add("leaving", key, unhappy, d.c.left[unhappy] - 10 - d.soon(25, len(unhappy)))
    back = d.some(0.20, goes | cut)
    d.add("leaving", "equipment_back", back, d.c.left[back] + 1 + d.soon(8, len(back)))
    owing = d.some(0.6, cut)
    d.add("no_money", "pay_later", owing, d.c.left[owing] - 5 - d.soon(15, len(owing)))
    thinking = d.some(0.010 * d.c.talkative)
    d.add("leaving", "leave", thinking, d.rng.uniform(0, d.span.now, len(thinking)))


def _lately(d: Drawing) -> None:
    """The last days are busy ones, so that there is work in progress: more of what people get in touch about anyway."""
    earlier = [part for part in d.found if part[3].size and part[3][0] in _EVERYDAY]
    who, reason = (np.concatenate([part[column] for part in earlier]) for column in (0, 1))
    rows = d.rng.permutation(np.nonzero(d.c.left[who] >= NEVER)[0])[: len(d.c) // _LATELY_ONE_IN]
    d.add("chance", reason[rows], who[rows], d.span.now - d.rng.uniform(0.05, _LATELY_DAYS, len(rows)))


def _present(d: Drawing) -> None:
    """A few who get in touch in the last minutes, at whatever hour the demo is started."""
    here = np.nonzero(d.c.left >= NEVER)[0]
    who = d.rng.choice(here, min(7, len(here)), replace=False)
    keys = ("internet_drops", "bill_question", "price_went_up", "internet_down", "move_home", "wifi", "wrong_charge")
    has_internet = d.c.plan[who, 0] >= 0
    reason = np.array([INDEX[key] for key in keys])[: len(who)]
    reason = np.where(has_internet | (reason > INDEX["modem_setup"]), reason, INDEX["bill_question"])
    d.add("chance", reason, who, d.span.now - d.rng.uniform(0.4, 9.0, len(who)) / 1440, is_urgent=True)
