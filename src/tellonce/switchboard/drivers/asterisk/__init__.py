"""Asterisk as the way to phones, over its REST interface (ARI)."""

from tellonce.switchboard.drivers.asterisk.driver import AsteriskDriver
from tellonce.switchboard.drivers.asterisk.settings import AsteriskSettings

__all__ = ["AsteriskDriver", "AsteriskSettings"]
