"""The switchboard: calls and other contacts wait, and reach a person."""

from tellonce.config import switchboard
from tellonce.config.setup import Setup


def run(settings: Setup) -> None:
    """Serves until SIGTERM or SIGINT."""
    switchboard.run(settings)
