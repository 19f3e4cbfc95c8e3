"""A decision as a TOML file says it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tellonce.modules.planning.contracts.decisions import (
    ALL_REPLICATIONS,
    MOST_POLICIES,
    ArrivalsFrom,
    BadDecisionError,
    Policy,
    policy_of,
)

_WEEKDAYS = {name: place for place, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}


class _Policy(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=120)
    changes: list[dict[str, Any]] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=300)
    queues: list[str] = []
    weeks: int = Field(4, ge=1, le=26)
    arrivals: ArrivalsFrom = ArrivalsFrom.SEEN
    answer_within_s: int = Field(60, ge=0, le=86_400)
    target_share: float = Field(0.8, gt=0, le=1)
    hour_cost_minor: int = Field(0, ge=0)
    replications: int = Field(ALL_REPLICATIONS, ge=1, le=1_000)
    seed: int = Field(1, ge=0)
    policies: list[_Policy] = Field(max_length=MOST_POLICIES)


@dataclass(frozen=True, slots=True)
class Question:
    """What the file asks; `queues` are codes, none for all."""

    question: str
    queues: tuple[str, ...]
    weeks: int
    arrivals: str
    answer_within_s: int
    target_share: float
    hour_cost_minor: int
    replications: int
    seed: int
    policies: tuple[Policy, ...]


def question_in(text: str) -> Question:
    """What the text asks; BadDecisionError says what cannot be, and where."""
    try:
        found = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadDecisionError(gettext("This is no TOML: %(why)s.") % {"why": error}) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadDecisionError(f"{where}: {first['msg']}.", field=where) from error
    values = {name: value for name, value in found if name not in {"queues", "policies"}}
    policies = tuple(
        policy_of({"name": each.name, "changes": list(map(_days, each.changes))}) for each in found.policies
    )
    return Question(queues=tuple(found.queues), policies=policies, **values)


def _days(row: Mapping[str, Any]) -> dict[str, Any]:
    """Weekdays may be said in words: mon, tue."""
    days = row.get("weekdays")
    if not isinstance(days, list):
        return dict(row)
    return {**row, "weekdays": [_WEEKDAYS.get(str(day).lower()[:3], day) for day in days]}
