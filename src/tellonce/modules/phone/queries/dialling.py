"""Which numbers we call."""

from django.conf import settings
from django.utils.translation import gettext
from phonenumbers import country_code_for_region

from tellonce.switchboard.commands import Refusal
from tellonce.switchboard.dialling import refusal_to_dial
from tellonce.switchboard.settings import Dialling


def dialling_rules() -> Dialling:
    """Numbers of our own country may be called."""
    return Dialling(beginnings=(f"+{country_code_for_region(settings.SETUP.country)}",))


def why_not_dialled(number: str) -> str:
    """In words; empty where the switchboard would dial it."""
    match refusal_to_dial(number, dialling_rules()):
        case None:
            return ""
        case Refusal.NO_NUMBER:
            return gettext("Their number is not known.")
        case _:
            return gettext("We do not dial this number: it is no full number of a country that we call.")
