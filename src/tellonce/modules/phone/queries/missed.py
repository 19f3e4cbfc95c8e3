"""Who went without a person, and has not got through since: one line for each caller."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from tellonce.modules.care import queries as care
from tellonce.modules.phone.contracts import BadIntervalError, CalledBack, CallOutcome, Missed, MissedCaller, ToldWait
from tellonce.modules.phone.models import Call, FollowUp, JournalEvent
from tellonce.modules.phone.queries.day import SHORT_ABANDON_S
from tellonce.modules.phone.queries.filed import SOURCE
from tellonce.modules.phone.queries.got_through import all_queues, customers_since, here_now, numbers_since
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import FlagKind

MOST_DAYS: Final = 7
_FLAGS: Final = (FlagKind.LIFE_LINE, FlagKind.DO_NOT_CALL)

Key = tuple[int, str]
"""The customer, or the number of somebody whom nobody knows."""


@dataclass(frozen=True, slots=True)
class _Try:
    key: Key
    customer_id: int
    number: str
    contact_id: int
    call: str
    queue_id: int
    began_at: datetime
    wait_s: int


def missed_callers(*, days: int, now: datetime, partner_id: int | None = None) -> Missed:
    """Of today and the days before, `days` in all (1 to 7, BadIntervalError); with `partner_id` its customers only."""
    since = _since(days, now)
    tries, withheld = _tries(since)
    if partner_id is not None:
        tries, withheld = _of_partner(tries, partner_id), 0
    done, called_back = _follow_ups(since)
    left = _left(tries, done, since)
    names = record.names_of([key[0] for key in left if key[0]])
    told, flags = _told(left), _flags(left, now)
    found = [
        replace(
            _line(key, mine, called_back.get(key)),
            name=names.get(key[0], ""),
            told=told.get(mine[-1].contact_id),
            flags=flags.get(key, ()),
        )
        for key, mine in left.items()
        if key[1] or key[0] in names
    ]
    return Missed(tuple(sorted(found, key=lambda line: line.over_at)), withheld)


def missed_caller(contact_id: int, *, days: int, now: datetime, partner_id: int | None = None) -> MissedCaller | None:
    """The caller whose last try this contact was; None where nobody needs to follow them up."""
    found = missed_callers(days=days, now=now, partner_id=partner_id).callers
    return next((each for each in found if each.contact_id == contact_id), None)


def follow_up_of(contact_id: int) -> FollowUp | None:
    """Who followed up the caller of this contact."""
    return FollowUp.objects.filter(contact_id=contact_id).first()


def _since(days: int, now: datetime) -> datetime:
    if not 1 <= days <= MOST_DAYS:
        raise BadIntervalError(gettext("Missed calls are listed for 1 to %(most)s days.") % {"most": MOST_DAYS})
    first = timezone.localtime(now) - timedelta(days=days - 1)
    return first.replace(hour=0, minute=0, second=0, microsecond=0)


def _key(customer_id: int, number: str) -> Key:
    return (customer_id, "") if customer_id else (0, number)


def _tries(since: datetime) -> tuple[list[_Try], int]:
    """All but short abandons; and how many came from a withheld number of nobody known.

    A contact of who came to no queue is there for who was turned away (closed, or the line was lost) alone.
    """
    waited = Q(outcome=CallOutcome.ABANDONED, wait_s__gte=SHORT_ABANDON_S)
    calls = Call.objects.filter(
        waited | Q(outcome=CallOutcome.LEFT_MENU), queue_id__in=all_queues(), arrived_at__gte=since, source=SOURCE,
        contact_id__isnull=False,
    )  # fmt: skip
    began, waited_s = Coalesce("queued_at", "arrived_at"), Coalesce("wait_s", 0)
    rows = list(calls.values_list("contact_id", "external_id", "queue_id", began, waited_s))
    callers, keys = _keys({row[0] for row in rows if row[0] is not None})
    tries = []
    for contact_id, call, queue_id, began_at, wait_s in rows:
        caller = callers.get(contact_id or 0)
        if caller is None or contact_id is None:
            continue  # an import that was undone
        own = (caller.customer_id, caller.reached_from)
        tries.append(_Try(keys[contact_id], *own, contact_id, call, queue_id, began_at, wait_s))
    known = [each for each in tries if any(each.key)]
    return known, len(tries) - len(known)


def _keys(contact_ids: Iterable[int]) -> tuple[dict[int, care.Caller], dict[int, Key]]:
    """Who is behind contacts as it is known now, by the customer that remains after merges."""
    callers = care.callers_of(set(contact_ids))
    roots = record.roots({caller.customer_id for caller in callers.values() if caller.customer_id})
    keys = {
        pk: _key(roots.get(caller.customer_id, caller.customer_id), caller.reached_from)
        for pk, caller in callers.items()
    }
    return callers, keys


def _of_partner(tries: list[_Try], partner_id: int) -> list[_Try]:
    """Those of customers with a contact or case of the partner; numbers of nobody known are not theirs to see."""
    ids = {each for one in tries if one.key[0] for each in (one.customer_id, one.key[0])}
    theirs = care.partner_customers(partner_id, sorted(ids))
    roots = {one.key[0] for one in tries if theirs & {one.customer_id, one.key[0]}}
    return [one for one in tries if one.key[0] in roots]


def _follow_ups(since: datetime) -> tuple[dict[Key, datetime], dict[Key, CalledBack]]:
    """Until when callers were followed up; and the last callback to them, which counts while they are called back."""
    rows = list(FollowUp.objects.filter(at__gte=since).order_by("at"))
    _callers, keys = _keys(row.contact_id for row in rows)
    done: dict[Key, datetime] = {}
    called_back: dict[Key, CalledBack] = {}
    for row in rows:
        key = keys.get(row.contact_id)
        if key is not None and row.callback:
            called_back[key] = CalledBack(row.at, row.by_name)
        elif key is not None:
            done[key] = max(row.missed_at, done.get(key, row.missed_at))
    return done, called_back


def _left(tries: list[_Try], done: Mapping[Key, datetime], since: datetime) -> dict[Key, list[_Try]]:
    """By caller the tries since they last had a person, in order; who is here now is left out."""
    through = _through(tries, since)
    customers, numbers = here_now()
    here = {one.key for one in tries if one.number in numbers or customers & {one.customer_id, one.key[0]}}
    left: dict[Key, list[_Try]] = {}
    for one in sorted(tries, key=lambda each: each.began_at):
        cleared = max((at for at in (done.get(one.key), through.get(one.key)) if at is not None), default=None)
        if one.key not in here and (cleared is None or one.began_at > cleared):
            left.setdefault(one.key, []).append(one)
    return left


def _through(tries: list[_Try], since: datetime) -> dict[Key, datetime]:
    """When callers last had a person."""
    keys = {each: one.key for one in tries if one.key[0] for each in (one.customer_id, one.key[0])}
    through: dict[Key, datetime] = {}
    for customer_id, at in customers_since(keys, since=since).items():
        through[keys[customer_id]] = max(at, through.get(keys[customer_id], at))
    unknown = {one.key[1] for one in tries if one.key[1]}
    for number, at in numbers_since(unknown, since=since, source=SOURCE).items():
        through[0, number] = at
    return through


def _line(key: Key, mine: list[_Try], called_back: CalledBack | None) -> MissedCaller:
    last = mine[-1]
    is_of_these = called_back is not None and called_back.at >= mine[0].began_at
    return MissedCaller(
        contact_id=last.contact_id,
        customer_id=key[0],
        name="",
        number=last.number,
        tries=len(mine),
        longest_wait_s=max(each.wait_s for each in mine),
        missed_at=last.began_at,
        over_at=max(each.began_at + timedelta(seconds=each.wait_s) for each in mine),
        queue_id=last.queue_id,
        called_back=called_back if is_of_these else None,
    )


def _told(left: Mapping[Key, list[_Try]]) -> dict[int, ToldWait]:
    """By the contact of the last try what they were told of its wait last."""
    calls = {mine[-1].call: mine[-1].contact_id for mine in left.values()}
    rows = JournalEvent.objects.filter(contact__in=list(calls), kind="WaitTold").order_by("pk")
    return {
        calls[contact]: ToldWait(told["form"], told["low_min"], told["high_min"])
        for contact, told in rows.values_list("contact", "data")
    }


def _flags(left: Mapping[Key, list[_Try]], now: datetime) -> dict[Key, tuple[str, ...]]:
    ids = {each: key for key, mine in left.items() if key[0] for each in (key[0], *(one.customer_id for one in mine))}
    flags: dict[Key, tuple[str, ...]] = {}
    for kind in _FLAGS:
        for key in {ids[each] for each in record.flagged(ids.keys(), kind, at=now)}:
            flags[key] = (*flags.get(key, ()), kind)
    return flags
