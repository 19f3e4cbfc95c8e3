"""Why a thing on a bill is as it is: one reason, and one sentence that says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from tellonce.modules.billing.contracts.explained import BilledBill, BilledLine, ServiceTerms, Why
from tellonce.modules.billing.contracts.moments import money
from tellonce.modules.billing.explaining.pairs import Pair, amount, days, is_given_back, part_of, whole

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A reason and its sentence."""

    why: Why
    text: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A thing, what stood in its place on the bill before (another plan), the two bills, and the record's terms."""

    pair: Pair
    old: Pair | None
    bill: BilledBill
    before: BilledBill | None
    terms: ServiceTerms | None

    @property
    def line(self) -> BilledLine:
        return self.pair.first

    def cost(self, minor: int) -> str:
        """An amount in the bill's currency: with tax, as it stands beside the sentence."""
        return money(abs(minor), self.bill.currency)

    def price(self, lines: Sequence[BilledLine]) -> str:
        """What lines cost by the price list, which knows no tax; that is said where the bill has some."""
        cost = self.cost(amount(lines))
        has_tax = any(line.tax_minor for line in lines)
        return _("%(amount)s without tax") % {"amount": cost} if has_tax else cost


def reason(
    pair: Pair,
    old: Pair | None,
    *,
    bill: BilledBill,
    before: BilledBill | None,
    terms: Mapping[int, ServiceTerms],
) -> Told:
    """Why this thing is as it is."""
    service = pair.first.service_id
    asked = _Asked(pair, old, bill, before, terms.get(service) if service is not None else None)
    match pair.first.kind:
        case "recurring":
            return _recurring(asked)
        case "discount":
            return _discount(asked)
        case "usage":
            return _usage(asked)
        case "tax":
            return _tax(asked)
        case _:
            return _once(asked)


def _recurring(asked: _Asked) -> Told:
    line, pair = asked.line, asked.pair
    if is_given_back(line):
        return _given_back(asked)
    if asked.old is not None:
        return Told(Why.PLAN_CHANGED, _plan_changed(asked, asked.old))
    if not pair.now:
        return _ended(asked)
    if not pair.before:
        return _new(asked)
    return _as_before(asked)


def _ended(asked: _Asked) -> Told:
    name, until = asked.line.name, asked.terms.until if asked.terms else None
    if until is None:
        return Told(Why.ENDED, _("%(name)s is no longer charged.") % {"name": name})
    words = _("%(name)s ended on %(day)s and is no longer charged.")
    return Told(Why.ENDED, words % {"name": name, "day": _day(until)})


def _as_before(asked: _Asked) -> Told:
    line, pair = asked.line, asked.pair
    part, part_before = part_of(pair.now, asked.bill), part_of(pair.before, asked.before) if asked.before else None
    if amount(pair.now) == amount(pair.before):
        return Told(Why.SAME, _("%(name)s, as last time.") % {"name": line.name})
    if _is_more_often(asked):
        return _more_or_fewer(asked)
    if part and part != part_before:
        return Told(Why.PART_MONTH, _part(asked, part))
    if part_before and not part:
        return Told(
            Why.WHOLE_AGAIN,
            _("%(name)s for a whole period; last time it was %(days)d of %(all)d days.")
            % {"name": line.name, "days": part_before[0], "all": part_before[1]},
        )
    return _other_price(asked)


def _is_more_often(asked: _Asked) -> bool:
    """Whether more lines than last time stand for more days than the bill has: no parts of one period, but twice it."""
    now, period = asked.pair.now, days(asked.bill.period_from, asked.bill.period_until)
    charged = sum(days(line.period_from, line.period_until) for line in now)
    return len(now) > len(asked.pair.before) and 0 < period < charged


def _more_or_fewer(asked: _Asked) -> Told:
    pair = asked.pair
    words = _("%(name)s stands on it %(lines)d times, last time %(lines_before)d: %(now)s instead of %(before)s.")
    told = {"name": asked.line.name, "before": asked.cost(whole(pair.before)), "now": asked.cost(whole(pair.now))}
    return Told(Why.MORE_OR_FEWER, words % {**told, "lines": len(pair.now), "lines_before": len(pair.before)})


def _other_price(asked: _Asked) -> Told:
    pair, line = asked.pair, asked.line
    if len(pair.now) != len(pair.before):
        return _more_or_fewer(asked)
    told = {"name": line.name, "before": asked.cost(amount(pair.before)), "now": asked.price(pair.now)}
    ended = _promotion_end(asked)
    if ended and amount(pair.now) > amount(pair.before):
        words = _("The promotion of %(name)s ended on %(day)s: %(now)s instead of %(before)s.")
        return Told(Why.PROMOTION_ENDED, words % {**told, "day": _day(ended)})
    return Told(Why.PRICE_CHANGED, _("The price of %(name)s is %(now)s, last time %(before)s.") % told)


def _new(asked: _Asked) -> Told:
    line = asked.line
    if asked.before is None:
        return Told(Why.FIRST_BILL, _plain_period(asked))
    part = part_of(asked.pair.now, asked.bill)
    if part and line.period_from:
        words = _("New: %(name)s since %(day)s, %(days)d of %(all)d days.")
        told = {"name": line.name, "day": _day(line.period_from), "days": part[0], "all": part[1]}
        return Told(Why.NEW_SERVICE, words % told)
    return Told(Why.NEW_SERVICE, _("New on this bill: %(name)s.") % {"name": line.name})


def _plan_changed(asked: _Asked, old: Pair) -> str:
    line = asked.line
    told = {"name": line.name, "old": old.first.name, "now": asked.price(asked.pair.now)}
    part = part_of(asked.pair.now, asked.bill)
    if part and line.period_from:
        words = _("%(name)s instead of %(old)s since %(day)s: %(now)s for %(days)d of %(all)d days.")
        return words % {**told, "day": _day(line.period_from), "days": part[0], "all": part[1]}
    words = _("%(name)s instead of %(old)s: %(now)s, last time %(before)s.")
    return words % {**told, "before": asked.cost(amount(old.before))}


def _given_back(asked: _Asked) -> Told:
    line = asked.line
    if not asked.pair.now:
        return Told(Why.ONLY_LAST_TIME, _("Last time %(name)s was given back, once.") % {"name": line.name})
    if line.period_from and line.period_until:
        words = _("%(name)s given back from %(first)s to %(last)s, which was charged in advance.")
        last = line.period_until - _ONE_DAY
        return Told(Why.GIVEN_BACK, words % {"name": line.name, "first": _day(line.period_from), "last": _day(last)})
    return Told(Why.GIVEN_BACK, _("%(name)s given back.") % {"name": line.name})


def _discount(asked: _Asked) -> Told:
    pair, line = asked.pair, asked.line
    told = {"name": line.name, "before": asked.cost(whole(pair.before)), "now": asked.cost(whole(pair.now))}
    if not pair.now:
        ended = _promotion_end(asked)
        words = (
            _("The discount “%(name)s” ended on %(day)s: %(before)s is no longer taken off.")
            if ended
            else _("The discount “%(name)s” ended: %(before)s is no longer taken off.")
        )
        return Told(Why.PROMOTION_ENDED, words % {**told, "day": _day(ended)})
    if not pair.before:
        if asked.before is None:
            return Told(Why.FIRST_BILL, _("Discount “%(name)s”: %(now)s is taken off.") % told)
        return Told(Why.PROMOTION_BEGAN, _("New discount “%(name)s”: %(now)s is taken off.") % told)
    if amount(pair.now) == amount(pair.before):
        return Told(Why.SAME, _("Discount “%(name)s”, as last time.") % told)
    return Told(Why.DISCOUNT_CHANGED, _("The discount “%(name)s” takes off %(now)s, last time %(before)s.") % told)


def _usage(asked: _Asked) -> Told:
    pair, line = asked.pair, asked.line
    told = {"name": line.name, "before": asked.cost(whole(pair.before)), "now": asked.cost(whole(pair.now))}
    if not pair.now:
        return Told(Why.USE, _("No use of %(name)s this time; last time it was %(before)s.") % told)
    if not pair.before:
        why = Why.FIRST_BILL if asked.before is None else Why.USE
        return Told(why, _("By use: %(name)s, %(now)s.") % told)
    if amount(pair.now) == amount(pair.before):
        return Told(Why.SAME, _("Use of %(name)s, as much as last time.") % told)
    if amount(pair.now) > amount(pair.before):
        return Told(Why.USE, _("More use of %(name)s than last time: %(now)s instead of %(before)s.") % told)
    return Told(Why.USE, _("Less use of %(name)s than last time: %(now)s instead of %(before)s.") % told)


def _tax(asked: _Asked) -> Told:
    pair, line = asked.pair, asked.line
    told = {"name": line.name, "before": asked.cost(whole(pair.before)), "now": asked.cost(whole(pair.now))}
    if asked.before is None:
        return Told(Why.FIRST_BILL, _("Tax: %(name)s.") % told)
    if amount(pair.now) == amount(pair.before):
        return Told(Why.SAME, _("Tax, as last time: %(name)s.") % told)
    return Told(Why.TAX, _("The tax %(name)s is %(now)s, last time %(before)s.") % told)


def _once(asked: _Asked) -> Told:
    line = asked.line
    told = {"name": line.name, "amount": asked.cost(line.whole_minor)}
    is_credit = line.kind == "credit"
    if not asked.pair.now:
        words = (
            _("Last time there was a credit of %(amount)s: %(name)s.")
            if is_credit
            else _("Last time %(amount)s was charged once: %(name)s.")
        )
        return Told(Why.ONLY_LAST_TIME, words % told)
    if is_credit:
        return Told(Why.CREDIT, _("A credit of %(amount)s: %(name)s.") % told)
    return Told(Why.ONE_OFF, _("Charged once: %(name)s, %(amount)s.") % told)


def _part(asked: _Asked, part: tuple[int, int]) -> str:
    words = _("%(name)s for a part of the period: %(days)d of %(all)d days.")
    return words % {"name": asked.line.name, "days": part[0], "all": part[1]}


def _plain_period(asked: _Asked) -> str:
    part = part_of(asked.pair.now, asked.bill)
    if part:
        return _part(asked, part)
    return _("%(name)s for the whole period.") % {"name": asked.line.name}


def _promotion_end(asked: _Asked) -> date | None:
    """The day on which the record has a promotion of this service end, where that fits between the two bills."""
    ended = asked.terms.promotion_ends_on if asked.terms else None
    if ended is None or asked.before is None:
        return None
    since = asked.before.period_from or asked.before.issued_on
    until = asked.bill.period_until or asked.bill.issued_on
    return ended if since <= ended < until else None


def _day(on: date | None) -> str:
    return str(formats.date_format(on, "DATE_FORMAT")) if on else ""
