"""What was told of a wait, in the reader's words."""

from django.utils.translation import gettext, ngettext

from tellonce.switchboard.decisions import Form


def wait_in_words(form: str, low_min: int, high_min: int) -> str:
    """As it was told; empty where nothing was."""
    match form:
        case Form.UNDER_A_MINUTE:
            return gettext("less than a minute")
        case Form.ABOUT:
            return ngettext("about %(high)s minute", "about %(high)s minutes", high_min) % {"high": high_min}
        case Form.BETWEEN:
            return gettext("%(low)s to %(high)s minutes") % {"low": low_min, "high": high_min}
        case Form.MORE_THAN:
            return gettext("more than an hour")
        case Form.NOT_KNOWN:
            return gettext("that it is not known")
        case _:
            return ""
