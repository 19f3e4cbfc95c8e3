"""What becomes of rows of a call log."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tellonce.intake.contracts import Problem
from tellonce.intake.loaders.reading import Done, Read
from tellonce.intake.mapping import Mapping
from tellonce.intake.mapping.calls import CLOCK, NOBODY, CallSeen
from tellonce.intake.mapping.model import QueuePart
from tellonce.modules.care import queries as care_queries
from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import UNKNOWN_CUSTOMER, NewCall, QueueTerms
from tellonce.modules.phone.queries import queues
from tellonce.modules.record.queries import outside
from tellonce.modules.staff.contracts import Actor


@dataclass(slots=True)
class CallLoader:
    """Loads calls: finds the queue by its code (`queue` for all, where it is stated), the customer as for contacts."""

    mapping: Mapping
    queue: str
    import_id: int | None
    by: Actor
    at: datetime
    matters: dict[str, int] = field(default_factory=care_queries.matter_ids)
    queue_ids: dict[str, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.queue_ids = {queue.code: queue.id for queue in queues(with_retired=True)}
        for part in () if self.queue else self.mapping.queue:
            if part.code not in self.queue_ids:
                self.queue_ids[part.code] = self._make(part)

    def prepare(self, batch: Sequence[Read[CallSeen]]) -> list[Problem]:
        """Queues and matters must be there."""
        return [problem for read in batch for problem in self._missing(read)]

    def load(self, batch: Sequence[Read[CallSeen]]) -> Done:
        """Loads the calls; one whose customer is not found is of nobody we know."""
        find = self._customers([read.thing for read in batch])
        calls = [self._call(read.thing, find) for read in batch]
        done = phone.load_calls(calls, by=self.by, at=self.at, import_id=self.import_id)
        self.counts.update(mark for read in batch for mark in read.thing.put_right)
        self.counts.update(
            "unknown" for seen, call in zip(batch, calls, strict=True) if _is_named(seen.thing) and not call.customer_id
        )
        return done.added, 0, done.unchanged

    def notes(self) -> list[str]:
        """Which queues are new, and what in the file did not fit together."""
        return [words % {"number": number} for words, number in self._noted() if number]

    def _noted(self) -> Iterable[tuple[str, int]]:
        new, unknown, clock, nobody = (self.counts[mark] for mark in ("new", "unknown", CLOCK, NOBODY))
        yield ngettext("%(number)d queue is new.", "%(number)d queues are new.", new), new
        yield (
            ngettext(
                "%(number)d call is of a customer whom nobody knows here.",
                "%(number)d calls are of customers whom nobody knows here.",
                unknown,
            ),
            unknown,
        )
        yield (
            ngettext(
                "%(number)d call asked for a person before it arrived: it arrives with that, its menu time is unknown.",
                "%(number)d calls asked for a person before they arrived: they arrive with that, their menu times are"
                " unknown.",
                clock,
            ),
            clock,
        )
        yield (
            ngettext(
                "%(number)d call that nobody answered has a person or a time with one in the file: that is left out.",
                "%(number)d calls that nobody answered have a person or a time with one in the file: that is left out.",
                nobody,
            ),
            nobody,
        )

    def _make(self, part: QueuePart) -> int:
        terms = QueueTerms(
            name=part.name,
            skill_code=part.skill,
            target_within_s=part.answer_within_s,
            target_share=part.share,
            time_zone=part.time_zone,
        )
        self.counts["new"] += 1
        return phone.add_queue(code=part.code, terms=terms, by=self.by, at=self.at).pk

    def _missing(self, read: Read[CallSeen]) -> Iterable[Problem]:
        code, matter = self.queue or read.thing.queue, read.thing.matter
        if code not in self.queue_ids:
            yield Problem(
                line=read.line,
                column="",
                value=code,
                what=_("There is no queue with this code.") if code else _("It does not say in which queue."),
                do=_(
                    "State one (--queue), or let the mapping name it: queue in [call], and [[queue]] where it is new."
                ),
            )
        if matter and matter not in self.matters:
            yield Problem(
                line=read.line,
                column="",
                value=matter,
                what=_("There is no matter with this code."),
                do=_('Map it with "values" to a code of the tree, or leave it empty.'),
            )

    def _customers(self, seen: Sequence[CallSeen]) -> Callable[[CallSeen], int]:
        """What finds the customer of each of these calls."""
        source = (self.mapping.call.customer_source if self.mapping.call else "") or self.mapping.source
        ids = tuple({one.customer_external_id for one in seen} - {""})
        numbers = tuple({one.account_number for one in seen} - {""})
        by_id = outside.customer_ids_by_external_id(source, ids) if ids else {}
        by_account = outside.customer_ids_by_account(numbers) if numbers else {}
        return lambda one: by_id.get(one.customer_external_id) or by_account.get(one.account_number) or UNKNOWN_CUSTOMER

    def _call(self, seen: CallSeen, find: Callable[[CallSeen], int]) -> NewCall:
        return NewCall(
            **seen.fields,
            source=self.mapping.source,
            external_id=seen.external_id,
            queue_id=self.queue_ids[self.queue or seen.queue],
            matter_id=self.matters.get(seen.matter),
            customer_id=find(seen),
        )


def _is_named(seen: CallSeen) -> bool:
    return bool(seen.customer_external_id or seen.account_number)
