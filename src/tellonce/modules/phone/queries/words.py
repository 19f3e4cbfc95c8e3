"""What the switchboard says, in the reader's words: of a wait, and why something cannot be."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tellonce.switchboard.commands import Refusal
from tellonce.switchboard.decisions import Form
from tellonce.switchboard.promises import Became


def wait_in_words(form: str, low_min: int, high_min: int) -> str:
    """As it was told; empty where nothing was."""
    match form:
        case Form.UNDER_A_MINUTE:
            return gettext("less than a minute")
        case Form.ABOUT:
            return ngettext("about %(n)d minute", "about %(n)d minutes", high_min) % {"n": high_min}
        case Form.BETWEEN:
            return gettext("between %(low)d and %(high)d minutes") % {"low": low_min, "high": high_min}
        case Form.MORE_THAN:
            return gettext("more than an hour")
        case Form.NOT_KNOWN:
            return gettext("that the wait is not known")
        case _:
            return ""


def became_in_words(became: str) -> str:
    """What became of a told wait."""
    match became:
        case Became.ANSWERED:
            return gettext("a person answered")
        case Became.CALLED_BACK:
            return gettext("we called back")
        case Became.ABANDONED:
            return gettext("hung up")
        case Became.LOST:
            return gettext("the line was lost")
        case Became.CAME_BACK:
            return gettext("called again")
        case _:
            return gettext("given up")


_REFUSED = {
    Refusal.NOT_FREE: _("Your colleague has just been taken: choose somebody else, or a queue."),
    Refusal.CLOSED: _("That queue is closed now: choose another one, or promise a call."),
    Refusal.UNKNOWN_QUEUE: _("That queue takes no calls any more: choose another one."),
    Refusal.PENDING: _("You are asking a colleague already: leave the caller with them, or take the caller back."),
    Refusal.NOT_TALKING: _("That came too late: the call is over, or the colleague has not answered yet."),
    Refusal.NO_NUMBER: _("That number cannot be called."),
    Refusal.NOT_ALLOWED_NUMBER: _("That number cannot be called."),
}


def refusal_in_words(refused: str) -> str:
    """Why what somebody asked of their phone cannot be; empty where nothing was refused."""
    if not refused:
        return ""
    return next((str(words) for why, words in _REFUSED.items() if why == refused), gettext("That is not possible now."))
