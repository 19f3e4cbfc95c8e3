"""Bills of one source, what is disputed of them, and credits that are still to come: plain rows for bulk work."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from tellonce.modules.billing.contracts import BillState, CreditState, WatchState
from tellonce.modules.billing.models import Bill, BookPrice, Credit, DisputeLine, Watch


@dataclass(frozen=True, slots=True)
class BillKept:
    """A bill that was sent."""

    customer_id: int
    account_id: int
    number: str
    issued_on: date
    total_minor: int


@dataclass(frozen=True, slots=True)
class AskedOfBill:
    """What is disputed of a bill, with tax, and from when until when; `decided_at` is None while it is open."""

    bill_id: UUID
    asked_minor: int
    raised_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class CreditToCome:
    """A credit that was granted and is on no bill yet."""

    customer_id: int
    account_id: int
    amount_minor: int
    due_from: date


def newest_bill_on(source: str) -> date | None:
    """The day of the newest bill of this source."""
    newest: date | None = Bill.objects.filter(source=source).aggregate(newest=Max("issued_on"))["newest"]
    return newest


def bills_since(source: str, since: date) -> list[BillKept]:
    """Bills of this source that were issued on that day or later, in the order of customers."""
    sent = Bill.objects.filter(source=source, issued_on__gte=since, state=BillState.ISSUED)
    fields = ("customer_id", "account_id", "number", "issued_on", "total_minor")
    return [BillKept(*row) for row in sent.order_by("customer_id", "issued_on").values_list(*fields)]


def asked_since(since: datetime) -> list[AskedOfBill]:
    """Lines of disputes that were raised since then, each with its bill."""
    lines = DisputeLine.objects.filter(dispute__raised_at__gte=since).order_by("pk")
    fields = ("bill_id", "asked_minor", "dispute__raised_at", "dispute__decided_at")
    return [AskedOfBill(*row) for row in lines.values_list(*fields)]


def credits_to_come() -> list[CreditToCome]:
    """Granted credits that wait for their bill, the oldest first."""
    waiting = Credit.objects.filter(state=CreditState.GRANTED, due_from__isnull=False).order_by("pk")
    rows = waiting.values_list("customer_id", "account_id", "amount_minor", "due_from")
    return [CreditToCome(who, account, minor, due) for who, account, minor, due in rows if due is not None]


def watched_codes() -> list[tuple[int, int, str]]:
    """Customer, account and charge code of every watch by which no line with that code is right."""
    watches = Watch.objects.filter(state=WatchState.WATCHING, allowed_lines=0)
    return list(watches.exclude(code="").order_by("pk").values_list("customer_id", "account_id", "code"))


def price_since(code: str) -> date | None:
    """The day since when this code has its latest price in the price book."""
    latest: date | None = BookPrice.objects.filter(code=code).aggregate(latest=Max("valid_from"))["latest"]
    return latest
