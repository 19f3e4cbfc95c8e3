"""Every time of day and every day can be said, in words that no listener takes for another time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tellonce.switchboard.commands import SayCallback, SayChoice, SayWait
from tellonce.switchboard.decisions import Choice, Form
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.wording import LANGUAGES, Speech, moment, said, text_of

MORNING = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday, at midnight
MINUTES = [5 * step for step in range(24 * 12)]


def clock(language: str, minutes: int) -> str:
    pieces = LANGUAGES[language].when("opens", moment(tell(minutes), now=tell(1440 - 5), zone=UTC))
    text = text_of(Prompt(language, pieces))
    for lead in ("We open today at ", "We open tomorrow at ", "Abrimos hoy ", "Abrimos mañana "):
        text = text.removeprefix(lead)
    return text


def tell(minutes: float) -> float:
    return (MORNING + timedelta(minutes=minutes)).timestamp()


@pytest.mark.parametrize(
    ("at", "english", "spanish"),
    [
        ((0, 5), "five past twelve in the morning.", "a las doce y cinco de la madrugada."),
        ((0, 45), "a quarter to one in the morning.", "a las doce y cuarenta y cinco de la madrugada."),
        ((6, 0), "six o'clock in the morning.", "a las seis de la mañana."),
        ((11, 55), "five to noon.", "a las once y cincuenta y cinco de la mañana."),
        ((12, 0), "noon.", "a las doce del mediodía."),
        ((12, 30), "half past twelve in the afternoon.", "a las doce y media de la tarde."),
        ((13, 0), "one o'clock in the afternoon.", "a la una de la tarde."),
        ((16, 45), "a quarter to five in the afternoon.", "a las cuatro y cuarenta y cinco de la tarde."),
        ((17, 35), "twenty-five to six in the afternoon.", "a las cinco y treinta y cinco de la tarde."),
        ((20, 50), "ten to nine in the evening.", "a las ocho y cincuenta de la noche."),
        ((23, 40), "twenty to midnight.", "a las once y cuarenta de la noche."),
    ],
)
def test_a_time_of_day(at: tuple[int, int], english: str, spanish: str) -> None:
    minutes = 1440 + at[0] * 60 + at[1]
    assert (clock("en", minutes), clock("es", minutes)) == (english, spanish)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_two_times_of_a_day_sound_alike(language: str) -> None:
    assert len({clock(language, 1440 + minutes) for minutes in MINUTES}) == len(MINUTES)


@pytest.mark.parametrize(("second", "said_at"), [(0.0, 30), (0.9, 30), (1.5, 35), (299.0, 35), (300.0, 35)])
def test_a_time_is_never_said_earlier_than_it_is(second: float, said_at: int) -> None:
    then = moment(tell(16 * 60 + 30) + second, now=tell(0), zone=UTC)
    assert (then.hour, then.minute) == (16, said_at)


def test_midnight_belongs_to_the_day_that_it_ends() -> None:
    assert moment(tell(1440), now=tell(600), zone=UTC).days == 0
    assert moment(tell(1445), now=tell(600), zone=UTC).days == 1


def test_days_are_those_of_the_caller_not_of_the_clock_in_greenwich() -> None:
    late, zone = tell(60), ZoneInfo("America/Los_Angeles")  # Sunday, five in the afternoon there
    assert moment(late + 3_600.0, now=late, zone=zone).days == 0
    assert moment(late + 10 * 3_600.0, now=late, zone=zone).days == 1


def test_a_day_is_said_by_its_name_within_the_week_and_by_its_date_later() -> None:
    speech = Speech("en")
    texts = [text_of(said(SayChoice("a", Choice.CLOSED, "", tell(1440 * days + 480)), speech, at=tell(480)))
             for days in (1, 2, 6, 7, 29)]  # fmt: skip
    days = [text.removeprefix("We are closed now. We open ").partition(" at ")[0] for text in texts]
    assert days == ["tomorrow", "on Wednesday", "on Sunday", "on March ninth", "on March thirty-first"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_everything_that_can_be_said_has_a_text(language: str) -> None:
    speech, pieces = Speech(language), set[str]()
    for minutes in MINUTES:
        for days in (0, 1, 3):
            at = tell(1440 * days + minutes)
            pieces.update(said(SayCallback("a", at), speech, at=tell(-1)).pieces)
            pieces.update(said(SayChoice("a", Choice.OUTAGE, "", at), speech, at=tell(-1)).pieces)
    for day in range(1, 366):
        for choice in Choice.OUTAGE, Choice.CLOSED:
            pieces.update(said(SayChoice("a", choice, "", tell(1440 * day + 480)), speech, at=tell(0)).pieces)
        pieces.update(said(SayCallback("a", tell(1440 * day + 480)), speech, at=tell(0)).pieces)
    for low in range(60):
        for high in range(low + 2, 70):
            pieces.update(said(SayWait("a", Form.BETWEEN, max(low, 1), high, False, True), speech, at=0.0).pieces)
        pieces.update(said(SayWait("a", Form.ABOUT, low + 1, low + 1, True, False), speech, at=0.0).pieces)
    assert pieces <= LANGUAGES[language].texts.keys()
