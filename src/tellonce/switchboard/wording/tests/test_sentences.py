"""Whole sentences in both languages, as a caller hears them."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tellonce.switchboard.commands import Refusal, Refuse, SayCallback, SayChoice, SayGoodbye, SayNews, SayWait
from tellonce.switchboard.decisions import Choice, Form
from tellonce.switchboard.errors import SettingsError
from tellonce.switchboard.facts import NOBODY
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.wording import (
    LANGUAGES,
    Speech,
    called_back,
    connecting,
    english,
    said,
    text_of,
    welcome,
)
from tellonce.switchboard.wording.sentences import Said

ZONE = ZoneInfo("America/Chicago")
EN, ES = Speech("en", ZONE), Speech("es", ZONE)


def time(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


NOW = time("2026-11-27 15:07")  # a Friday


def heard(command: Said, speech: Speech, *, at: float = NOW) -> str:
    return text_of(said(command, speech, at=at))


def wait(form: Form, low: int = 0, high: int = 0, *, is_again: bool = False, offers_callback: bool = False) -> SayWait:
    return SayWait("a", form, low, high, is_again, offers_callback)


@pytest.mark.parametrize(
    ("command", "english", "spanish"),
    [
        (
            wait(Form.UNDER_A_MINUTE, 0, 1),
            "The wait will be less than a minute.",
            "La espera será de menos de un minuto.",
        ),
        (wait(Form.ABOUT, 1, 1), "The wait will be about one minute.", "La espera será de aproximadamente un minuto."),
        (
            wait(Form.ABOUT, 3, 3),
            "The wait will be about three minutes.",
            "La espera será de aproximadamente tres minutos.",
        ),
        (
            wait(Form.ABOUT, 31, 31),
            "The wait will be about thirty-one minutes.",
            "La espera será de aproximadamente treinta y un minutos.",
        ),
        (
            wait(Form.BETWEEN, 5, 8),
            "The wait will be between five and eight minutes.",
            "La espera será de entre cinco y ocho minutos.",
        ),
        (
            wait(Form.BETWEEN, 1, 21),
            "The wait will be between one and twenty-one minutes.",
            "La espera será de entre uno y veintiún minutos.",
        ),
        (
            wait(Form.BETWEEN, 40, 150),
            "The wait will be more than forty minutes. It may be more than an hour.",
            "La espera será de más de cuarenta minutos. Puede ser más de una hora.",
        ),
        (wait(Form.MORE_THAN, 60, 150), "The wait will be more than an hour.", "La espera será de más de una hora."),
        (
            wait(Form.NOT_KNOWN),
            "We cannot say yet how long it will take. Somebody will answer as soon as they can.",
            "Todavía no podemos decirle cuánto va a tardar. Le atenderemos en cuanto sea posible.",
        ),
        (
            wait(Form.BETWEEN, 5, 8, is_again=True),
            "We are sorry, it is taking longer than we said. From now, the wait will be between five and eight "
            "minutes.",
            "Lo sentimos, está tardando más de lo que dijimos. A partir de ahora, la espera será de entre cinco y ocho "
            "minutos.",
        ),
        (
            wait(Form.NOT_KNOWN, is_again=True),
            "We are sorry, it is taking longer than we said. We cannot say now how long it will be. Somebody will "
            "answer as soon as they can.",
            "Lo sentimos, está tardando más de lo que dijimos. Ahora no podemos decirle cuánto va a tardar. Le "
            "atenderemos en cuanto sea posible.",
        ),
        (
            wait(Form.ABOUT, 12, 12, offers_callback=True),
            "The wait will be about twelve minutes. To be called back instead, press one. You keep your place in line.",
            "La espera será de aproximadamente doce minutos. Si prefiere que le devolvamos la llamada, oprima el uno. "
            "Conserva su lugar en la fila.",
        ),
    ],
)
def test_a_wait(command: SayWait, english: str, spanish: str) -> None:
    assert (heard(command, EN), heard(command, ES)) == (english, spanish)


@pytest.mark.parametrize(
    ("until", "english", "spanish"),
    [
        ("2026-11-27 16:30", "by half past four in the afternoon.", "hoy antes de las cuatro y media de la tarde."),
        ("2026-11-27 17:41", "by a quarter to six in the afternoon.",
         "hoy antes de las cinco y cuarenta y cinco de la tarde."),
        ("2026-11-28 00:00", "by midnight.", "hoy antes de las doce de la noche."),
        ("2026-11-28 13:15", "tomorrow by a quarter past one in the afternoon.",
         "mañana antes de la una y cuarto de la tarde."),
        ("2026-11-30 08:00", "on Monday by eight o'clock in the morning.", "el lunes antes de las ocho de la mañana."),
    ],
)  # fmt: skip
def test_an_outage_with_its_expected_end(until: str, english: str, spanish: str) -> None:
    command = SayChoice("a", Choice.OUTAGE, "o", time(until))
    assert heard(command, EN) == (
        f"We know of an outage where you live. We expect it to be fixed {english} "
        "Press one to hear from us when it is fixed, or stay on the line for a person."
    )
    assert heard(command, ES) == (
        f"Sabemos que hay un corte de servicio en su zona. Esperamos que quede resuelto {spanish} "
        "Oprima el uno para que le avisemos cuando esté resuelto, o siga en la línea para hablar con una persona."
    )


@pytest.mark.parametrize("until", [0.0, NOW - 60.0, NOW])
def test_an_end_that_is_not_known_or_was_not_kept_is_not_said(until: float) -> None:
    command = SayChoice("a", Choice.OUTAGE, "o", until)
    assert "We do not know yet when it will be fixed." in heard(command, EN)
    assert "Todavía no sabemos cuándo quedará resuelto." in heard(command, ES)


def test_a_closed_queue() -> None:
    command = SayChoice("a", Choice.CLOSED, "care", time("2026-11-30 08:00"))
    assert heard(command, EN) == (
        "We are closed now. We open on Monday at eight o'clock in the morning. "
        "Press one, and we will call you when we open."
    )
    assert heard(command, ES) == (
        "En este momento estamos cerrados. Abrimos el lunes a las ocho de la mañana. "
        "Oprima el uno y le llamaremos cuando abramos."
    )


def test_a_queue_that_opens_nobody_knows_when() -> None:
    command = SayChoice("a", Choice.CLOSED, "care")
    assert heard(command, EN) == "We are closed now. Press one, and we will call you when we open."


def test_opening_after_long_holidays_is_said_by_its_date() -> None:
    command = SayChoice("a", Choice.CLOSED, "care", time("2027-01-01 09:00"))
    assert "We open on January first at nine o'clock in the morning." in heard(command, EN)
    assert "Abrimos el primero de enero a las nueve de la mañana." in heard(command, ES)


def test_a_callback_in_the_callers_place_or_at_a_time() -> None:
    assert heard(SayCallback("a"), EN) == (
        "We will call you back when it is your turn. You keep your place in line. Goodbye."
    )
    assert heard(SayCallback("a"), ES) == (
        "Le devolveremos la llamada cuando llegue su turno. Conserva su lugar en la fila. Hasta luego."
    )
    later = SayCallback("a", time("2026-11-28 12:00"))
    assert heard(later, EN) == "We will call you tomorrow after noon. Thank you for calling. Goodbye."
    assert heard(later, ES) == (
        "Le llamaremos mañana después de las doce del mediodía. Gracias por llamar. Hasta luego."
    )


def test_news_and_what_is_refused() -> None:
    assert heard(SayNews("a"), EN) == "We will tell you when it is fixed. Thank you for calling. Goodbye."
    assert heard(Refuse("a", NOBODY, Refusal.NO_NUMBER), EN) == "We cannot see your number, so we cannot call you."
    assert heard(Refuse("a", NOBODY, Refusal.NOT_ALLOWED_NUMBER), ES) == "Lo sentimos, no podemos llamar a su número."
    assert heard(Refuse("a", NOBODY, Refusal.CLOSED), EN) == "We are sorry, that is not possible now."


def test_a_menu_names_queues_in_the_order_of_keys_and_ends_with_a_person() -> None:
    speech = Speech("en", ZONE, topics={"bills": "billing"}, texts={"queue-shop": "For the shop in Elm Street,"})
    menu = SayChoice("a", Choice.MENU, "+15550100")
    prompt = said(menu, speech, at=NOW, menu={"3": "shop", "1": "bills", "2": "technical"})
    assert text_of(prompt, own=speech.texts) == (
        "For your bill, press one. For technical help, press two. For the shop in Elm Street, press three. "
        "For a person, press zero, or wait."
    )
    assert text_of(said(menu, ES, at=NOW, menu={"1": "billing"})) == (
        "Para su factura, oprima el uno. Para hablar con una persona, oprima el cero o espere."
    )


def test_a_menu_with_a_key_that_cannot_be_said_is_refused() -> None:
    with pytest.raises(SettingsError, match="can have the keys 1 to 9, not #"):
        said(SayChoice("a", Choice.MENU, ""), EN, at=NOW, menu={"#": "care"})


def test_a_language_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(SettingsError, match="must be one of en, es, not 'de'"):
        Speech("de")


def test_what_is_said_around_a_conversation() -> None:
    assert text_of(welcome(EN, is_recorded=False)) == "Thank you for calling."
    assert text_of(welcome(ES, is_recorded=True)) == (
        "Gracias por llamar. Esta llamada se graba. Si no lo desea, dígaselo a la persona que le atienda."
    )
    assert text_of(connecting(EN)) == "One moment, please. I will connect you now."
    assert text_of(called_back(EN)) == "Hello. This is the call that you asked us for. One moment, please."
    assert text_of(called_back(ES, is_lost=True)) == (
        "Hola. Se cortó la llamada y le llamamos de nuevo. Un momento, por favor."
    )
    assert text_of(said(SayGoodbye("c"), ES, at=0.0)) == "Gracias por llamar. Hasta luego."


def test_what_only_the_provider_has_recorded_shows_its_piece() -> None:
    assert text_of(Prompt("en", ("queue-shop", "press-1"))) == "[queue-shop] press one."


def test_both_languages_say_the_same() -> None:
    """Pieces differ only where a clock and a calendar are read differently."""
    kinds = {
        language: {piece for piece in LANGUAGES[language].texts if not any(letter.isdigit() for letter in piece)}
        for language in LANGUAGES
    }
    told = kinds["en"] & kinds["es"]
    own = {"noon", "midnight", "by", "at", "after"}
    assert {piece for piece in kinds["en"] - told if not piece.startswith("on-")} == own
    assert {piece for piece in kinds["es"] - told if not piece.startswith(("on-", "of-", "part-"))} == set()


def test_the_guide_has_every_sentence_as_it_is_said() -> None:
    guide = (Path(__file__).parents[5] / "docs" / "guide" / "voices.md").read_text(encoding="utf-8")
    sentences = {piece for piece in LANGUAGES["en"].texts if piece in english.SENTENCES or piece.startswith("queue-")}
    rows = {piece: [LANGUAGES[language].texts[piece] for language in ("en", "es")] for piece in sentences}
    assert {piece for piece, texts in rows.items() if any(f"| {text} |" not in guide for text in texts)} == set()
