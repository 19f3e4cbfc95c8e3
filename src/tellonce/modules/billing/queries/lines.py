"""Lines of bills as they are disputed: with what is disputed of them already, and what makes them alike."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from tellonce.modules.billing.contracts import BillState, ChargeKind
from tellonce.modules.billing.models import Bill, BookPrice, CauseAccount, Charge, DisputeLine, WatchCheck
from tellonce.modules.billing.queries.whose import lying
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import Accounts, AreaKind

CHARGED = (ChargeKind.RECURRING, ChargeKind.USAGE, ChargeKind.ONE_OFF, ChargeKind.FEE)
"""Kinds of lines that ask for money."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What disputes of one cause have in common: where, what, since which month, after which change of a price."""

    code: str
    product: str
    area_id: int | None
    first_on: date
    price_changed_on: date | None

    @property
    def key(self) -> str:
        """The same for the same cause: the first bill counts by its month."""
        parts = (self.code, self.product, self.area_id, self.first_on.strftime("%Y-%m"), self.price_changed_on)
        return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def day_of(at: datetime) -> date:
    """The day that a time falls on, where the provider is."""
    return at.astimezone(timezone.get_default_timezone()).date()


def charges_of(accounts: Accounts, charge_ids: Sequence[UUID]) -> list[Charge]:
    """Those of these lines that are of these accounts, in the order of bill and line."""
    return _in_order(Charge.objects.filter(lying(accounts), id__in=charge_ids))


def charges(customer_ids: Sequence[int], charge_ids: Sequence[UUID]) -> list[Charge]:
    """The lines with these ids of these customers, in the order of bill and line."""
    return _in_order(Charge.objects.filter(customer_id__in=customer_ids, id__in=charge_ids))


def _in_order(found: QuerySet[Charge]) -> list[Charge]:
    return list(found.order_by("issued_on", "bill_id", "line"))


def named_lines(lines: Sequence[tuple[int, UUID]]) -> list[dict[str, str | int]]:
    """Lines (customer, line) as the billing system knows them: the bill's number, the line's, and its code."""
    found = charges([customer_id for customer_id, _ in lines], [charge_id for _, charge_id in lines])
    bills = issued_bills([charge.customer_id for charge in found], [charge.bill_id for charge in found])
    return [
        {"bill": bills[charge.bill_id].number, "line": charge.line, "code": charge.code}
        for charge in found
        if charge.bill_id in bills
    ]


def disputed_in(charge_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Lines that are disputed or put right already, each with its dispute."""
    rows = DisputeLine.objects.filter(charge_id__in=charge_ids, stands=True)
    return dict(rows.values_list("charge_id", "dispute_id"))


def credited_of(customer_ids: Sequence[int], charge_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these lines that are credited because they came back, or were corrected for everybody."""
    if not charge_ids:
        return set()
    came_back = WatchCheck.objects.filter(customer_id__in=customer_ids, credit__isnull=False)
    corrected = CauseAccount.objects.filter(customer_id__in=customer_ids, corrected_at__isnull=False)
    rows = [
        row
        for found in (came_back, corrected)
        for row in found.filter(charge_ids__overlap=list(charge_ids)).values_list("charge_ids", flat=True)
    ]
    return set(charge_ids) & {charge_id for row in rows for charge_id in row}


def checked_bills(accounts: Accounts, *, account_id: int, since: date) -> list[tuple[int, UUID]]:
    """Bills of the account, one of those, dated `since` or later that came in and were checked: customer and bill."""
    seen = Bill.objects.filter(
        lying(accounts),
        account_id=account_id,
        state=BillState.ISSUED,
        issued_on__gte=since,
        checked_at__isnull=False,
    )
    return list(seen.order_by("issued_on", "id").values_list("customer_id", "id"))


def withdrawn_among(customer_ids: Sequence[int], bill_ids: Sequence[UUID]) -> list[str]:
    """Numbers of those of these bills that the billing system took back."""
    gone = Bill.objects.filter(customer_id__in=customer_ids, id__in=bill_ids, state=BillState.WITHDRAWN)
    return list(gone.order_by("issued_on", "id").values_list("number", flat=True))


def wrong_of(charge: Charge, wrong_minor: int | None, *, off_minor: int = 0) -> int:
    """What is wrong in a line, with its share of the tax, where `wrong_minor` of it without tax is; None for all.

    What a discount took `off` it was never paid, and is not owed.
    """
    most = max(charge.amount_minor - off_minor, 0)
    wrong = most if wrong_minor is None else min(wrong_minor, most)
    share = Decimal(charge.tax_minor * wrong) / charge.amount_minor
    return wrong + int(share.quantize(Decimal(1), ROUND_HALF_UP))


def issued_bills(customer_ids: Sequence[int], bill_ids: Sequence[UUID]) -> dict[UUID, Bill]:
    """The bills with these ids of these customers."""
    return {bill.id: bill for bill in Bill.objects.filter(customer_id__in=customer_ids, id__in=bill_ids)}


def like(charge: Charge) -> Q:
    """Lines for the same thing: code and product, and the device and the service where the line names them."""
    same = Q(customer_id=charge.customer_id, account_id=charge.account_id, code=charge.code, product=charge.product)
    if charge.device_serial:
        same &= Q(device_serial=charge.device_serial)
    if charge.service_id is not None:
        same &= Q(service_id=charge.service_id) | Q(service_id__isnull=True)
    return same & Q(amount_minor__gt=0, kind__in=CHARGED)


def lines_since(charge: Charge, *, from_minor: int, right: int = 0) -> list[Charge]:
    """Lines like it, of at least this amount without tax, on bills that were sent after its own and came in already.

    Lines that are disputed or credited already are not among them; of those on one bill the first `right` are right.
    """
    later = Charge.objects.filter(like(charge), issued_on__gt=charge.issued_on, amount_minor__gte=from_minor)
    found = list(later.order_by("issued_on", "bill_id", "line"))
    sent = Bill.objects.filter(
        customer_id=charge.customer_id, id__in=[each.bill_id for each in found], state=BillState.ISSUED
    ).values_list("id", flat=True)
    ids = [each.id for each in found]
    taken = disputed_in(ids).keys() | credited_of([charge.customer_id], ids)
    by_bill: dict[UUID, list[Charge]] = {bill_id: [] for bill_id in sent}
    for each in found:
        by_bill.get(each.bill_id, []).append(each)
    free = ([each for each in lines if each.id not in taken] for lines in by_bill.values())
    return [each for lines in free for each in lines[right:]]


def right_lines(charge: Charge, *, disputed: Sequence[UUID]) -> int:
    """How many lines like it stand on its bill that nobody disputes: of two of the same, one is right."""
    return Charge.objects.filter(like(charge), bill_id=charge.bill_id).exclude(id__in=disputed).count()


def fingerprint(charge: Charge, *, customer_id: int, at: datetime) -> Fingerprint:
    """What this line has in common with others of its cause.

    It began with the first bill that has the line with this amount: an error that came with a change of a price dates
    from there, though the line is older.
    """
    alike = Charge.objects.filter(like(charge), amount_minor=charge.amount_minor)
    first_on = alike.aggregate(first=Min("issued_on"))["first"] or charge.issued_on
    area_id = area_of(customer_id, at=at)
    return Fingerprint(charge.code, charge.product, area_id, first_on, price_changed_on(charge.code, area_id, first_on))


def area_of(customer_id: int, *, at: datetime) -> int | None:
    """The area (below a region, above a node) in which the customer lives; None when it is not known."""
    steps = next((each.areas for each in record.card(customer_id, at=at).premises if each.areas), ())
    return next((step.id for step in steps if step.kind == AreaKind.AREA), steps[-1].id if steps else None)


def price_changed_on(code: str, area_id: int | None, first_on: date) -> date | None:
    """The last day, at most two months before the first wrong bill, on which the price book changed for this code."""
    here = Q(area_id__isnull=True) | Q(area_id=area_id)
    book = BookPrice.objects.filter(here, code=code, valid_from__lte=first_on)
    latest: date | None = book.order_by("-valid_from").values_list("valid_from", flat=True).first()
    return latest if latest is not None and (first_on - latest).days <= _LATE_DAYS else None


_LATE_DAYS = 62
