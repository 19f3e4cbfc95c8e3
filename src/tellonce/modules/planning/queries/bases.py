"""What a rehearsal starts from: a scenario learned from the provider's own call records, and what is said about it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.fitting import Arrivals, Ending, Fitted, at_work, expected_calls, fit, scenario
from tellonce.lab.rehearsal import Base
from tellonce.lab.routing import Rules, concerning
from tellonce.lab.simulation import Person as AtThePhones
from tellonce.lab.simulation import Scenario, Stream, measures, simulate
from tellonce.lab.simulation.outcome import ENTERED
from tellonce.modules.phone import queries as phone
from tellonce.modules.phone.contracts import QueueLine
from tellonce.modules.planning.contracts import DAYS, QUARTERS
from tellonce.modules.planning.contracts.decisions import ArrivalsFrom, BadDecisionError, DecisionTerms
from tellonce.modules.planning.models import Forecast
from tellonce.modules.planning.queries.forecasts import latest_forecast
from tellonce.modules.planning.queries.records import Period, Records, last_weeks, records
from tellonce.modules.record import queries as record
from tellonce.modules.record.queries import for_learning
from tellonce.modules.staff import queries as staff

ELSEWHERE = "elsewhere"
"""The area of customers of whom too few call to be told apart."""

_MOST_STREAMS = 48  # what is kept of each takes room by hour of the period
_MOST_GROUPS = 8
_MOST_REPEATS = 0.6
_ROUNDS = 4
_NEAR = 0.03
Groups = dict[tuple[str, str], NDArray[np.bool_]]


def base_of(terms: DecisionTerms, queues: Sequence[QueueLine], *, at: datetime) -> tuple[Base, dict[str, Any]]:
    """The scenario as it is, and what a page says about where it comes from.

    BadDecisionError, or lab.fitting's FittingInputError, where the calls teach too little.
    """
    found = records(queues, last_weeks(queues, terms.weeks, at=at))
    return base_from(terms, queues, found, at=at)


def base_from(
    terms: DecisionTerms, queues: Sequence[QueueLine], found: Records, *, at: datetime
) -> tuple[Base, dict[str, Any]]:
    """The same from records that were read already, on the forecasts that were there `at` that time.

    Callers who call again are simulated where that comes as near to what was seen as calls that come as counted do.
    """
    fitted = fit(found.log)
    seen = seen_measures(found, within_s=terms.answer_within_s, target_share=terms.target_share)
    forecasts = forecasts_of(queues, at=at) if terms.arrivals == ArrivalsFrom.FORECAST else ()
    within_s, rules = terms.answer_within_s, rules_of(queues, found)
    made = _merged(found, fitted, forecasts, again=None, within_s=within_s, rules=rules)
    again = follows(fitted, found)
    follows_callers = False
    if again is not None:
        counted = _merged(found, fitted, (), again=None, within_s=within_s, rules=rules)
        first = _merged(found, fitted, (), again=again, within_s=within_s, rules=rules)
        scale = _first_calls(first, calls=seen["calls"])
        follows_callers = _error(_scaled(first, scale), seen) <= _error(counted, seen) + _NEAR
        if follows_callers:
            made = _scaled(_merged(found, fitted, forecasts, again=again, within_s=within_s, rules=rules), scale)
    base = Base(replace(made, people=_placed(made.people)), found.period.first.weekday())
    about = _about(terms, base, found, seen=seen, again=follows_callers)
    more = {"forecasts": [_forecast_row(each) for each in forecasts], "live_rules": rules is not None}
    return base, about | more


def rules_of(queues: Sequence[QueueLine], found: Records) -> Rules | None:
    """The switchboard's own, where it routed most of the calls; None where another system did, by rules of its own.

    What is kept free by skill holds for the kinds of calls of the queues that ask for it.
    """
    if not phone.routed_by_us([queue.id for queue in queues], *found.period.bounds):
        return None
    rules, skills = phone.routing_rules(), {queue.name: queue.skill_code or queue.code for queue in queues}
    kept = {name: rules.reserve[skill] for name, skill in skills.items() if skill in rules.reserve}
    return replace(rules, reserve=kept)


def _first_calls(first: Scenario, *, calls: int) -> float:
    """The factor on first calls with which as many come, redials and repeats included, as were seen."""
    scale = 1.0
    for _ in range(_ROUNDS):
        came = float(measures.totals(simulate(_scaled(first, scale), replications=1), ENTERED).mean())
        scale *= calls / max(came, 1.0)
    return scale


def _scaled(made: Scenario, factor: float) -> Scenario:
    streams = tuple(
        replace(stream, arrivals=tuple((np.array(stream.arrivals) * factor).tolist())) for stream in made.streams
    )
    return replace(made, streams=streams)


def _error(made: Scenario, seen: Mapping[str, Any]) -> float:
    """How far the shares in time and given up are from those seen, together."""
    came = simulate(made, replications=2)
    in_time, left = measures.service_level(came).mean(), measures.abandonment(came).mean()
    return float(abs(in_time - seen["in_time"]) + abs(left - seen["abandoned"]))


def follows(fitted: Fitted, found: Records) -> NDArray[np.float64] | None:
    """Of each kind the share of calls that are redials or repeats, None where callers cannot be followed."""
    if fitted.redial is None or fitted.repeat is None:
        return None
    came = np.maximum(np.bincount(found.log.kind[found.log.in_queue], minlength=len(fitted.kinds)), 1)
    gave_up = np.bincount(found.log.kind[found.log.ended_as(Ending.ABANDONED)], minlength=len(fitted.kinds)) / came
    shares = gave_up * fitted.redial.share + (1.0 - gave_up) * (1.0 - fitted.repeat.solved)
    return np.asarray(np.clip(shares, 0.0, _MOST_REPEATS))


def _merged(
    found: Records,
    fitted: Fitted,
    forecasts: Sequence[Forecast],
    *,
    again: NDArray[np.float64] | None,
    within_s: float,
    rules: Rules | None,
) -> Scenario:
    """One scenario of the streams of every group of customers, with the calls that were seen or that are forecast."""
    work = at_work(found.log)
    groups = _groups(found, most=max(1, _MOST_STREAMS // max(len(_streams_of(found, fitted)), 1)))
    intervals = found.period.days * QUARTERS
    seen = {
        key: expected_calls(fitted, Arrivals.seen_in(found.log.where(chosen)), intervals=intervals)
        for key, chosen in groups.items()
        if (chosen & found.log.in_queue).any()
    }
    if forecasts:
        seen = _as_forecast(seen, forecasts, found)
    parts = []
    for (area, segment), expected in seen.items():
        part = scenario(
            fitted,
            expected=expected if again is None else expected * (1.0 - again)[:, None, None],
            people=work,
            answer_within_s=within_s,
            calls_again=again is not None,
            counted=again is None and not forecasts,
            rules=rules,
        )
        parts.append(replace(part, streams=tuple(_marked(stream, area, segment) for stream in part.streams)))
    matters = {matter.name: matter for part in parts for matter in part.matters}
    streams = tuple(stream for part in parts for stream in part.streams)
    made = replace(parts[0], matters=tuple(matters.values()), streams=streams)
    return made if rules is None else _ruled(made)


def _ruled(made: Scenario) -> Scenario:
    """With everybody at their place, and the rules as far as they concern somebody."""
    people = _placed(made.people)
    places = {place for person in people for place in (person.site, person.partner)}
    skills = {skill for person in people for skill in person.skills}
    return replace(made, people=people, rules=concerning(made.rules, places=places, skills=skills))


def _marked(stream: Stream, area: str, segment: str) -> Stream:
    name = ", ".join(word for word in (stream.name, area, segment) if word)
    return replace(stream, name=name, area=area, segment=segment or stream.segment)


def _streams_of(found: Records, fitted: Fitted) -> set[tuple[int, int]]:
    """Pairs of kind and priority that calls have; each is told apart by two or three paces of the day besides."""
    pairs = zip(found.log.kind.tolist(), found.log.priority.tolist(), strict=True)
    return {(kind, priority) for kind, priority in pairs} | {(n, -1) for n in range(2 * len(fitted.kinds))}


def _groups(found: Records, *, most: int) -> Groups:
    """Calls by area and kind of customer, as far as there is room to tell them apart; else by area, else together."""
    area_of, kind_of = _areas(), dict(_kinds())
    known = np.unique(found.customer)
    areas = {customer: area_of.get(customer, "") for customer in known.tolist()}
    if not any(areas.values()):
        return {("", ""): np.ones(len(found.log), dtype=np.bool_)}
    most = min(most, _MOST_GROUPS)
    both = np.array([f"{areas[each]}\n{kind_of.get(each, '')}" for each in known.tolist()])
    marks = both[np.searchsorted(known, found.customer)]
    if len(np.unique(marks)) > most:
        marks = np.array([mark.partition("\n")[0] + "\n" for mark in marks.tolist()])
    names, counts = np.unique(marks, return_counts=True)
    shown = names[np.argsort(-counts, kind="stable")][: most if len(names) <= most else most - 1]
    marks = np.where(np.isin(marks, shown), marks, ELSEWHERE + "\n")
    found_groups = {}
    for mark in np.unique(marks).tolist():
        area, _, segment = mark.partition("\n")
        found_groups[area, segment] = marks == mark
    return found_groups


def _areas() -> dict[int, str]:
    """The region of each customer who lives in one; where there is one region only, the area below it."""
    parents, names = for_learning.area_parents(), {area.pk: area.name for area in record.areas()}
    lives = {
        row.customer_id: row.area_id for row in for_learning.stays() if row.area_id is not None and row.until is None
    }
    paths = {area: _path(area, parents) for area in set(lives.values())}
    level = 0 if len({path[0] for path in paths.values()}) > 1 else 1
    return {customer: names[paths[area][min(level, len(paths[area]) - 1)]] for customer, area in lives.items()}


def _path(area: int, parents: Mapping[int, int | None]) -> list[int]:
    path = [area]
    while (above := parents.get(path[0])) is not None:
        path.insert(0, above)
    return path


def _kinds() -> list[tuple[int, str]]:
    return [(row.id, row.kind) for row in for_learning.all_customers()]


def _placed(people: tuple[AtThePhones, ...]) -> tuple[AtThePhones, ...]:
    """Those on staff with their site and partner."""
    known = {
        f"#{pk}": (site or "", partner or "")
        for pk, site, partner in staff.people().values_list("pk", "site__name", "partner__name")
    }
    return tuple(
        replace(person, site=known[person.name][0], partner=known[person.name][1]) if person.name in known else person
        for person in people
    )


def _as_forecast(
    seen: dict[tuple[str, str], NDArray[np.float64]], forecasts: Sequence[Forecast], found: Records
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """The calls that are forecast, mixed by hour of the day as those that were seen."""
    total = _forecast(forecasts, found)
    hour = np.arange(len(total)) % QUARTERS // 4
    stacked = np.stack(list(seen.values()))
    by_hour = np.stack([stacked[..., hour == each].sum(axis=-1) for each in range(24)], axis=-1)
    overall = stacked.sum(axis=-1)
    whole = by_hour.sum(axis=(0, 1, 2))
    shares = np.where(whole > 0, by_hour / np.maximum(whole, 1e-9), (overall / max(overall.sum(), 1e-9))[..., None])
    return {key: shares[place][..., hour] * total for place, key in enumerate(seen)}


def forecasts_of(queues: Sequence[QueueLine], *, at: datetime) -> tuple[Forecast, ...]:
    """The latest forecast of each queue `at` that time; BadDecisionError names a queue that has none."""
    made = {queue.name: latest_forecast(queue.id, until=at) for queue in queues}
    for name, forecast in made.items():
        if forecast is None:
            raise BadDecisionError.because("no_forecast", field="arrivals", queue=name)
    return tuple(each for each in made.values() if each is not None)


def _forecast_row(forecast: Forecast) -> dict[str, Any]:
    return {"id": forecast.pk, "made_at": forecast.made_at.isoformat()}


def _forecast(forecasts: Sequence[Forecast], found: Records) -> NDArray[np.float64]:
    """Calls of all queues by quarter hour: the first days of the forecasts that begin on the period's weekday."""
    period, total = found.period, np.zeros(found.period.days * QUARTERS)
    for forecast in forecasts:
        rows = np.array(forecast.expected, dtype=np.float64).reshape(forecast.days, -1)
        rows = rows[_days_like(period, forecast)]
        finer = QUARTERS // rows.shape[1]
        total += np.repeat(rows / finer, finer, axis=1).ravel()
    return total


def _days_like(period: Period, forecast: Forecast) -> NDArray[np.int64]:
    """A day of the forecast, of the same weekday, for each day of the period; its weeks begin anew where they end."""
    skip = (period.first.weekday() - forecast.first_day.weekday()) % DAYS
    weeks = max((forecast.days - skip) // DAYS, 1)
    place = skip + np.arange(period.days) % (weeks * DAYS)
    return np.where(place >= forecast.days, place - DAYS, place)


def _about(terms: DecisionTerms, base: Base, found: Records, *, seen: Mapping[str, Any], again: bool) -> dict[str, Any]:
    log = found.log
    return {
        "first_day": found.period.first.isoformat(),
        "last_day": found.period.last.isoformat(),
        "days": found.period.days,
        "calls": int(log.in_queue.sum()),
        "people": len(base.scenario.people),
        "skills": list(base.skills),
        "areas": list(base.areas),
        "places": list(base.places),
        "follows_callers": again,
        "arrivals": terms.arrivals,
        "seen": dict(seen),
    }


def seen_measures(found: Records, *, within_s: float, target_share: float) -> dict[str, Any]:
    """What the callers of some records met: the measures of a rehearsal, None where there is nothing to measure."""
    came = found.log.where(found.log.in_queue)
    if not len(came):
        return {"calls": 0}
    in_time = came.answered & (came.wait_s <= within_s)
    quarter = (came.queued_s // 900).astype(np.int64)
    calls = np.bincount(quarter)
    kept = np.bincount(quarter, weights=in_time) >= target_share * np.maximum(calls, 1)
    return {
        "calls": len(came),
        "kept": float(kept[calls > 0].mean()),
        "in_time": float(in_time.mean()),
        "abandoned": float(1.0 - came.answered.mean()),
        "p50": float(np.quantile(came.wait_s[came.answered], 0.5)) if came.answered.any() else None,
        "p90": float(np.quantile(came.wait_s[came.answered], 0.9)) if came.answered.any() else None,
    }
