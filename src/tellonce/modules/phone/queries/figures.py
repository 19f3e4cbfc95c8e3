"""What whoever watches the installation wants to know of the phone: accounts of queues, who is where, and how long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Min, Value, When

from tellonce.modules.phone.models import LiveContact, LivePerson, LiveQueue
from tellonce.modules.phone.queries.journal import is_served
from tellonce.switchboard.contacts import Stage

ACCOUNTS = ("entered", "waiting", "answered", "abandoned", "callback")


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How many contacts are in a stage now, and for how many seconds the longest has been."""

    stage: str
    contacts: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class LineFigures:
    """All of it; `accounts` are by queue and account, `people` by what they do."""

    is_served: bool
    accounts: tuple[tuple[str, str, int], ...]
    stages: tuple[StageFigures, ...]
    people: tuple[tuple[str, int], ...]


def line_figures(now: datetime) -> LineFigures:
    """As pages see it. A queue's accounts are of one moment: they add up."""
    queues = LiveQueue.objects.order_by("code").values_list("code", *ACCOUNTS)
    people = LivePerson.objects.values_list("state").annotate(Count("pk")).order_by("state")
    return LineFigures(
        is_served=is_served(),
        accounts=tuple(
            (code, account, count) for code, *counts in queues for account, count in zip(ACCOUNTS, counts, strict=True)
        ),
        stages=tuple(_stages(now)),
        people=tuple(people),
    )


def _stages(now: datetime) -> Iterator[StageFigures]:
    """Who waits for a callback is not on the line, and apart from those who are."""
    apart = Case(When(stage=Stage.WAITING, is_callback=True, then=Value("callback")), default="stage")
    rows = LiveContact.objects.annotate(at=apart).values_list("at").annotate(Count("pk"), Min("since")).order_by("at")
    for stage, many, since in rows:
        yield StageFigures(stage, many, max(0.0, (now - since).total_seconds()))
