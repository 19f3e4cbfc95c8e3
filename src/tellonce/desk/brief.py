"""The brief: three to six lines that are on the screen before the first word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tellonce.desk.bill_day import bill_day_near
from tellonce.desk.known import COST_DAYS, NEWS_DAYS, Known, gather
from tellonce.desk.reasons import Likely
from tellonce.modules.care.contracts import CaseLine, ContactLine, Cost, PromiseLine
from tellonce.modules.record.contracts import FlagKind, Group
from tellonce.webkit import times

FEWEST_LINES, MOST_LINES = 3, 6
_MOST_FLAGS = 2
_MOST_NEWS = 2
_MOST_PLANS = 3
_PROMOTION_DAYS = 30
_PROBABLE = 0.4  # below, the first guess is mostly wrong, and is not said as if it were right
_GRAVEST_FIRST = (FlagKind.STAFF_SAFETY, FlagKind.LIFE_LINE, FlagKind.RESTRICTED, FlagKind.DO_NOT_CALL)


_NEWSWORTHY = {Group.NETWORK, Group.BILLS, Group.VISITS, Group.RECORD}


class Tone(StrEnum):
    """What a line is: to know first, the likely reason, something owed, or news."""

    FLAG = "flag"
    WHY = "why"
    OWE = "owe"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `label` names it, `strong` is set in bold before `words`, `aside` stands at its end."""

    tone: Tone
    label: str
    words: str
    strong: str = ""
    aside: str = ""
    aside_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """What is known before the first word, the gravest first."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _News:
    """Something new; what is still to come stands behind what has happened."""

    words: str
    at: datetime
    has_happened: bool = True


def brief(customer_id: int, at: datetime, contact: ContactLine | None = None) -> Brief:
    """The brief of a customer as of `at`, from a fixed number of queries."""
    return brief_of(gather(customer_id=customer_id, at=at, contact=contact))


def brief_of(known: Known) -> Brief:
    """The brief out of what is known already: no queries."""
    found = [*_flags(known), _why(known), _just_happened(known), _owed(known), _costs(known)]
    lines = [line for line in found if line is not None]
    if not any(line.tone is not Tone.FLAG for line in lines):
        lines.append(_quiet(known))
    if len(lines) < FEWEST_LINES:
        lines += [line for line in (_has(known),) if line is not None]
    return Brief(lines=tuple(lines[:MOST_LINES]))


def _flags(known: Known) -> list[Line]:
    flags = sorted(known.card.flags, key=lambda flag: _GRAVEST_FIRST.index(FlagKind(flag.kind)))
    lines = [
        Line(Tone.FLAG, gettext("Know first"), flag.reason, strong=flag.label, aside_at=flag.since)
        for flag in flags[:_MOST_FLAGS]
    ]
    if known.card.left_on and known.card.left_on <= known.at.date():
        left = times.spoken_day(known.card.left_on, today=known.at.date())
        words = gettext("left us on %(day)s; welcome them back") % {"day": left}
        lines.append(Line(Tone.FLAG, gettext("Know first"), words, strong=gettext("Was a customer")))
    return lines


def _why(known: Known) -> Line | None:
    label = gettext("Probably about")
    if known.likely:
        first = known.likely[0]
        if first.probability is not None and first.probability < _PROBABLE:
            return _could_be(known.likely)
        aside = "" if first.probability is None else _chance(first.probability)
        return Line(Tone.WHY, label, _because(known, first.matter_id), strong=first.name, aside=aside)
    if known.open_cases:
        case = known.open_cases[0]
        return Line(Tone.WHY, label, _case_words(known, case), strong=case.matter or case.title)
    if known.owed:
        return Line(Tone.WHY, label, gettext("what we promised them"), strong=known.owed[0].what)
    if known.cost.same_matter > 1:
        words = _times_about(known.cost.same_matter)
        return Line(Tone.WHY, label, words, strong=known.cost.same_matter_name)
    return None


def _could_be(likely: Sequence[Likely]) -> Line:
    """Nothing stands out: what it could be, the likeliest first."""
    names = [each.name for each in likely[1:]]
    words = gettext("or %(others)s") % {"others": ", ".join(names)} if names else ""
    aside = _chance(likely[0].probability or 0.0)
    return Line(Tone.WHY, gettext("Could be about"), words, strong=likely[0].name, aside=aside)


def _chance(probability: float) -> str:
    chance = f"{probability:.0%}"
    return gettext("%(chance)s, from made-up data") % {"chance": chance} if settings.SETUP.demo else chance


def _because(known: Known, matter_id: int) -> str:
    for case in known.open_cases:
        if case.matter_id == matter_id:
            return _case_words(known, case)
    if known.cost.same_matter_id == matter_id and known.cost.same_matter > 1:
        return _times_about(known.cost.same_matter)
    return ""


def _case_words(known: Known, case: CaseLine) -> str:
    opened = times.spoken(case.opened_at, now=known.at)
    if case.contacts > 1:
        words = ngettext("%(n)d contact about it", "%(n)d contacts about it", case.contacts) % {"n": case.contacts}
        return gettext("%(contacts)s, open since %(time)s") % {"contacts": words, "time": opened}
    return gettext("open since %(time)s") % {"time": opened}


def _times_about(count: int) -> str:
    words = ngettext("%(n)d contact about it in %(days)d days", "%(n)d contacts about it in %(days)d days", count)
    return words % {"n": count, "days": COST_DAYS}


def _just_happened(known: Known) -> Line | None:
    news = sorted([*_outage_news(known), *_told_news(known), *_day_news(known)], key=lambda each: each.at, reverse=True)
    if not news:
        return None
    words = "; ".join(dict.fromkeys(each.words for each in news[:_MOST_NEWS]))
    words = words[:1].upper() + words[1:]
    return Line(Tone.PLAIN, gettext("Just happened"), words, aside_at=min(news[0].at, known.at))


def _outage_news(known: Known) -> list[_News]:
    news = []
    for outage in known.outages:
        where = {"area": outage.area, "kind": outage.kind_label}
        if outage.ended_at is None:
            news.append(_News(gettext("%(area)s: %(kind)s, not over yet") % where, outage.began_at))
        else:
            lasted = times.length((outage.ended_at - outage.began_at).total_seconds())
            words = gettext("%(area)s: %(kind)s for %(length)s") % (where | {"length": lasted})
            news.append(_News(words, outage.ended_at))
    return news


def _told_news(known: Known) -> list[_News]:
    """What was told lately that is no contact and no promise: those have lines of their own."""
    wanted = {Group.BILLS, Group.VISITS, Group.RECORD} if known.outages else _NEWSWORTHY
    since = known.at - timedelta(days=NEWS_DAYS)
    told = [each for each in known.moments if each.at >= since and each.data and each.data.group in wanted]
    return [_News(_sentence(each.headline.lead, each.headline.rest), each.at) for each in told if not each.corrects]


def _sentence(lead: str, rest: str) -> str:
    return f"{lead}: {rest}" if rest else lead


def _day_news(known: Known) -> list[_News]:
    today = timezone.localtime(known.at).date()
    news = []
    for account in known.card.accounts:
        bill = bill_day_near(account.cycle_day, today=today)
        if bill is not None:
            day = times.day_name(bill, today=today)
            day = day.lower() if abs((bill - today).days) <= 1 else day
            words = gettext("bill day: %(day)s") % {"day": day}
            news.append(_News(words, _noon(bill, known.at)) if bill <= today else _coming(words, known))
    for service in known.card.services:
        ends = service.promotion_ends_on
        if ends and not service.is_ended and today <= ends <= today + timedelta(days=_PROMOTION_DAYS):
            words = gettext("the promotion on %(plan)s ends on %(day)s")
            day = times.spoken_day(ends, today=today)
            news.append(_coming(words % {"plan": service.plan, "day": day}, known))
        if service.since and today - timedelta(days=NEWS_DAYS) <= service.since <= today:
            words = gettext("%(plan)s is new") % {"plan": service.plan}
            news.append(_News(words, _noon(service.since, known.at)))
    return news


def _coming(words: str, known: Known) -> _News:
    return _News(words, known.at - timedelta(days=NEWS_DAYS), has_happened=False)


def _noon(day: date, at: datetime) -> datetime:
    return min(timezone.localtime(at).replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0), at)


def _owed(known: Known) -> Line | None:
    if not known.owed:
        return None
    first, more = known.owed[0], len(known.owed) - 1
    by = gettext("promised by %(name)s, %(time)s") % {
        "name": first.made_by_name,
        "time": times.spoken(first.made_at, now=known.at),
    }
    rest = [by, ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more} if more else ""]
    return Line(
        Tone.OWE,
        gettext("We owe"),
        "; ".join(part for part in rest if part),
        strong=_owed_words(known, first),
        aside=times.due(first.due_at, now=known.at),
    )


def _owed_words(known: Known, promise: PromiseLine) -> str:
    if promise.broken_at is not None:
        return gettext("%(what)s, was due %(time)s") % {
            "what": promise.what,
            "time": times.spoken(promise.due_at, now=known.at),
        }
    return gettext("%(what)s by %(time)s") % {"what": promise.what, "time": times.spoken(promise.due_at, now=known.at)}


def _costs(known: Known) -> Line | None:
    cost = known.cost
    is_only_this_one = cost.contacts == 1 and known.contact is not None and known.contact.ended_at is None
    if is_only_this_one and not (cost.told_again or cost.transfers or cost.broken_promises):
        return None
    words = cost_words(cost)
    if not words:
        return None
    aside = gettext("in %(days)d days") % {"days": COST_DAYS}
    return Line(Tone.PLAIN, gettext("It has cost them"), words, aside=aside)


def cost_words(cost: Cost) -> str:
    """What being our customer cost, in words; empty when it cost nothing."""
    counts = (
        (cost.contacts, ngettext("%(n)d contact", "%(n)d contacts", cost.contacts)),
        (cost.minutes_waited, ngettext("%(n)d minute waiting", "%(n)d minutes waiting", cost.minutes_waited)),
        (cost.told_again, ngettext("told again once", "told again %(n)d times", cost.told_again)),
        (cost.transfers, ngettext("passed on once", "passed on %(n)d times", cost.transfers)),
        (cost.broken_promises, ngettext("%(n)d promise broken", "%(n)d promises broken", cost.broken_promises)),
    )
    return ", ".join(words % {"n": count} for count, words in counts if count)


def _quiet(known: Known) -> Line:
    if known.card.since and known.card.since >= known.at.date() - timedelta(days=_PROMOTION_DAYS):
        since = times.spoken_day(known.card.since, today=known.at.date())
        words = gettext("with us since %(day)s; make them feel at home") % {"day": since}
        return Line(Tone.PLAIN, gettext("All quiet"), words, strong=gettext("New here"))
    return Line(Tone.PLAIN, gettext("All quiet"), gettext("nothing open, nothing owed, nothing happened lately"))


def _has(known: Known) -> Line | None:
    running = [service for service in known.card.services if not service.is_ended]
    if not running:
        return None
    today = timezone.localtime(known.at).date()
    plans = [
        gettext("%(plan)s since %(day)s") % {"plan": each.plan, "day": times.spoken_day(each.since, today=today)}
        if each.since
        else each.plan
        for each in running[:_MOST_PLANS]
    ]
    return Line(Tone.PLAIN, gettext("They have"), ", ".join(plans))
