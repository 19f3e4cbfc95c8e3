"""Bills in plain words, what changed first: the latest in the right column, and each on a page of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tellonce.kernel.money import Money
from tellonce.modules.billing.contracts.explained import BilledBill, LatestBill, Sentence, ServiceTerms
from tellonce.modules.billing.contracts.owed import Owed
from tellonce.modules.billing.explaining import explain
from tellonce.modules.billing.explaining.owed import owed
from tellonce.modules.billing.queries.on_desk import BillsOnDesk, LineDispute
from tellonce.modules.record.contracts import CustomerCard, ServiceOnCard
from tellonce.webkit.charts import sparkline

_MOST_MORE = 2
_FEWEST_POINTS = 3
_MOST_POINTS = 25


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line; `text` explains it, empty in the card where it is as last time.

    It has a `charge_id` where it may be disputed: it asks for money, and nobody disputes it yet.
    """

    name: str
    amount_minor: int
    text: str
    dispute: LineDispute | None
    charge_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BillCard:
    """One account's latest bill: `headline` is the first thing to read, `more` says what else changed.

    `owed` is what it asks for in all.
    """

    bill: BilledBill
    owed: Owed
    account: str
    headline: str
    rises: bool
    more: tuple[str, ...]
    lines: tuple[LineShown, ...]
    spark: SafeString | None
    trend: str


@dataclass(frozen=True, slots=True)
class BillOnPage:
    """One bill explained beside the one before it: `headline` is the first thing to read, `changes` are all of them.

    `last_day` is the last one of its period.
    """

    bill: BilledBill
    before: BilledBill | None
    last_day: date | None
    headline: str
    rises: bool
    changes: tuple[str, ...]
    lines: tuple[LineShown, ...]
    spark: SafeString | None
    trend: str


def bill_cards(bills: BillsOnDesk, card: CustomerCard) -> list[BillCard]:
    """A card for each account of the customer that has a bill; the number stands there where there are several."""
    numbers = {account.id: account.number for account in card.accounts}
    mine = [latest for latest in bills.latest if latest.bill.account_id in numbers]
    terms = service_terms(card)
    return [_card(each, numbers[each.bill.account_id] if len(mine) > 1 else "", bills, terms) for each in mine]


def _card(latest: LatestBill, account: str, bills: BillsOnDesk, terms: Sequence[ServiceTerms]) -> BillCard:
    explained = explain(latest.bill, latest.before, services=terms)
    totals = [total for _day, total in latest.totals]
    return BillCard(
        bill=latest.bill,
        owed=owed(latest, bills.payments),
        account=account,
        headline=explained.headline,
        rises=latest.before is not None and explained.change_minor > 0,
        more=tuple(each.text for each in explained.changes[1 : 1 + _MOST_MORE]),
        lines=tuple(_line(each, bills.disputed) for each in explained.sentences if each.line is not None),
        spark=_spark(totals),
        trend=_trend(latest.totals, latest.bill.currency),
    )


def service_terms(card: CustomerCard) -> list[ServiceTerms]:
    """What the record knows of the customer's services, for explaining their bills."""
    return [_terms(service) for service in card.services]


def bill_page(latest: LatestBill, disputed: Mapping[UUID, LineDispute], terms: Sequence[ServiceTerms]) -> BillOnPage:
    """One bill with every change since the one before it, and every line in a sentence."""
    explained = explain(latest.bill, latest.before, services=terms)
    return BillOnPage(
        bill=latest.bill,
        before=latest.before,
        last_day=until - timedelta(days=1) if (until := latest.bill.period_until) else None,
        headline=explained.headline,
        rises=latest.before is not None and explained.change_minor > 0,
        changes=tuple(each.text for each in explained.changes),
        lines=tuple(_line(each, disputed, is_whole=True) for each in explained.sentences if each.line is not None),
        spark=_spark([total for _day, total in latest.totals[-_MOST_POINTS:]]),
        trend=_trend(latest.totals[-_MOST_POINTS:], latest.bill.currency),
    )


def _terms(service: ServiceOnCard) -> ServiceTerms:
    return ServiceTerms(
        service_id=service.id,
        plan=service.plan,
        since=service.since,
        until=service.until,
        price_minor=service.price_minor,
        promotion_ends_on=service.promotion_ends_on,
        price_after_minor=service.price_after_minor,
    )


def _line(sentence: Sentence, disputed: Mapping[UUID, LineDispute], *, is_whole: bool = False) -> LineShown:
    line, text = sentence.line, sentence.text if sentence.is_change or is_whole else ""
    dispute = disputed.get(line.id) if line is not None else None
    may_be_wrong = line is not None and dispute is None and sentence.whole_minor > 0
    charge_id = line.id if line is not None and may_be_wrong else None
    return LineShown(sentence.name, sentence.whole_minor, text, dispute, charge_id)


def _spark(totals: Sequence[int]) -> SafeString | None:
    """The totals as a line; two points are no trend."""
    if len(totals) < _FEWEST_POINTS:
        return None
    low, high = min(totals), max(totals)
    return sparkline(totals, low=low - (high - low) / 4, high=high)


def _trend(totals: Sequence[tuple[date, int]], currency: str) -> str:
    if not totals:
        return ""
    amounts = [Money(total, currency) for _day, total in totals]
    low, high = min(amounts, key=lambda each: each.minor), max(amounts, key=lambda each: each.minor)
    return gettext("%(n)d bills, from %(low)s to %(high)s") % {"n": len(amounts), "low": low, "high": high}
