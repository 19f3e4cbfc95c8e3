"""What billing keeps about customers: shown, forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tellonce.modules.billing.models import (
    Bill,
    BillingOrder,
    CauseAccount,
    Charge,
    Credit,
    Dispute,
    DisputeLine,
    Finding,
    Order,
    Payment,
    Traffic,
    Watch,
    WatchChange,
    WatchCheck,
)
from tellonce.modules.billing.queries.whose import held, lying
from tellonce.modules.record import queries as record
from tellonce.modules.record.queries import outside
from tellonce.modules.record.queries.privacy import plain_rows

_BILL = (
    *("number", "source", "state", "issued_on", "due_on", "period_from", "period_until", "currency"),
    *("total_minor", "carried_minor"),
)
_LINE = (
    *("issued_on", "line", "kind", "code", "words", "product", "service_ref", "device_serial", "period_from"),
    *("period_until", "amount_minor", "tax_minor", "currency"),
)
_PAYMENT = ("number", "source", "on", "method", "amount_minor", "currency")
_ORDER = ("number", "source", "code", "on")
_TRAFFIC = ("month", "units", "source")
_DISPUTE = (
    *("raised_by", "raised_by_name", "words", "state", "currency", "decided_by_name", "reason", "earlier_decisions"),
    *("code", "product"),
)
_DISPUTE_LINE = ("issued_on", "code", "words", "charged_minor", "off_minor", "asked_minor", "granted_minor", "stands")
_CREDIT = (
    "reason",
    "words",
    "amount_minor",
    "currency",
    "state",
    "asked_at",
    "asked_by_name",
    "refused_why",
    "ended_words",
)
_WATCH = ("words", "code", "product", "device_serial", "pattern", "since", "state", "clean_bills", "came_back", "held")
_CHANGE = ("at", "by_name", "reason", "was", "became")
_CHECK = ("bill_number", "issued_on", "outcome", "amount_minor")
_CAUSE = ("cause_id", "left_out_why")
_FINDING = ("kind", "bill_number", "code", "amount_minor", "currency", "evidence", "state", "words", "found_at")


def personal_data(customer_ids: Sequence[int]) -> dict[str, Any]:
    """Every bill of these customers with its lines, every payment; what was disputed, credited, watched and found."""
    theirs = record.identity(customer_ids[0]).accounts
    big, small = lying(theirs), held(theirs)
    lines = DisputeLine.objects.filter(held(theirs, "dispute__"))
    services = [service_id for _customer, _ref, service_id in outside.services_of(theirs.ids)]
    changes = WatchChange.objects.filter(held(theirs, "watch__"))
    return {
        "bills": plain_rows(Bill.objects.filter(big).order_by("issued_on", "number"), _BILL),
        "charges": plain_rows(Charge.objects.filter(big).order_by("issued_on", "line"), _LINE),
        "payments": plain_rows(Payment.objects.filter(big).order_by("on", "number"), _PAYMENT),
        "orders": plain_rows(Order.objects.filter(small).order_by("on", "pk"), _ORDER),
        "traffic": plain_rows(Traffic.objects.filter(service_id__in=services).order_by("month", "pk"), _TRAFFIC),
        "disputes": plain_rows(Dispute.objects.filter(small).order_by("pk"), _DISPUTE),
        "disputed_lines": plain_rows(lines.order_by("pk"), _DISPUTE_LINE),
        "credits": plain_rows(Credit.objects.filter(small).order_by("pk"), _CREDIT),
        "watched": plain_rows(Watch.objects.filter(small).order_by("pk"), _WATCH),
        "watch_changes": plain_rows(changes.order_by("pk"), _CHANGE),
        "bills_checked": plain_rows(WatchCheck.objects.filter(small).order_by("pk"), _CHECK),
        "causes": plain_rows(CauseAccount.objects.filter(small).order_by("pk"), _CAUSE),
        "errors_found": plain_rows(Finding.objects.filter(small).order_by("pk"), _FINDING),
    }


@transaction.atomic
def forget(customer_ids: Sequence[int], *, at: datetime) -> None:
    """Numbers, words, serial numbers and evidence go; days, codes and amounts stay, as counts need them.

    What is watched by its code is watched on; where the serial number or the words were all there was to look for, the
    watch is given the code of nothing: there is no account any more on which it could come back.
    """
    theirs = record.identity(customer_ids[0]).accounts
    big, small = lying(theirs), held(theirs)
    Bill.objects.filter(big).update(number="", digest=None, lines_digest=None)
    Charge.objects.filter(big).update(words="", service_ref="", device_serial="")
    Payment.objects.filter(big).update(number="", method="")
    Order.objects.filter(small).update(number="")
    Dispute.objects.filter(small).update(words="", reason="", earlier_decisions=[], watch_rules={})
    DisputeLine.objects.filter(held(theirs, "dispute__")).update(words="")
    Credit.objects.filter(small).update(words="", refused_why="", ended_words="")
    Watch.objects.filter(small, code="", product="", service_id=None).update(code="-")
    Watch.objects.filter(small).update(words="", device_serial="", pattern="")
    WatchChange.objects.filter(held(theirs, "watch__")).update(reason="", was={}, became={})
    WatchCheck.objects.filter(small).update(bill_number="")
    CauseAccount.objects.filter(small).update(left_out_why="")
    Finding.objects.filter(small).update(bill_number="", evidence={}, words="")
    for order in BillingOrder.objects.filter(small, body__has_key="device"):
        order.body |= {name: "" for name in ("device", "pattern") if name in order.body}
        order.save(update_fields=["body"])


def merged(*, loser_id: int, winner_id: int, at: datetime) -> None:
    """Nothing moves: bills are read for all ids that read as one customer."""
