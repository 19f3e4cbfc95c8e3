"""What is watched for: by what a line that must not come again is known, and how that is said in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from tellonce.modules.billing.contracts.moments import money


@dataclass(frozen=True, slots=True)
class WatchRule:
    """What a line looks like that must not come again; see `models.Watch`. Amounts are without tax, in minor units.

    A line that names no service may be of the service that is looked for.
    """

    code: str = ""
    product: str = ""
    service_id: int | None = None
    device_serial: str = ""
    amount_from_minor: int | None = None
    amount_until_minor: int | None = None
    pattern: str = ""
    wrong_minor: int | None = None
    allowed_lines: int = 0

    def in_words(self, currency: str, *, services: Mapping[int, str] | None = None) -> str:
        """All that a line must have; `services` are the names of the customer's services."""
        service = "" if self.service_id is None else (services or {}).get(self.service_id, str(self.service_id))
        said = [
            _named(gettext("charge code %(what)s"), self.code),
            _named(gettext("product %(what)s"), self.product),
            _named(gettext("service %(what)s"), service),
            _named(gettext("device %(what)s"), self.device_serial),
            _named(gettext("words like “%(what)s”"), self.pattern),
            self._amount_in_words(currency),
            self._allowed_in_words(),
        ]
        return ", ".join(part for part in said if part)

    def _amount_in_words(self, currency: str) -> str:
        low, high = self.amount_from_minor, self.amount_until_minor
        told = {"low": money(low or 0, currency), "high": money(high or 0, currency)}
        if low is None and high is None:
            return gettext("at any amount")
        if low == high:
            return gettext("at exactly %(low)s without tax") % told
        if low is None:
            return gettext("at most %(high)s without tax") % told
        if high is None:
            return gettext("at least %(low)s without tax") % told
        return gettext("from %(low)s to %(high)s without tax") % told

    def _allowed_in_words(self) -> str:
        if not self.allowed_lines:
            return ""
        words = ngettext(
            "only what is more than %(n)d such line on a bill",
            "only what is more than %(n)d such lines on a bill",
            self.allowed_lines,
        )
        return words % {"n": self.allowed_lines}


def _named(words: str, what: str) -> str:
    return words % {"what": what} if what else ""
