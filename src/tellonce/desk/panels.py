"""What the right column says of bills and prices until bills themselves are known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from tellonce.desk.bill_day import last_bill_day, next_bill_day
from tellonce.kernel.money import Money
from tellonce.modules.record.contracts import CustomerCard, ServiceOnCard


@dataclass(frozen=True, slots=True)
class BillDay:
    """When an account was and will be billed."""

    number: str
    last: date
    coming: date
    amount: str


@dataclass(frozen=True, slots=True)
class Price:
    """A service with its price, and what its promotion's end will add."""

    service: ServiceOnCard
    amount: str
    rise: str
    promotion_ends_on: date | None


def _money(minor: int | None, currency: str) -> str:
    return "" if minor is None else str(Money(minor, currency))


def prices(card: CustomerCard, *, today: date) -> list[Price]:
    """The services that are not over, with their prices, and promotions that are not over either."""
    found = []
    for service in card.services:
        if service.is_ended:
            continue
        ends_on = service.promotion_ends_on
        coming = ends_on if ends_on is not None and ends_on >= today else None
        found.append(Price(service, _money(service.price_minor, service.currency), _rise(service), coming))
    return found


def _rise(service: ServiceOnCard) -> str:
    """What the end of the promotion adds; empty when that is nothing, or not known."""
    if service.price_minor is None or service.price_after_minor is None:
        return ""
    more = service.price_after_minor - service.price_minor
    return f"+{_money(more, service.currency)}" if more > 0 else ""


def bill_days(card: CustomerCard, *, now: datetime) -> list[BillDay]:
    """The bill days of the accounts that are open; the amount is what the services cost where there is one account."""
    today = timezone.localtime(now).date()
    open_accounts = [each for each in card.accounts if each.closed_on is None and each.cycle_day is not None]
    running = [each for each in card.services if not each.is_ended and each.price_minor is not None]
    total = sum(each.price_minor or 0 for each in running)
    amount = _money(total, running[0].currency) if running and len(open_accounts) == 1 else ""
    return [
        BillDay(
            number=each.number,
            last=last_bill_day(each.cycle_day or 1, today=today),
            coming=next_bill_day(each.cycle_day or 1, today=today + timedelta(days=1)),
            amount=amount,
        )
        for each in open_accounts
    ]
