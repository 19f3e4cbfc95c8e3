"""The command that shows the product over a made-up provider."""

import json
import os
import threading
from pathlib import Path
from typing import Annotated

import typer

from tellonce.cli import processes
from tellonce.cli.inside import database, loaded, setup
from tellonce.cli.lifeline import follow_parent
from tellonce.cli.serving import Listen, Port, chosen, serve_here
from tellonce.cli.sip_port import lay_phone
from tellonce.cli.speech import say
from tellonce.cli.supervisor import Child
from tellonce.config.embedded import Layout
from tellonce.config.setup import DEMO_MARK, Setup, default_home
from tellonce.demo.afterwards import begin_afterwards
from tellonce.demo.entry import ENTRY
from tellonce.kernel.errors import DomainError

Pace = Annotated[float, typer.Option(help="Made-up people call, wait and talk so many times as fast.", min=0.1, max=20)]


class NotADemoError(DomainError):
    """The home holds real data."""

    code = "not_a_demo"


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.command()(demo)
    app.command(hidden=True)(callers)
    app.command(hidden=True)(own_line)


def demo(  # noqa: PLR0917 - typer gives all of them by name
    port: Port = None,
    listen: Listen = None,
    customers: Annotated[int, typer.Option(help="How many customers the made-up provider has.", min=100)] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed is another provider; the same seed is the same one.")] = 1,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make the provider anew, up to now.")] = False,
    calls: Annotated[bool, typer.Option(help="Let made-up customers go on calling.")] = True,
    pace: Pace = 1.0,
) -> None:
    """Starts a made-up provider with two years of history, in a home of its own, and lets its customers call.

    Example: `tellonce demo`
    """
    _prepare()
    sip_port = lay_phone(Path(os.environ["TELLONCE_HOME"]).expanduser().absolute())
    settings = chosen(port, listen)
    processes.refuse_taken(settings.listen, settings.port)
    threading.Thread(target=loaded, args=("demo",), daemon=True).start()  # while a new database is made
    with database(settings):
        _fill(settings, customers=customers, seed=seed, fresh=fresh)
        serve_here(
            settings,
            *children_beside(settings, calls=calls, pace=pace),
            is_migrated=True,
            then=lambda: _begin(settings, seed, sip_port),
        )


def children_beside(settings: Setup, *, calls: bool, pace: float) -> list[Child]:
    """Made-up callers, who keep the line for real phones as well; without them the line alone."""
    if calls:
        return [Child("callers", processes.own_command("callers", "--pace", str(pace)))]
    return [Child("own line", processes.own_command("own-line"))] if settings.phone == "embedded" else []


def _begin(settings: Setup, seed: int, sip_port: int) -> None:
    begin_afterwards(seed)
    if sip_port and settings.phone == "embedded":
        say(f"Call it with any SIP phone on this machine: sip:{ENTRY}@127.0.0.1:{sip_port}")


def callers(pace: Pace = 1.0) -> None:
    """Lets made-up customers go on contacting the demo's provider."""
    settings = setup()
    home_is_a_demo(settings.home)
    follow_parent()
    with database(settings):
        loaded("demo").call(pace=pace)


def own_line() -> None:
    """Keeps the demo's line for real phones, without made-up callers."""
    settings = setup()
    home_is_a_demo(settings.home)
    follow_parent()
    with database(settings):
        loaded("demo").keep_line()


def home_is_a_demo(home: Path) -> None:
    """Marks a new home as a demo's; NotADemoError for one that holds anything else."""
    mark = home / DEMO_MARK
    if mark.exists():
        return
    if Layout(home).data() is not None or (home / "attachments").exists():
        raise NotADemoError(f"{home} holds real data, not a demo; use another --home, or none.")
    home.mkdir(parents=True, exist_ok=True)
    mark.write_text("{}")


def _prepare() -> None:
    """The demo never touches real data: its own home, the embedded database, whatever the environment says."""
    home = os.environ.setdefault("TELLONCE_HOME", str(default_home().with_name(f"{default_home().name}-demo")))
    os.environ["TELLONCE_DEMO"] = "1"
    if os.environ.pop("DATABASE_URL", ""):
        say(f"The demo leaves DATABASE_URL alone and keeps its own database under {home}.")
    home_is_a_demo(Path(home).expanduser().absolute())


def _fill(settings: Setup, *, customers: int, seed: int, fresh: bool) -> None:
    """Makes the provider once; one that was interrupted, or is asked for anew, is made from nothing."""
    wanted = {"customers": customers, "seed": seed}
    mark = settings.home / DEMO_MARK
    made = json.loads(mark.read_text() or "{}")
    if made and not fresh:
        if made != wanted:
            say(f"This demo was made with {made}; --fresh makes it anew.")
        loaded("migrate").migrate()  # it may have been made by an older version
        loaded("demo").bring_up(**made)
        return
    mark.write_text("{}")
    loaded("demo").generate(customers=customers, seed=seed)
    mark.write_text(json.dumps(wanted))
