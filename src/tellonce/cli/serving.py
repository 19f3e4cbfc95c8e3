"""The commands that run: serve, web, live, audio, worker, switchboard."""

import os
from collections.abc import Callable
from typing import Annotated

import typer

from tellonce.cli import processes
from tellonce.cli.inside import database, loaded, setup
from tellonce.cli.lifeline import follow_parent
from tellonce.cli.speech import out, say
from tellonce.cli.supervisor import Child, Supervisor
from tellonce.config import audio as audio_process
from tellonce.config import live as live_process
from tellonce.config.embedded import keep_up
from tellonce.config.setup import Setup

Port = Annotated[int | None, typer.Option(help="The port of the pages; live streams use the one above it.")]
Listen = Annotated[str | None, typer.Option(help="The address to listen on; 0.0.0.0 is every address of this machine.")]


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.command()(serve)
    app.command()(web)
    app.command()(live)
    app.command()(audio)
    app.command()(worker)
    app.command()(switchboard)


def serve(port: Port = None, listen: Listen = None) -> None:
    """Runs everything on this machine over your own data: database, pages, live streams, background work, switchboard.

    Example: `tellonce serve --port 8460`
    """
    serve_here(chosen(port, listen))


def web(port: Port = None, listen: Listen = None) -> None:
    """Runs the pages alone; any number of these may run on any number of machines.

    Example: `tellonce web --port 8460`
    """
    settings = chosen(port, listen)
    follow_parent()
    processes.refuse_taken(settings.listen, settings.port)
    with database(settings):
        processes.run_web(settings)


def live(port: Port = None, listen: Listen = None) -> None:
    """Runs the live streams alone, on the port above the pages' port.

    Example: `tellonce live --port 8460` (listens on 8461)
    """
    settings = chosen(port, listen)
    follow_parent()
    processes.refuse_taken(settings.listen, settings.live_port)
    with database(settings):
        live_process.run(settings)


def audio(
    number: Annotated[int, typer.Option(help="Which of several processes this is, from 0 on.", min=0)] = 0,
    port: Port = None,
    listen: Listen = None,
) -> None:
    """Runs the phones in browsers alone, two ports above the pages' port; needs the embedded phone gateway.

    Example: `tellonce audio --port 8460` (listens on 8462)
    """
    settings = chosen(port, listen)
    follow_parent()
    processes.refuse_taken(settings.listen, settings.audio_port + number)
    with database(settings):
        audio_process.run(settings, number)


def worker() -> None:
    """Runs the background work alone: mail out, promises coming due, stalled work tried again.

    Example: `tellonce worker`
    """
    settings = setup()
    follow_parent()
    with database(settings):
        loaded("worker").run()


def switchboard() -> None:
    """Runs the switchboard alone; a second one stands by, and takes over when the first is gone.

    Example: `tellonce switchboard`
    """
    settings = setup()
    follow_parent()
    with database(settings):
        loaded("switchboard").run(settings)


def serve_here(
    settings: Setup, *others: Child, is_migrated: bool = False, then: Callable[[], None] = lambda: None
) -> None:
    """Everything on this machine, until a signal comes; `then` is called when the pages answer."""
    processes.refuse_taken(settings.listen, settings.port)
    processes.refuse_taken(settings.listen, settings.live_port)
    has_browser_phones = settings.phone == "embedded"
    os.environ.setdefault("TELLONCE_LIVE_ORIGIN", processes.live_origin(settings))
    if has_browser_phones:
        os.environ.setdefault("TELLONCE_AUDIO_ORIGIN", processes.audio_origin(settings))
        for number in range(settings.audio_processes):
            processes.refuse_taken(settings.listen, settings.audio_port + number)
    with database(settings) as server:
        if not is_migrated:
            loaded("migrate").migrate()
        supervisor = Supervisor(
            [
                *(Child(name, processes.own_command(name)) for name in ("web", "live", "worker", "switchboard")),
                *(_audio(number) for number in range(settings.audio_processes) if has_browser_phones),
                *others,
            ],
            keep_up=None if server is None else lambda: keep_up(server, say=say),
            say=say,
        )
        supervisor.run(ready=lambda: processes.answers(settings), when_ready=lambda: _welcome(settings, then))


def _audio(number: int) -> Child:
    return Child(f"audio {number}", processes.own_command("audio", "--number", str(number)))


def _welcome(settings: Setup, then: Callable[[], None]) -> None:
    then()
    out.print(f"Tellonce is at [bold]{settings.origin}[/]  (Ctrl-C stops it)")


def chosen(port: int | None, listen: str | None) -> Setup:
    """The settings, with the port and the address that were asked for."""
    if port is not None:
        os.environ["TELLONCE_PORT"] = str(port)
    if listen is not None:
        os.environ["TELLONCE_LISTEN"] = listen
    return setup()
