"""The one command: `tellonce`."""

from tellonce.cli.app import main

__all__ = ["main"]
