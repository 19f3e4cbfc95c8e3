"""How moments say times and matters."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from tellonce.webkit import times


def spoken_time(at: datetime) -> str:
    """A moment in time as people here say it to whoever reads it now, in their language and time zone."""
    return times.spoken(at, now=timezone.now())


def matter_in_words(matter: str) -> str:
    """The name of a matter in the reader's language."""
    return gettext(matter) if matter else ""


def about(matter: str) -> str:
    """What something is about, as part of a headline; empty for no matter."""
    return gettext("about: %(matter)s") % {"matter": matter_in_words(matter)} if matter else ""


def parts(*many: str) -> str:
    """The parts that are not empty, with a dot between them."""
    return " · ".join(part for part in many if part)
