"""One bill of a customer, explained beside the one before it; from it every other bill of the account."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tellonce.desk.asking import person_of
from tellonce.desk.bills import bill_page, service_terms
from tellonce.desk.live import live_url
from tellonce.desk.opening import Opened, open_record
from tellonce.modules.billing.contracts.explained import LatestBill, SentBill
from tellonce.modules.billing.explaining.owed import owed
from tellonce.modules.billing.queries import billed, sent_bills
from tellonce.modules.billing.queries.on_desk import bills_to_dispute, disputed_lines, payments_seen
from tellonce.webkit.page import page


@require_safe
def bill(request: HttpRequest, customer_id: int, bill_id: UUID) -> HttpResponse:
    """What this bill says, and what changed since the one before it."""
    now = timezone.now()
    opened = open_record(request, customer_id, page="bill", at=now)
    accounts = opened.who.accounts
    found = billed(accounts, bill_id, since=date.min)
    if found is None:
        raise Http404(bill_id)
    every = sent_bills(accounts, account_id=found.bill.account_id)
    context = _of_bill(opened, found, every) | {
        "now": now,
        "live_url": live_url(request, (f"customer:{opened.customer_id}", f"person:{person_of(request).pk}")),
    }
    return page(request, "desk/bill.html", context)


def _of_bill(opened: Opened, found: LatestBill, every: Sequence[SentBill]) -> dict[str, Any]:
    place = next(index for index, each in enumerate(every) if each.id == found.bill.id)
    open_ones = bills_to_dispute(opened.who.accounts, back=place)
    newer = every[place - 1] if place else None
    payments = payments_seen(opened.who.accounts, since=date.min)
    numbers = {account.id: account.number for account in opened.card.accounts}
    join = "&" if opened.query else "?"
    return {
        "card": opened.card,
        "customer_id": opened.customer_id,
        "query": opened.query,
        "shown": bill_page(found, disputed_lines(opened.who.accounts), service_terms(opened.card)),
        "account": numbers.get(found.bill.account_id, ""),
        "every": every,
        "owed": owed(found, payments, until=newer.issued_on if newer else None),
        "newer": newer,
        "older": every[place + 1] if place + 1 < len(every) else None,
        "dispute_query": f"{opened.query}{join}thing={place}",
        "may_dispute": any(each.bill.id == found.bill.id and each.lines for each in open_ones),
    }
