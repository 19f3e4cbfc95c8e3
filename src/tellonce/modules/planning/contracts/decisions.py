"""A decision as it is read and written: its question, its policies, where it is, and what can go wrong with it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, TypeAdapter, ValidationError

from tellonce.kernel.errors import ConflictError, NotFoundError
from tellonce.lab.rehearsal import Change
from tellonce.modules.planning.contracts.errors import BadTermsError

MOST_POLICIES = 5
FIRST_REPLICATIONS, ALL_REPLICATIONS = 10, 100
AS_IT_IS = "as-it-is"

_ROWS: TypeAdapter[tuple[Change, ...]] = TypeAdapter(tuple[Annotated[Change, Field(discriminator="kind")], ...])


class DecisionState(TextChoices):
    """Where a decision is."""

    DRAFTED = "drafted", _("drafted")
    REHEARSING = "rehearsing", _("rehearsing")
    REHEARSED = "rehearsed", _("rehearsed")
    TAKEN = "taken", _("taken")
    DROPPED = "dropped", _("dropped")


class ArrivalsFrom(TextChoices):
    """Which calls come in a rehearsal."""

    SEEN = "seen", _("as they came in those weeks")
    FORECAST = "forecast", _("as the latest forecast expects them")


class DecisionNotFoundError(NotFoundError):
    """No such decision."""

    code = "decision_not_found"


class DecisionSettledError(ConflictError):
    """Somebody else took or dropped the decision first; the text says who, what and when."""

    code = "decision_settled"


class DecisionBusyError(ConflictError):
    """It is being rehearsed, or its calls are still being read."""

    code = "decision_busy"


class BadDecisionError(BadTermsError):
    """What was said of a decision cannot be."""

    code = "decision_bad"


@dataclass(frozen=True, slots=True)
class Policy:
    """One way to decide: a name, and what it changes."""

    name: str
    changes: tuple[Change, ...]

    @property
    def key(self) -> str:
        """The same for the same changes, whatever the name: what was rehearsed of them stays."""
        return key_of(self.changes)


@dataclass(frozen=True, slots=True)
class DecisionTerms:
    """What is asked, of which queues, on what calls, and by which measure.

    The last `weeks` whole weeks of the queues' own call records are used. `target_share` (above 0 to 1) of callers
    shall be answered within `answer_within_s` seconds in a quarter hour; `hour_cost_minor` is what an hour at work
    costs, in the currency's smallest unit, 0 where it is not to be counted.
    """

    question: str
    queue_ids: tuple[int, ...]
    weeks: int = 4
    arrivals: str = ArrivalsFrom.SEEN
    answer_within_s: int = 60
    target_share: float = 0.8
    hour_cost_minor: int = 0


def key_of(changes: Sequence[Change]) -> str:
    """What results are kept under."""
    if not changes:
        return AS_IT_IS
    text = json.dumps([asdict(change) for change in changes], sort_keys=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def policy_row(policy: Policy) -> dict[str, Any]:
    """The policy as it is kept."""
    return {"name": policy.name, "changes": json.loads(_ROWS.dump_json(policy.changes))}


def policy_of(row: Mapping[str, Any]) -> Policy:
    """The policy that was kept or brought in; BadDecisionError names what cannot be in it."""
    try:
        changes = _ROWS.validate_python(tuple(row.get("changes", ())))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        name = row.get("name", "")
        raise BadDecisionError(
            gettext("Policy %(name)s, change %(where)s: %(why)s.")
            % {"name": name, "where": where, "why": first["msg"].rstrip(".")},
            field=where,
        ) from error
    return Policy(str(row.get("name", "")), changes)
