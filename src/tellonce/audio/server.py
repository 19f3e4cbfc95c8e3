"""Runs an audio process."""

import uvicorn
from starlette.applications import Starlette

from tellonce.audio.app import AudioSettings, build
from tellonce.audio.line import UserOf


def run(settings: AudioSettings, user_of: UserOf) -> None:
    """Serves until SIGTERM or SIGINT. Addresses are never logged: they carry tickets."""
    server_of(build(settings, user_of), settings).run()


def server_of(app: Starlette, settings: AudioSettings) -> uvicorn.Server:
    """A server of the application that `build` made, ready to run."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    return uvicorn.Server(config)
