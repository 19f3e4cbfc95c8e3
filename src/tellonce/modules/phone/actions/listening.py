"""A supervisor hears a call; its person is shown it, and the look stands in the access log."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from tellonce.datakit import alone
from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.contracts import NotOnPhoneError
from tellonce.modules.phone.models import LiveContact
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.queries import person
from tellonce.switchboard.facts import ListeningAsked, ListeningEnded

_CAN = "asterisk"


def can_listen_in() -> bool:
    """Whether the phone that was chosen lets anybody listen in."""
    return bool(settings.SETUP.phone == _CAN)


@transaction.atomic
def listen_in(*, supervisor: Person, contact: str, at: datetime, whispers: bool = False) -> None:
    """Rings the supervisor, who hears the call then. NotOnPhoneError where nobody talks, or it is not for them."""
    live = LiveContact.objects.filter(pk=contact, stage="talking", channel="call", parent="").first()
    if live is None or live.person_id is None:
        raise NotOnPhoneError(gettext("That call is over."))
    if not can_listen_in():
        raise NotOnPhoneError(gettext("Calls can be listened to with an Asterisk only."))
    if supervisor.partner_id is not None and person(live.person_id).partner_id != supervisor.partner_id:
        raise NotOnPhoneError(gettext("That call is not one of your people's."))
    if live.customer_id:
        reason = gettext("Whispered to who had the call.") if whispers else gettext("Listened in on the call.")
        _log(supervisor, live.customer_id, reason=reason, at=at)
    ask_switchboard(fact=ListeningAsked(at.timestamp(), contact, supervisor.pk, whispers), at=at)


def _log(supervisor: Person, customer_id: int, *, reason: str, at: datetime) -> None:
    alone(
        lambda ask: staff.log_view(
            ask, person=supervisor, customer_id=customer_id, page="listening", at=at, reason=reason
        )
    )


def stop_listening(*, supervisor: Person, contact: str, at: datetime) -> None:
    """Hears it no more."""
    ask_switchboard(fact=ListeningEnded(at.timestamp(), contact, supervisor.pk), at=at)
