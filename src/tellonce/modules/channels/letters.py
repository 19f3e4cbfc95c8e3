"""What a mail says: plain text around the words that somebody wrote, in the customer's language."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from tellonce.modules.record.contracts import CustomerCard, ReachedAt, ToldMoment
from tellonce.modules.staff.contracts import ActorKind


def language_for(card: CustomerCard, point: ReachedAt | None) -> str:
    """The language of the person whose address it is, else the customer's first that we speak, else ours."""
    person = next((person for person in card.people if point and person.id == point.person_id), None)
    wanted = [person.language if person else "", *card.languages]
    return _first_spoken(wanted)


def _first_spoken(wanted: Sequence[str]) -> str:
    spoken = {code for code, _name in settings.LANGUAGES}
    codes = [code.replace("_", "-").split("-", maxsplit=1)[0].lower() for code in wanted if code]
    return next((code for code in codes if code in spoken), settings.LANGUAGE_CODE)


def subject_of(moment: ToldMoment) -> str:
    """The subject that the writer gave, else one that says who writes."""
    given = getattr(moment.data, "subject", "")
    return str(given) or gettext("A message from %(provider)s") % {"provider": settings.SETUP.provider}


def written(moment: ToldMoment, *, card: CustomerCard, language: str) -> tuple[str, str]:
    """Subject and body in `language`."""
    with translation.override(language):
        context = {
            "name": card.name,
            "words": moment.words,
            "writer": moment.by_name if moment.by_kind == ActorKind.PERSON else "",
            "provider": settings.SETUP.provider,
            "case_id": moment.about.case_id,
        }
        return subject_of(moment), render_to_string("channels/letter.txt", context).strip() + "\n"
