"""How good forecasts of a call log's own past would have been, said on the command line."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from tellonce.cli.progress import bar
from tellonce.cli.speech import out
from tellonce.intake import commands
from tellonce.lab.forecasting import CHOSEN, MODELS, Score, backtest, series_of_arrivals

_QUARTER_S = 900


def show(file: Path, *, mapping: str, days: int, as_json: bool) -> None:
    """Reads the log, lets every model forecast its past, and prints how good each was, by queue."""
    with bar("Reading the log"):
        queues = commands.calls_in(file, mapping=mapping)
    said = []
    for (code, zone), times in sorted(queues.items()):
        with bar(f"Forecasting {code or 'the log'} from its own past"):
            scores = list(_scores(times, ZoneInfo(zone or settings.TIME_ZONE), days=days))
        said.append({"queue": code, "calls": len(times), "days_ahead": days, "scores": [_row(each) for each in scores]})
    if as_json:
        out.print(json.dumps(said), markup=False)
        return
    for queue in said:
        _print(queue)


def _scores(times: list[datetime], zone: ZoneInfo, *, days: int) -> Iterator[Score]:
    """Each model's score, the chosen first, then by error."""
    local = [at.astimezone(zone).replace(tzinfo=None) for at in times]
    series = series_of_arrivals(local, interval_s=_QUARTER_S, empty_days="unknown")
    tested = backtest(series, days, models=MODELS)
    yield tested.score(CHOSEN)
    yield from sorted((tested.score(model.name) for model in MODELS), key=lambda score: score.wape)


def _row(score: Score) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not isfinite(value) else value
        for name, value in asdict(score).items()
    }


def _print(queue: dict[str, Any]) -> None:
    out.print(
        f"{queue['queue']}: {queue['calls']:,} calls, quarter hours up to {queue['days_ahead']} days ahead",
        markup=False,
    )
    out.print(f"{'model':<26}{'error (WAPE)':>14}{'bias':>9}{'inside 80%':>12}")
    for row in queue["scores"]:
        inside = "" if row["coverage"] is None else f"{row['coverage']:.0%}"
        name = "the best until then" if row["model"] == CHOSEN else row["model"]
        out.print(f"{name:<26}{row['wape']:>14.1%}{row['bias']:>+9.1%}{inside:>12}", markup=False)
