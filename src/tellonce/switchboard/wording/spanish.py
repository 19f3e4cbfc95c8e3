"""Spanish, as it is spoken in the Americas: the text of each piece, and how times are said."""

from tellonce.switchboard.wording.moments import Moment

ONES = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
    "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
    "veintinueve",
)  # fmt: skip
TENS = ("treinta", "cuarenta", "cincuenta", "sesenta")
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip

TOPICS = {
    "billing": "Para su factura,",
    "payment": "Para hacer un pago,",
    "sales": "Para contratar un servicio,",
    "technical": "Para ayuda técnica,",
    "internet": "Para su internet,",
    "television": "Para televisión,",
    "mobile": "Para su teléfono móvil,",
    "outage": "Para un corte de servicio,",
    "appointment": "Para una cita,",
    "moving": "Si se muda,",
    "cancelling": "Para cancelar un servicio,",
    "complaint": "Para una queja,",
    "spanish": "Para atención en español,",
    "care": "Para cualquier otro asunto,",
}
"""How a menu names a queue."""

SENTENCES = {
    "greeting": "Gracias por llamar.",
    "recorded": "Esta llamada se graba. Si no lo desea, dígaselo a la persona que le atienda.",
    "connecting": "Un momento, por favor. Ahora le comunico.",
    "goodbye": "Gracias por llamar. Hasta luego.",
    "wait": "La espera será de",
    "wait-about": "La espera será de aproximadamente",
    "wait-more-than": "La espera será de más de",
    "wait-under-a-minute": "La espera será de menos de un minuto.",
    "wait-over-an-hour": "La espera será de más de una hora.",
    "wait-not-known": "Todavía no podemos decirle cuánto va a tardar. Le atenderemos en cuanto sea posible.",
    "longer": "Lo sentimos, está tardando más de lo que dijimos.",
    "again": "A partir de ahora, la espera será de",
    "again-about": "A partir de ahora, la espera será de aproximadamente",
    "again-more-than": "A partir de ahora, la espera será de más de",
    "again-under-a-minute": "A partir de ahora, la espera será de menos de un minuto.",
    "again-over-an-hour": "A partir de ahora, la espera será de más de una hora.",
    "again-not-known": "Ahora no podemos decirle cuánto va a tardar. Le atenderemos en cuanto sea posible.",
    "perhaps-an-hour": "Puede ser más de una hora.",
    "callback-offer": "Si prefiere que le devolvamos la llamada, oprima el uno. Conserva su lugar en la fila.",
    "callback": "Le devolveremos la llamada cuando llegue su turno. Conserva su lugar en la fila. Hasta luego.",
    "called-back": "Hola. Esta es la llamada que nos pidió. Un momento, por favor.",
    "line-broke": "Hola. Se cortó la llamada y le llamamos de nuevo. Un momento, por favor.",
    "outage": "Sabemos que hay un corte de servicio en su zona.",
    "fixed-unknown": "Todavía no sabemos cuándo quedará resuelto.",
    "outage-choice": "Oprima el uno para que le avisemos cuando esté resuelto, "
    "o siga en la línea para hablar con una persona.",
    "news": "Le avisaremos cuando esté resuelto. Gracias por llamar. Hasta luego.",
    "closed": "En este momento estamos cerrados.",
    "closed-choice": "Oprima el uno y le llamaremos cuando abramos.",
    "a-person": "Para hablar con una persona, oprima el cero o espere.",
    "no-number": "No vemos su número, así que no podemos llamarle.",
    "not-allowed": "Lo sentimos, no podemos llamar a su número.",
    "not-possible": "Lo sentimos, eso no es posible en este momento.",
    "fixed": "Esperamos que quede resuelto",
    "fixed-today": "Esperamos que quede resuelto hoy",
    "fixed-tomorrow": "Esperamos que quede resuelto mañana",
    "opens": "Abrimos",
    "opens-today": "Abrimos hoy",
    "opens-tomorrow": "Abrimos mañana",
    "calls": "Le llamaremos",
    "calls-today": "Le llamaremos hoy",
    "calls-tomorrow": "Le llamaremos mañana",
}

BEFORE = {"fixed": ("antes", "antes de"), "opens": ("a", "a"), "calls": ("despues", "después de")}
"""What stands before the time: in the names of pieces, and in words."""

PARTS = {"madrugada": 6, "manana": 12, "tarde": 19, "noche": 24}
"""Of a day, with the hour at which each ends."""

NOON = (12, 0)
MIDNIGHT = (0, 0)


def number(value: int) -> str:
    """From 0 to 60 in words."""
    if value < len(ONES):
        return ONES[value]
    tens, ones = divmod(value, 10)
    return f"{TENS[tens - 3]} y {ONES[ones]}" if ones else TENS[tens - 3]


def before_noun(value: int) -> str:
    """The same before a masculine noun: veintiún, treinta y un."""
    words = number(value)
    if words == "veintiuno":
        return "veintiún"
    return words.removesuffix("o") if words.endswith("uno") else words


def when(about: str, then: Moment) -> tuple[str, ...]:
    """Pieces of the sentence that says when."""
    return *_day(about, then), *_clock(BEFORE[about][0], then.hour, then.minute)


def _day(about: str, then: Moment) -> tuple[str, ...]:
    if then.days <= 1:
        return (f"{about}-tomorrow" if then.days == 1 else f"{about}-today",)
    if then.days < len(WEEKDAYS):
        return about, f"on-{_name(WEEKDAYS[then.date.weekday()])}"
    return about, f"day-{then.date.day}", f"of-{MONTHS[then.date.month - 1]}"


def _clock(before: str, hour: int, minute: int) -> tuple[str, ...]:
    lead = f"{before}-{(hour - 1) % 12 + 1}"
    if minute == 0:
        return lead, f"part-{_part(hour, minute)}"
    return lead, f"minute-{minute}", f"part-{_part(hour, minute)}"


def _part(hour: int, minute: int) -> str:
    named = {NOON: "mediodia", MIDNIGHT: "noche"}.get((hour, minute))
    return named or next(part for part, until in PARTS.items() if hour < until)


def _name(word: str) -> str:
    """A file's name has no accents."""
    return word.translate(str.maketrans("áéíóúñ", "aeioun"))


def _minute(minute: int) -> str:
    return {15: "y cuarto", 30: "y media"}.get(minute, f"y {number(minute)}")


def _hour(words: str, hour: int) -> str:
    return f"{words} la una" if hour == 1 else f"{words} las {number(hour)}"


def _texts() -> dict[str, str]:
    texts = SENTENCES | {f"queue-{code}": text for code, text in TOPICS.items()}
    texts |= {f"press-{key}": f"oprima el {number(key)}." for key in range(1, 10)}
    texts |= {f"minutes-{count}": f"{before_noun(count)} minutos." for count in range(2, 61)}
    texts |= {f"between-{count}": f"entre {number(count)} y" for count in range(1, 60)} | {"minutes-1": "un minuto."}
    texts |= {f"minute-{minute}": _minute(minute) for minute in range(5, 60, 5)}
    for name, words in BEFORE.values():
        texts |= {f"{name}-{hour}": _hour(words, hour) for hour in range(1, 13)}
    texts |= {f"part-{part}": f"de la {part}." for part in PARTS}
    texts |= {"part-manana": "de la mañana.", "part-mediodia": "del mediodía."}
    texts |= {f"on-{_name(day)}": f"el {day}" for day in WEEKDAYS}
    texts |= {f"of-{month}": f"de {month}" for month in MONTHS}
    return texts | {f"day-{day}": f"el {'primero' if day == 1 else number(day)}" for day in range(1, 32)}


TEXTS = _texts()
