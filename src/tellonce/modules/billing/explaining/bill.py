"""A bill explained beside the one before: one sentence a thing, what changed first."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from tellonce.modules.billing.contracts.explained import BilledBill, Explained, Sentence, ServiceTerms
from tellonce.modules.billing.contracts.moments import money
from tellonce.modules.billing.explaining.pairs import Pair, pairs, same_service, whole
from tellonce.modules.billing.explaining.reasons import Told, reason


def explain(bill: BilledBill, before: BilledBill | None, *, services: Sequence[ServiceTerms] = ()) -> Explained:
    """The bill in words: `before` is the one before it on the same account, `services` are what the record knows.

    The changes of all sentences add up to the change of the total.
    """
    terms = {each.service_id: each for each in services}
    found = _changed_plans(pairs(bill, before))
    sentences = [each for pair, old in found for each in _sentences(pair, old, bill=bill, before=before, terms=terms)]
    sentences.sort(key=lambda each: (not each.is_change, -abs(each.change_minor)))
    change = bill.total_minor - (before.total_minor if before else 0)
    return Explained(
        headline=_headline(bill, before, change, sentences), change_minor=change, sentences=tuple(sentences)
    )


def _changed_plans(found: Sequence[Pair]) -> list[tuple[Pair, Pair | None]]:
    """Each thing, and with a new plan of a service the old one that it stands in the place of."""
    new = [pair for pair in found if not pair.before and pair.first.kind == "recurring" and pair.first.amount_minor > 0]
    gone = [pair for pair in found if not pair.now and pair.first.kind == "recurring" and pair.first.amount_minor > 0]
    replaced: dict[int, Pair] = {}
    for pair in new:
        old = next((each for each in gone if same_service(each.first, pair.first)), None)
        if old is not None and id(old) not in {id(each) for each in replaced.values()}:
            replaced[id(pair)] = old
    left_out = {id(old) for old in replaced.values()}
    return [(pair, replaced.get(id(pair))) for pair in found if id(pair) not in left_out]


def _sentences(
    pair: Pair,
    old: Pair | None,
    *,
    bill: BilledBill,
    before: BilledBill | None,
    terms: dict[int, ServiceTerms],
) -> Iterator[Sentence]:
    """One sentence for each line; several lines of one thing share its reason, and the first carries the change."""
    told: Told = reason(pair, old, bill=bill, before=before, terms=terms)
    change = pair.change_minor - (whole(old.before) if old else 0)
    if not pair.now:
        yield Sentence(told.why, told.text, pair.first.name, None, 0, change)
        return
    for number, line in enumerate(pair.now):
        yield Sentence(told.why, told.text, line.name, line, line.whole_minor, change if number == 0 else 0)


def _headline(bill: BilledBill, before: BilledBill | None, change: int, sentences: Sequence[Sentence]) -> str:
    if before is None:
        return _("The first bill of this account: %(total)s.") % {"total": money(bill.total_minor, bill.currency)}
    changed = [each for each in sentences if each.is_change]
    if not changed:
        return _("The same as last time.") if not change else _plain(change, bill.currency)
    if not change:
        return _("The total is the same as last time. %(most)s") % {"most": changed[0].text}
    return f"{_plain(change, bill.currency)} {changed[0].text}"


def _plain(change: int, currency: str) -> str:
    words = _("%(amount)s more than last time.") if change > 0 else _("%(amount)s less than last time.")
    return words % {"amount": money(abs(change), currency)}
