"""A watch begins: what must not be billed to an account again."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from tellonce.modules.billing.actions.looking import count_anew, look
from tellonce.modules.billing.actions.telling import order, tell, typed
from tellonce.modules.billing.contracts import CheckOutcome, OrderKind, WatchBegan, WatchRule
from tellonce.modules.billing.models import Dispute, Watch
from tellonce.modules.billing.queries import lines as line_queries
from tellonce.modules.billing.queries.rules import Thing, refuse_bad, things_of
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def begin_watch(
    *,
    customer_id: int,
    account_id: int,
    rule: WatchRule,
    words: str,
    limit_minor: int,
    currency: str,
    since: date,
    by: Actor,
    at: datetime,
    dispute_id: int | None = None,
    cause_id: int | None = None,
    case_id: int | None = None,
) -> Watch:
    """Every bill of the account that is dated `since` or later is checked for lines that fit the rule.

    Those that came in and were checked before the watch began are looked at now.
    """
    refuse_bad(rule)
    watch = Watch.objects.create(
        customer_id=customer_id,
        account_id=account_id,
        dispute_id=dispute_id,
        cause_id=cause_id,
        case_id=case_id,
        code=rule.code,
        product=rule.product,
        service_id=rule.service_id,
        device_serial=rule.device_serial,
        amount_from_minor=rule.amount_from_minor,
        amount_until_minor=rule.amount_until_minor,
        pattern=rule.pattern,
        wrong_minor=rule.wrong_minor,
        allowed_lines=rule.allowed_lines,
        words=typed(words)[:300],
        limit_minor=limit_minor,
        currency=currency,
        since=since,
        began_at=at,
        began_by_name=by.name,
    )
    began = WatchBegan(watch.pk, watch.words)
    tell(customer_id, began, by=by, at=at, about=("watch", watch.pk), case_id=case_id)
    order(
        kind=OrderKind.STOP_LINE,
        key=f"watch:{watch.pk}",
        customer_id=customer_id,
        account_id=account_id,
        at=at,
        body=stop_body(watch),
    )
    look_back(watch, at=at)
    return watch


def look_back(watch: Watch, *, at: datetime) -> None:
    """Looks at the bills that came in and were checked while the watch did not look."""
    accounts = record.identity(holder_of(watch)).accounts
    seen = line_queries.checked_bills(accounts, account_id=watch.account_id, since=watch.since)
    if seen:
        count_anew([watch_id for watch_id, _ in look(seen, outcome=CheckOutcome.CAME_BACK, at=at)])


def stop_body(watch: Watch) -> dict[str, str | int | None]:
    """What the billing system is told not to bill again."""
    return {
        "watch": watch.pk,
        "code": watch.code,
        "product": watch.product,
        "device": watch.device_serial,
        "service": watch.service_id,
        "amount_from_minor": watch.amount_from_minor,
        "amount_until_minor": watch.amount_until_minor,
        "pattern": watch.pattern,
    }


def watch_dispute(dispute: Dispute, *, by: Actor, at: datetime) -> list[Watch]:
    """One watch for each thing that was wrong in an upheld dispute; it credits up to all that was wrong of it."""
    return [_watch_thing(dispute, thing, by=by, at=at) for thing in things_of(dispute)]


def _watch_thing(dispute: Dispute, thing: Thing, *, by: Actor, at: datetime) -> Watch:
    lines = thing.lines
    return begin_watch(
        customer_id=holder_of(dispute),
        account_id=dispute.account_id,
        rule=_chosen(dispute, thing) or thing.rule(),
        words=lines[0].words or lines[0].code,
        limit_minor=sum(line.granted_minor or 0 for line in lines),
        currency=dispute.currency,
        since=max(line.issued_on for line in lines),
        by=by,
        at=at,
        dispute_id=dispute.pk,
        case_id=dispute.case_id,
    )


def _chosen(dispute: Dispute, thing: Thing) -> WatchRule | None:
    """What whoever decided it chose for one of these lines; None where they left it to the line."""
    kept = (dispute.watch_rules.get(str(line.pk)) for line in thing.lines)
    rule = next((each for each in kept if each), None)
    return thing.complete(WatchRule(**rule)) if rule else None


def keep_chosen(dispute: Dispute, chosen: Mapping[int, WatchRule]) -> None:
    """Keeps what whoever decides chose to watch for, by a line of each thing, until the credit is granted."""
    dispute.watch_rules = {}
    for thing in things_of(dispute):
        line_id, rule = next(((line.pk, chosen[line.pk]) for line in thing.lines if line.pk in chosen), (0, None))
        if rule is not None:
            refuse_bad(rule, charges=thing.charges, right_minor=thing.right_minor, currency=dispute.currency)
            dispute.watch_rules[str(line_id)] = asdict(rule)
    dispute.save(update_fields=["watch_rules"])
