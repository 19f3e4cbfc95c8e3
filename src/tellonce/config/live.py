"""Runs the live process with plain values from this installation's settings."""

from tellonce.config.databases import connection_string
from tellonce.config.setup import Setup
from tellonce.live import server
from tellonce.live.app import LiveSettings


def live_settings(setup: Setup) -> LiveSettings:
    """What the live process needs to know of this installation."""
    return LiveSettings(
        conninfo=connection_string(setup),
        secret=setup.secret_key,
        origins=(setup.origin,),
        host=setup.listen,
        port=setup.live_port,
        metrics_token=setup.metrics_token,
    )


def run(setup: Setup) -> None:
    """Serves the live streams until a signal comes."""
    server.run(live_settings(setup))
