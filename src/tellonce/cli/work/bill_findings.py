"""Findings of a check, from JSON lines into the installation."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils import timezone

from tellonce.cli.speech import out
from tellonce.kernel.errors import InputError
from tellonce.modules.billing import actions as billing

_AT_ONCE = 2_000


def take_in(lines: Iterable[str]) -> None:
    """Keeps them some thousands at a time, each batch whole; what was kept is not kept twice."""
    at = timezone.now()
    new = known = put_right = strange = 0
    for batch in _batches(_found(lines)):
        kept = billing.record_checked(batch, at=at)
        new, known = new + kept.new, known + kept.known
        put_right, strange = put_right + kept.put_right, strange + kept.strange
    out.print(f"{new:,} new findings, {known:,} known, {put_right:,} disputed or credited already.", markup=False)
    if strange:
        out.print(f"{strange:,} are of bills that are not in this installation, and were left out.", markup=False)


def _batches(found: Iterator[billing.Checked]) -> Iterator[list[billing.Checked]]:
    while some := list(islice(found, _AT_ONCE)):
        yield some


def _found(lines: Iterable[str]) -> Iterator[billing.Checked]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _one(number, line)


def _one(number: int, line: str) -> billing.Checked:
    try:
        said: dict[str, Any] = json.loads(line)
        return billing.Checked(
            account=int(said["account"]),
            bill=int(said["bill"]),
            line=None if said["line"] is None else int(said["line"]),
            kind=str(said["kind"]),
            evidence=dict(said["evidence"]),
            amount_minor=int(said["amount_minor"]),
            currency=str(said["currency"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("FILE", f"line {number} is no finding of `tellonce bills check --json`.") from error
