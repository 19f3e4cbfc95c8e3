"""The commands that plan people: how many a number of calls takes, and how good a forecast would have been."""

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from tellonce.cli.inside import loaded
from tellonce.cli.speech import out
from tellonce.lab.queueing import QueueInputError, Staffing, people_needed

_OPTIONS = {
    "calls_per_hour": "--calls-per-hour",
    "aht_s": "--aht",
    "answer_within_s": "--answer-within",
    "service_level": "--target",
    "patience_s": "--patience",
    "abandonment": "--max-abandonment",
    "shrinkage": "--shrinkage",
}
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    plan = typer.Typer(no_args_is_help=True, help="Plans people: how many it takes, and how good a forecast is.")
    plan.command("staff")(staff)
    plan.command("backtest")(backtest)
    app.add_typer(plan, name="plan")


def staff(  # noqa: PLR0917 - the options of a command
    calls_per_hour: Annotated[float, typer.Option(help="Calls that come in an hour.")],
    aht: Annotated[float, typer.Option(help="Mean seconds with a call and everything after it.")],
    answer_within: Annotated[float, typer.Option(help="Seconds within which a call should be answered.")] = 20.0,
    target: Annotated[float, typer.Option(help="The share of calls to answer so, such as 0.8.")] = 0.8,
    patience: Annotated[
        float | None, typer.Option(help="Mean seconds until a caller gives up; without it nobody does.")
    ] = None,
    max_abandonment: Annotated[
        float | None, typer.Option(help="At most this share of callers may give up, such as 0.05.")
    ] = None,
    shrinkage: Annotated[float, typer.Option(help="The share of those planned who are not at the phones.")] = 0.0,
    as_json: Json = False,
) -> None:
    """Says how many people a number of calls takes, by Erlang A (or C without patience), and what callers then meet.

    Example: `tellonce plan staff --calls-per-hour 200 --aht 180 --answer-within 20 --target 0.8`
    """
    try:
        found = people_needed(
            calls_per_hour=calls_per_hour,
            aht_s=aht,
            answer_within_s=answer_within,
            service_level=target,
            patience_s=np.inf if patience is None else patience,
            abandonment=1.0 if max_abandonment is None else max_abandonment,
            shrinkage=shrinkage,
        )
    except QueueInputError as error:
        rule = str(error).removeprefix(error.field).strip()
        raise typer.BadParameter(rule, param_hint=_OPTIONS.get(error.field, error.field)) from error
    _show_staff(found, within=answer_within, as_json=as_json)


def backtest(
    file: Annotated[Path, typer.Argument(help="A call log.", exists=True, dir_okay=False)],
    mapping: Annotated[str, typer.Option(help="A mapping file, or one of ours: anonymousbank.")],
    days: Annotated[int, typer.Option(help="Days ahead that are forecast.", min=1, max=35)] = 7,
    as_json: Json = False,
) -> None:
    """Forecasts a call log's own past from rolling origins, and says how good each model was; nothing is kept.

    Example: `tellonce plan backtest calls.txt --mapping anonymousbank --days 7`
    """
    loaded("backtests").show(file, mapping=mapping, days=days, as_json=as_json)


def _show_staff(found: Staffing, *, within: float, as_json: bool) -> None:
    seen = found.measures
    said = {
        "people": int(found.scheduled),
        "service_level": float(seen.service_level),
        "p_wait": float(seen.p_wait),
        "asa_s": float(seen.asa_s),
        "occupancy": float(seen.occupancy),
        "abandonment": float(seen.abandonment),
    }
    if as_json:
        out.print(json.dumps(said), markup=False)
        return
    away = "" if found.scheduled == found.people else f", so that {int(found.people)} are at the phones"
    out.print(f"{said['people']} people{away}.")
    out.print(f"{seen.service_level:.1%} of callers are answered within {within:g} s; {seen.p_wait:.1%} wait at all.")
    out.print(f"Mean wait {seen.asa_s:.1f} s; {seen.abandonment:.1%} give up; people are busy {seen.occupancy:.0%}.")
