"""From what the engine wants said to pieces of speech. Nothing is made up: what is not known is said to be so."""

from collections.abc import Mapping

from tellonce.switchboard.commands import Refusal, Refuse, SayCallback, SayChoice, SayGoodbye, SayNews, SayWait
from tellonce.switchboard.decisions import Choice, Form
from tellonce.switchboard.errors import SettingsError
from tellonce.switchboard.prompts import CONNECTING, NOTICE, Prompt
from tellonce.switchboard.wording.moments import moment
from tellonce.switchboard.wording.speech import LANGUAGES, NOTHING, Speech

MOST_MIN = 60
"""Minutes that are said as a number; beyond is "more than an hour"."""

MENU_KEYS = frozenset("123456789")

_REFUSED = {Refusal.NO_NUMBER: "no-number", Refusal.NOT_ALLOWED_NUMBER: "not-allowed"}

Said = SayChoice | SayWait | SayCallback | SayNews | SayGoodbye | Refuse


def welcome(speech: Speech, *, is_recorded: bool) -> Prompt:
    """Said first to everybody, with how to have no recording where calls are recorded."""
    return Prompt(speech.language, ("greeting", NOTICE) if is_recorded else ("greeting",))


def connecting(speech: Speech) -> Prompt:
    """Said when a person is there."""
    return Prompt(speech.language, (CONNECTING,))


def called_back(speech: Speech, *, is_lost: bool = False, is_recorded: bool = False) -> Prompt:
    """Said first to whom we call back: as they asked, or since the line was lost; and that the call is recorded."""
    first = "line-broke" if is_lost else "called-back"
    return Prompt(speech.language, (first, NOTICE) if is_recorded else (first,))


def said(command: Said, speech: Speech, *, at: float, menu: Mapping[str, str] = NOTHING) -> Prompt:
    """What a caller hears at `at`; `menu` is that of the number dialled, key to queue, for the choice of a menu."""
    match command:
        case SayChoice(choice=Choice.OUTAGE):
            pieces = _outage(command.time, speech, at)
        case SayChoice(choice=Choice.CLOSED):
            pieces = _closed(command.time, speech, at)
        case SayChoice():
            pieces = _menu(menu, speech)
        case SayWait():
            pieces = _wait(command)
        case SayCallback():
            pieces = _callback(command.due_at, speech, at)
        case SayNews():
            pieces = ("news",)
        case SayGoodbye():
            pieces = ("goodbye",)
        case Refuse():
            pieces = (_REFUSED.get(command.why, "not-possible"),)
    return Prompt(speech.language, pieces)


def _outage(until: float, speech: Speech, at: float) -> tuple[str, ...]:
    fixed = _when("fixed", until, speech, at) or ("fixed-unknown",)
    return "outage", *fixed, "outage-choice"


def _closed(until: float, speech: Speech, at: float) -> tuple[str, ...]:
    return "closed", *_when("opens", until, speech, at), "closed-choice"


def _callback(due_at: float, speech: Speech, at: float) -> tuple[str, ...]:
    calls = _when("calls", due_at, speech, at)
    return (*calls, "goodbye") if calls else ("callback",)


def _when(about: str, time: float, speech: Speech, at: float) -> tuple[str, ...]:
    """Pieces for a time to come; none for a time that is not known, or was not kept."""
    if time <= at:
        return ()
    return LANGUAGES[speech.language].when(about, moment(time, now=at, zone=speech.zone))


def _menu(menu: Mapping[str, str], speech: Speech) -> tuple[str, ...]:
    strange = sorted(menu.keys() - MENU_KEYS)
    if strange:
        raise SettingsError("menu", f"can have the keys 1 to 9, not {', '.join(strange)}.")
    return *(piece for key in sorted(menu) for piece in (speech.topic(menu[key]), f"press-{key}")), "a-person"


def _wait(told: SayWait) -> tuple[str, ...]:
    sorry = ("longer",) if told.is_again else ()
    offer = ("callback-offer",) if told.offers_callback else ()
    return *sorry, *_told(told, "again" if told.is_again else "wait"), *offer


def _told(told: SayWait, lead: str) -> tuple[str, ...]:
    match told.form:
        case Form.NOT_KNOWN:
            return (f"{lead}-not-known",)
        case Form.UNDER_A_MINUTE:
            return (f"{lead}-under-a-minute",)
        case Form.ABOUT if told.high_min <= MOST_MIN:
            return f"{lead}-about", f"minutes-{told.high_min}"
        case Form.BETWEEN if told.high_min <= MOST_MIN:
            return lead, f"between-{told.low_min}", f"minutes-{told.high_min}"
        case Form.BETWEEN:
            return f"{lead}-more-than", f"minutes-{told.low_min}", "perhaps-an-hour"
        case _:
            return (f"{lead}-over-an-hour",)
