"""How good the likely reasons are: measured on contacts after those the model learned from."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tellonce.desk.models import ReasonModel
from tellonce.desk.reasons import ENOUGH_CONTACTS
from tellonce.webkit.page import page

SIDE = 200  # of the picture, in its own units
_SMALLEST, _LARGEST = 2.5, 9.0


@dataclass(frozen=True, slots=True)
class Guesses:
    """One way of guessing; shares in percent, `log_loss` the mean (lower is better)."""

    name: str
    first: float
    first_three: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Dot:
    """Guesses of about one probability, in percent, and where they stand in the picture: right of, above, how large."""

    count: int
    said: float
    right: float
    x: float
    y: float
    radius: float


@require_safe
def reasons(request: HttpRequest) -> HttpResponse:
    """First guess, first three and calibration of the newest model, beside the base rate."""
    newest = ReasonModel.objects.defer("model").first()
    context: dict[str, Any] = {"newest": newest, "enough": ENOUGH_CONTACTS, "is_demo": settings.SETUP.demo}
    if newest is not None:
        report = newest.report
        context |= {
            "ways": _ways(report),
            "dots": _dots(report["reliability"]),
            "measured_on": report["measured_on"],
            "calibration_error": 100 * report["calibration_error"],
            "side": SIDE,
        }
    return page(request, "desk/reasons.html", context)


def _ways(report: dict[str, Any]) -> list[Guesses]:
    named = (
        ("model", gettext("The model")),
        ("base_rate", gettext("Base rate: how often each matter comes")),
        ("last_matter", gettext("The same as last time")),
        ("rules", gettext("Rules written by hand")),
    )
    return [
        Guesses(
            name, 100 * report[key]["first"], 100 * report[key]["first_three"], log_loss=float(report[key]["log_loss"])
        )
        for key, name in named
    ]


def _dots(bins: list[dict[str, Any]]) -> list[Dot]:
    most = max((each["count"] for each in bins), default=1)
    return [
        Dot(
            count=each["count"],
            said=100 * each["said"],
            right=100 * each["right"],
            x=round(SIDE * each["said"], 1),
            y=round(SIDE * (1 - each["right"]), 1),
            radius=round(max(_SMALLEST, _LARGEST * (each["count"] / most) ** 0.5), 1),
        )
        for each in bins
        if each["count"]
    ]
