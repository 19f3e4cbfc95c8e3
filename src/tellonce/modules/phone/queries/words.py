"""What was told of a wait, in the reader's words."""

from django.utils.translation import gettext, ngettext

from tellonce.switchboard.decisions import Form


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
