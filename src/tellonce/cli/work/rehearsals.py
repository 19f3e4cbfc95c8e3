"""A decision rehearsed on the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tellonce.cli.progress import bar
from tellonce.cli.speech import out
from tellonce.intake import commands
from tellonce.lab.rehearsal import Base, Seen, changed, digest, rehearse, written
from tellonce.lab.simulation.measures import Estimate
from tellonce.modules.phone import queries as phone
from tellonce.modules.planning.contracts.decisions import BadDecisionError, DecisionTerms, Policy
from tellonce.modules.planning.files.questions import Question, question_in
from tellonce.modules.planning.queries.bases import base_of
from tellonce.modules.planning.web.decision_words import change_words, sentences
from tellonce.modules.staff.contracts import SYSTEM

_MEASURES = ("kept", "in_time", "abandoned", "p50", "p90", "repeats", "occupancy", "hours", "calls")
_AT_ONCE = 10


def show(file: Path, *, calls: Path | None, mapping: str, as_json: bool) -> None:
    """Learns from the calls, rehearses every policy on the same callers, and prints the measures."""
    asked = question_in(file.read_text(encoding="utf-8"))
    with bar("Reading the calls and learning from them"), _calls_of(calls, mapping):
        base, about = _base(asked)
    policies = (Policy("As it is", ()), *asked.policies)
    for policy in policies:
        changed(base, policy.changes)
    with bar("Rehearsing", total=len(policies) * asked.replications) as step:
        seen: list[Seen] = []
        for place, policy in enumerate(policies):
            seen.append(_rehearsed(base, policy, asked, lambda n, done=place: step(done * asked.replications + n)))
    if as_json:
        out.print(json.dumps(_said(asked, base, about, policies, seen)), markup=False, soft_wrap=True)
        return
    _print(asked, about, policies, seen)


@contextmanager
def _calls_of(calls: Path | None, mapping: str) -> Iterator[None]:
    """A call log, here for a moment: it is brought in, and taken back at the end."""
    if calls is None:
        yield
        return
    with transaction.atomic():
        now = timezone.now()
        done = commands.import_file(kind="calls", path=calls, mapping=mapping, by=SYSTEM, at=now)
        if not done.is_good:
            first = done.report.problems[0]
            raise BadDecisionError(f"{calls}, line {first.line}: {first.what} {first.do}")
        yield
        transaction.set_rollback(True)


def _base(asked: Question) -> tuple[Base, dict[str, Any]]:
    spans = phone.call_spans()
    queues = [phone.queue_by_code(code) for code in asked.queues] or [q for q in phone.queues() if q.id in spans]
    if not queues:
        raise BadDecisionError("No calls are kept here yet. Import some, or name a call log with --calls.")
    terms = DecisionTerms(
        question=asked.question,
        queue_ids=tuple(queue.id for queue in queues),
        weeks=asked.weeks,
        arrivals=asked.arrivals,
        answer_within_s=asked.answer_within_s,
        target_share=asked.target_share,
    )
    return base_of(terms, queues, at=timezone.now())


def _rehearsed(base: Base, policy: Policy, asked: Question, step: Any) -> Seen:
    found: Seen | None = None
    for first in range(0, asked.replications, _AT_ONCE):
        part = rehearse(
            base,
            policy.changes,
            first=first,
            replications=min(_AT_ONCE, asked.replications - first),
            target_share=asked.target_share,
            seed=asked.seed,
        )
        assert part is not None
        found = part if found is None else found.joined(part)
        step(len(found.replications))
    assert found is not None
    return found


def _said(
    asked: Question, base: Base, about: dict[str, Any], policies: tuple[Policy, ...], seen: list[Seen]
) -> dict[str, Any]:
    rows = []
    for policy, each in zip(policies, seen, strict=True):
        measures = {name: _triple(each.estimate(name)) for name in _MEASURES}
        more = {name: _triple(each.beside(seen[0], name)) for name in _MEASURES}
        rows.append({"policy": policy.name, "measures": measures, "difference": more})
    inputs = {"digest": digest(written(base)), "seed": asked.seed, "replications": asked.replications}
    return {"question": asked.question, "about": about, "inputs": inputs, "policies": rows}


def _triple(value: Estimate) -> dict[str, float | None]:
    made = {name: float(getattr(value, name)) for name in ("mean", "low", "high")}
    return {name: None if number != number else number for name, number in made.items()}  # noqa: PLR0124 - nan


def _print(asked: Question, about: dict[str, Any], policies: tuple[Policy, ...], seen: list[Seen]) -> None:
    out.print(asked.question, markup=False)
    out.print(f"{about['calls']:,} calls, {about['people']} people, {about['days']} days from {about['first_day']}.")
    met = about["seen"]
    if met.get("in_time") is not None:
        kept, in_time, left = (met[name] for name in ("kept", "in_time", "abandoned"))
        out.print(f"Seen then: target met in {kept:.1%} of quarter hours, {in_time:.1%} in time, {left:.1%} gave up")
    for policy, each in zip(policies, seen, strict=True):
        out.print(f"\n{policy.name}", markup=False)
        for change in policy.changes:
            out.print(f"  {change_words(change)}", markup=False)
        kept, in_time, left = (float(each.estimate(name).mean) for name in ("kept", "in_time", "abandoned"))
        out.print(f"  target met in {kept:.1%} of quarter hours, {in_time:.1%} in time, {left:.1%} give up")
        if policy.changes:
            for words in sentences(policy, each, seen[0], within_s=asked.answer_within_s):
                out.print(f"  {words}", markup=False)
