"""Why is this customer probably in touch: the likeliest matters, with probabilities once enough was learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import numpy as np
from django.db import transaction
from django.utils.translation import get_language

from tellonce.desk.histories import MatterMap, asked_at, examples_since, history_of
from tellonce.desk.models import ReasonModel
from tellonce.lab.reasons import Asked, History, Learned, Model, day_of, features, from_json, most_likely, study
from tellonce.lab.reasons.study import LEARNED_SHARE
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import CaseLine, ContactLine, MatterNode, PromiseLine
from tellonce.modules.care.queries.for_learning import count_contacts_with_matter
from tellonce.modules.network.contracts import OutageLine
from tellonce.modules.record.contracts import CustomerCard

ENOUGH_CONTACTS = 500
LEARNS_EVERY = timedelta(hours=30)
LEARNS_FROM = timedelta(days=800)
READ_AGAIN_AFTER_S = 60.0
SHOWN = 3
STILL_SPOKEN_OF_DAYS = 14
MODEL_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Likely:
    """A matter that the contact is likely about; `probability` is None while nothing was learned yet."""

    matter_id: int
    name: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read from the database at most once a minute in each process."""

    read_at: float
    model: Model | None
    matters: MatterMap
    names: dict[int, str]


_kept: dict[str, _Known] = {}


def likely(
    *,
    at: datetime,
    channel: str,
    card: CustomerCard,
    cases: Sequence[CaseLine],
    promises: Sequence[PromiseLine],
    contacts: Sequence[ContactLine],
    outages: Sequence[OutageLine],
) -> list[Likely]:
    """The three likeliest matters of a contact that begins at `at`, the likeliest first.

    Everything it reads is passed in (`contacts`: the customer's last 30 or so, `outages`: of the last 30 days); the
    model and the names of matters are read once a minute. Without a model: what plainly suggests itself, or nothing.
    """
    known = _read()
    history = history_of(
        card=card, cases=cases, promises=promises, contacts=contacts, outages=outages, matters=known.matters
    )
    asked = asked_at(at=at, channel=channel, time_zone=card.time_zone)
    if known.model is None:
        return [Likely(matter, known.names[matter], None) for matter in plainly(history, asked, known.matters)]
    row = np.array([features(history, asked, known.model.classes)])
    guesses = most_likely(known.model.probabilities(row)[0], known.model.classes, count=SHOWN)
    return [Likely(matter, known.names[matter], chance) for matter, chance in guesses if matter in known.names]


def plainly(history: History, asked: Asked, matters: MatterMap) -> list[int]:
    """What suggests itself without having learned: an outage now, a case that is open, what was lately spoken of."""
    found: list[int] = []
    by_code = {code: matter for matter, code in matters.codes.items()}
    if any(o.began < asked.at <= o.ended for o in history.outages) and "outage.status" in by_code:
        found.append(by_code["outage.status"])
    newest_first = sorted(history.cases, key=lambda case: -case.opened)
    found += [case.matter for case in newest_first if case.opened < asked.at and case.state_at(asked.at)[0]]
    lately = [c for c in history.contacts if 0 < asked.at - c.ended < STILL_SPOKEN_OF_DAYS]
    found += [c.matter for c in sorted(lately, key=lambda c: -c.ended)]
    return [matter for matter in dict.fromkeys(found) if matter][:SHOWN]


def matter_map() -> MatterMap:
    """The tree of matters as the model reads it."""
    second: dict[int, int] = {}
    codes: dict[int, str] = {}

    def walk(node: MatterNode, stands_for: int | None) -> None:
        own = node.id if node.level <= MODEL_LEVEL or stands_for is None else stands_for
        second[node.id], codes[node.id] = own, node.code
        for child in node.children:
            walk(child, own if node.level >= MODEL_LEVEL else None)

    for root in care.matters_tree(with_retired=True):
        walk(root, None)
    return MatterMap(second, codes)


def is_time_to_learn(*, at: datetime) -> bool:
    """Whether there is no model although there could be one, or the newest is a day old."""
    newest = ReasonModel.objects.values_list("learned_at", flat=True).first()
    if newest is None:
        return can_learn()
    return at - newest > LEARNS_EVERY


def can_learn() -> bool:
    """Whether there are contacts enough to learn from."""
    return count_contacts_with_matter(up_to=ENOUGH_CONTACTS) >= ENOUGH_CONTACTS


def learn_reasons(*, at: datetime, with_trees: bool = False) -> ReasonModel | None:
    """Learns from the provider's own contacts and keeps model and report; None where there are not 500 with a matter.

    It learns from the first three quarters of the time there is, and is measured on the last.
    """
    if not can_learn():
        return None
    matters = matter_map()
    examples = examples_since(at - LEARNS_FROM, matters=matters)
    if len(examples) < ENOUGH_CONTACTS:
        return None
    first, last = examples[0].asked.at, day_of(at)
    split_at = first + LEARNED_SHARE * (last - first)
    learned = study(examples, codes=matters.codes, split_at=split_at, with_trees=with_trees)
    return _keep(learned, at=at, until=at - timedelta(days=last - split_at))


@transaction.atomic
def _keep(learned: Learned, *, at: datetime, until: datetime) -> ReasonModel:
    kept = ReasonModel.objects.create(
        learned_at=at,
        learned_until=until,
        contacts=learned.report.learned_on,
        model=learned.model.to_json(),
        report=learned.report.to_json(),
    )
    ReasonModel.objects.exclude(pk=kept.pk).delete()
    forget_what_was_read()
    return kept


def forget_what_was_read() -> None:
    """The next guess reads model and matters again: after learning, and in tests."""
    _kept.clear()


def _read() -> _Known:
    language = get_language() or ""
    known = _kept.get(language)
    if known is None or monotonic() - known.read_at > READ_AGAIN_AFTER_S:
        stored = ReasonModel.objects.values_list("model", flat=True).first()
        names = {node.id: node.name for node in care.matters_flat(with_retired=True)}
        model = from_json(stored) if stored else None
        known = _kept[language] = _Known(monotonic(), model, matter_map(), names)
    return known
