"""What is watched is narrowed or widened after a watch began: who did it and why stands in the story."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions.looking import count_anew
from tellonce.modules.billing.actions.telling import order, tell, typed
from tellonce.modules.billing.actions.watching import stop_body
from tellonce.modules.billing.contracts import (
    BadWatchError,
    OrderKind,
    WatchChanged,
    WatchNotFoundError,
    WatchRule,
    WatchState,
)
from tellonce.modules.billing.models import Watch, WatchChange
from tellonce.modules.billing.queries.rules import refuse_bad, right_of, rule_of, rule_to_be, wrong_lines
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def change_watch(*, watch_id: int, rule: WatchRule, reason: str, by: Actor, at: datetime) -> Watch:
    """From the next bill on it looks for this; the twelve clean bills begin anew. What came back so far stays."""
    watch = _watch_to_change(watch_id)
    why = typed(reason)
    if not why:
        raise BadWatchError(gettext("Write why it is changed."))
    was, became = rule_of(watch), rule_to_be(watch, rule)
    if was == became:
        raise BadWatchError(gettext("This is what is watched already."))
    refuse_bad(became, charges=wrong_lines(watch), right_minor=right_of(watch), currency=watch.currency)
    for name, value in asdict(became).items():
        setattr(watch, name, value)
    watch.save()
    WatchChange.objects.create(
        watch=watch, at=at, by_id=by.id, by_name=by.name, reason=why, was=asdict(was), became=asdict(became)
    )
    count_anew([watch.pk])
    watch.refresh_from_db()
    changed = WatchChanged(watch.pk, watch.words)
    tell(holder_of(watch), changed, by=by, at=at, about=("watch", watch.pk), case_id=watch.case_id, words=why)
    order(
        kind=OrderKind.STOP_LINE,
        key=f"watch:{watch.pk}:changed:{at.isoformat()}",
        customer_id=watch.customer_id,
        account_id=watch.account_id,
        at=at,
        body=stop_body(watch),
    )
    return watch


def _watch_to_change(watch_id: int) -> Watch:
    watch = Watch.objects.select_for_update(of=("self",)).filter(pk=watch_id).first()
    if watch is None:
        raise WatchNotFoundError(gettext("Nothing is watched under the number %(id)s.") % {"id": watch_id})
    if watch.state != WatchState.WATCHING:
        raise BadWatchError(gettext("This watch has ended: nothing is looked for any more."))
    return watch
