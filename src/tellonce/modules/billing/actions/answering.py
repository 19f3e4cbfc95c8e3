"""What came back is answered: credited at once, its case open again, the customer told; each bill exactly once."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, ngettext

from tellonce.modules.billing.actions.casework import case_again
from tellonce.modules.billing.actions.credits import give_credit
from tellonce.modules.billing.actions.each import each_by_itself
from tellonce.modules.billing.actions.telling import order, tell, write
from tellonce.modules.billing.actions.watching import stop_body
from tellonce.modules.billing.contracts import ChargeCameBack, CheckOutcome, CreditReason, OrderKind, money
from tellonce.modules.billing.models import WatchCheck
from tellonce.modules.billing.queries import lines as line_queries
from tellonce.modules.billing.queries.discounts import taken_off
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.staff.contracts import SYSTEM


def answer_what_came_back(*, at: datetime) -> int:
    """Answers every bill on which something came back and was not answered; returns how many bills.

    Each bill is a transaction of its own: whoever is killed in between goes on with the next one, two workers never
    answer the same one, and one that fails keeps no other from its answer (see `each_by_itself`).
    """
    waiting = WatchCheck.objects.filter(outcome=CheckOutcome.CAME_BACK, answered_at__isnull=True)
    bills = dict.fromkeys(waiting.order_by("at", "pk").values_list("bill_id", flat=True))
    return each_by_itself(bills, partial(_answer, at=at))


@transaction.atomic
def _answer(bill_id: UUID, *, at: datetime) -> int:
    """One letter for the bill, however many lines came back on it."""
    checks = list(
        WatchCheck.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("watch")
        .filter(bill_id=bill_id, outcome=CheckOutcome.CAME_BACK, answered_at__isnull=True)
        .order_by("watch_id")
    )
    if not checks:
        return 0
    wrong = _wrong_of_each(checks, bill_id=bill_id)
    cases = [_answer_one(check, wrong_minor=wrong[check.pk], at=at) for check in checks]
    _write(checks, case_id=cases[0], at=at)
    return 1


def _wrong_of_each(checks: Sequence[WatchCheck], *, bill_id: UUID) -> dict[int, int]:
    """What each watch has to credit: a line that two of them look for is credited once."""
    before = WatchCheck.objects.filter(bill_id=bill_id, credit__isnull=False).values_list("charge_ids", flat=True)
    credited = {charge_id for charge_ids in before for charge_id in charge_ids}
    every = [charge_id for check in checks for charge_id in check.charge_ids]
    charges = line_queries.charges([check.customer_id for check in checks], every)
    known = {charge.id: charge for charge in charges}
    off = taken_off([check.customer_id for check in checks], every)
    wrong: dict[int, int] = {}
    for check in checks:
        mine = [known[charge_id] for charge_id in set(check.charge_ids) - credited if charge_id in known]
        wrong[check.pk] = sum(
            line_queries.wrong_of(charge, check.watch.wrong_minor, off_minor=off.get(charge.id, 0)) for charge in mine
        )
        credited |= {charge.id for charge in mine}
    return wrong


def _answer_one(check: WatchCheck, *, wrong_minor: int, at: datetime) -> int:
    """Credit, case and moment of one watch; returns the case."""
    watch = check.watch
    holder_id = holder_of(watch)
    if (amount := min(wrong_minor, watch.limit_minor)) > 0:
        check.credit = give_credit(
            customer_id=holder_id,
            account_id=watch.account_id,
            amount_minor=amount,
            currency=watch.currency,
            reason=CreditReason.CAME_BACK,
            words=watch.words,
            by=SYSTEM,
            at=at,
            dispute_id=watch.dispute_id,
            case_id=watch.case_id,
            source=f"watch:{watch.pk}:{check.bill_id}",
            is_granted=True,
        )
    case_id = case_again(
        watch.case_id,
        customer_id=holder_id,
        title=gettext("A wrong charge came back: %(what)s") % {"what": watch.words},
        words=_reason(check, wrong_minor=wrong_minor, credited_minor=amount),
        by=SYSTEM,
        at=at,
    )
    if watch.case_id != case_id:
        watch.case_id = case_id
        watch.save(update_fields=["case"])
    moment = ChargeCameBack(watch.pk, watch.words, check.amount_minor, watch.currency, check.bill_number)
    tell(holder_id, moment, by=SYSTEM, at=at, about=("watch", watch.pk), case_id=case_id)
    order(
        kind=OrderKind.STOP_LINE,
        key=f"watch:{watch.pk}:{check.bill_id}",
        customer_id=watch.customer_id,
        account_id=watch.account_id,
        at=at,
        body=stop_body(watch),
    )
    check.answered_at = at
    check.save(update_fields=["answered_at", "credit"])
    return case_id


def _reason(check: WatchCheck, *, wrong_minor: int, credited_minor: int) -> str:
    watch = check.watch
    said = {
        "what": watch.words,
        "bill": check.bill_number,
        "charged": money(check.amount_minor, watch.currency),
        "credited": money(credited_minor, watch.currency),
    }
    if credited_minor >= wrong_minor:
        return gettext("%(what)s is on bill %(bill)s again: %(charged)s, all of it credited at once.") % said
    return (
        gettext("%(what)s is on bill %(bill)s again: %(charged)s; %(credited)s of it is credited. Decide the rest.")
        % said
    )


def _write(checks: Sequence[WatchCheck], *, case_id: int, at: datetime) -> None:
    """The letter; each check knows it, so that it is seen when it was sent."""
    watch, bill = checks[0].watch, checks[0].bill_number

    def letter() -> tuple[str, str]:
        lines = "\n".join(_line(check) for check in checks)
        words = ngettext(
            "We promised you that this charge would not come back, and it is on your bill %(bill)s again. That is our "
            "mistake, and we are sorry. You need do nothing:\n\n%(lines)s\n\nYour case is open again, and somebody "
            "is finding out why.",
            "We promised you that these charges would not come back, and they are on your bill %(bill)s again. That is "
            "our mistake, and we are sorry. You need do nothing:\n\n%(lines)s\n\nYour case is open again, and somebody "
            "is finding out why.",
            len(checks),
        )
        return gettext("A charge that we took off is on your bill again"), words % {"bill": bill, "lines": lines}

    holder_id = holder_of(watch)
    letter_id = write(holder_id, letter, by=SYSTEM, at=at, case_id=case_id)
    written = WatchCheck.objects.filter(pk__in=[check.pk for check in checks])
    written.update(letter_to=holder_id, letter_id=letter_id)


def _line(check: WatchCheck) -> str:
    watch = check.watch
    charged = money(check.amount_minor, watch.currency)
    if check.credit is None:
        return f"{watch.words}: {charged}"
    said = {"what": watch.words, "charged": charged, "credited": money(check.credit.amount_minor, watch.currency)}
    return gettext("%(what)s: %(charged)s, of which %(credited)s will be back on your next bill") % said
