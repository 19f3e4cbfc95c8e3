"""Runs the live process."""

from types import FrameType

import uvicorn
from starlette.applications import Starlette

from tellonce.live.app import LiveSettings, build
from tellonce.live.connections import StreamingProtocol
from tellonce.live.hub import Hub


class _Server(uvicorn.Server):
    """Ends the streams when it is told to stop, instead of waiting for them."""

    def __init__(self, config: uvicorn.Config, *, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._hub.close()


def run(settings: LiveSettings) -> None:
    """Serves until SIGTERM or SIGINT. Addresses are never logged: they carry tickets."""
    server_of(build(settings), settings).run()


def server_of(app: Starlette, settings: LiveSettings) -> uvicorn.Server:
    """A server of the application that `build` made, ready to run."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=StreamingProtocol,
        log_level="warning",
        access_log=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=2,
        server_header=False,
        backlog=4096,
    )
    return _Server(config, hub=app.state.hub)
