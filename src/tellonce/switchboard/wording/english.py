"""English: the text of each piece, and how times are said."""

from tellonce.switchboard.wording.moments import Moment

ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
)  # fmt: skip

TOPICS = {
    "billing": "For your bill,",
    "payment": "To make a payment,",
    "sales": "For a new service,",
    "technical": "For technical help,",
    "internet": "For your internet,",
    "television": "For television,",
    "mobile": "For your mobile phone,",
    "outage": "For an outage,",
    "appointment": "For an appointment,",
    "moving": "If you are moving,",
    "cancelling": "To end a service,",
    "complaint": "For a complaint,",
    "spanish": "For Spanish,",
    "care": "For anything else,",
}
"""How a menu names a queue."""

SENTENCES = {
    "greeting": "Thank you for calling.",
    "recorded": "This call is recorded. If you don't want that, tell the person who answers.",
    "connecting": "One moment, please. I will connect you now.",
    "goodbye": "Thank you for calling. Goodbye.",
    "wait": "The wait will be",
    "wait-about": "The wait will be about",
    "wait-more-than": "The wait will be more than",
    "wait-under-a-minute": "The wait will be less than a minute.",
    "wait-over-an-hour": "The wait will be more than an hour.",
    "wait-not-known": "We cannot say yet how long it will take. Somebody will answer as soon as they can.",
    "longer": "We are sorry, it is taking longer than we said.",
    "again": "From now, the wait will be",
    "again-about": "From now, the wait will be about",
    "again-more-than": "From now, the wait will be more than",
    "again-under-a-minute": "From now, the wait will be less than a minute.",
    "again-over-an-hour": "From now, the wait will be more than an hour.",
    "again-not-known": "We cannot say now how long it will be. Somebody will answer as soon as they can.",
    "perhaps-an-hour": "It may be more than an hour.",
    "callback-offer": "To be called back instead, press one. You keep your place in line.",
    "callback": "We will call you back when it is your turn. You keep your place in line. Goodbye.",
    "called-back": "Hello. This is the call that you asked us for. One moment, please.",
    "line-broke": "Hello. We lost the line, and are calling you back. One moment, please.",
    "outage": "We know of an outage where you live.",
    "fixed-unknown": "We do not know yet when it will be fixed.",
    "outage-choice": "Press one to hear from us when it is fixed, or stay on the line for a person.",
    "news": "We will tell you when it is fixed. Thank you for calling. Goodbye.",
    "closed": "We are closed now.",
    "closed-choice": "Press one, and we will call you when we open.",
    "a-person": "For a person, press zero, or wait.",
    "no-number": "We cannot see your number, so we cannot call you.",
    "not-allowed": "We are sorry, we cannot call your number.",
    "not-possible": "We are sorry, that is not possible now.",
    "fixed": "We expect it to be fixed",
    "fixed-today": "We expect it to be fixed by",
    "fixed-tomorrow": "We expect it to be fixed tomorrow by",
    "opens": "We open",
    "opens-today": "We open today at",
    "opens-tomorrow": "We open tomorrow at",
    "calls": "We will call you",
    "calls-today": "We will call you today after",
    "calls-tomorrow": "We will call you tomorrow after",
}

BEFORE = {"fixed": "by", "opens": "at", "calls": "after"}
"""What stands before the time."""

FIVES = {
    5: "five past",
    10: "ten past",
    15: "a quarter past",
    20: "twenty past",
    25: "twenty-five past",
    30: "half past",
    35: "twenty-five to",
    40: "twenty to",
    45: "a quarter to",
    50: "ten to",
    55: "five to",
}


HALF = 30

PARTS = {"morning": 12, "afternoon": 18, "evening": 21, "night": 24}
"""Of a day, with the hour at which each ends."""


def number(value: int) -> str:
    """From 0 to 60 in words."""
    if value < len(ONES):
        return ONES[value]
    tens, ones = divmod(value, 10)
    return f"{TENS[tens - 2]}-{ONES[ones]}" if ones else TENS[tens - 2]


def when(about: str, then: Moment) -> tuple[str, ...]:
    """Pieces of the sentence that says when."""
    return *_day(about, then), *_clock(then.hour, then.minute)


def _day(about: str, then: Moment) -> tuple[str, ...]:
    before = BEFORE[about]
    if then.days <= 1:
        return (f"{about}-tomorrow" if then.days == 1 else f"{about}-today",)
    if then.days < len(WEEKDAYS):
        return about, f"on-{WEEKDAYS[then.date.weekday()].lower()}-{before}"
    return about, f"on-{MONTHS[then.date.month - 1].lower()}", f"day-{then.date.day}", before


def _clock(hour: int, minute: int) -> tuple[str, ...]:
    """To half past, the hour that has begun; after it, the one to come, in the part of day that it is now."""
    if minute == 0:
        return (_full(hour),)
    if minute <= HALF:
        return f"minute-{minute}", f"hour-{_hour(hour)}-{_part(hour)}"
    coming = (hour + 1) % 24
    return f"minute-{minute}", _full(coming) if coming % 12 == 0 else f"hour-{_hour(coming)}-{_part(hour)}"


def _full(hour: int) -> str:
    return {0: "midnight", 12: "noon"}.get(hour, f"full-{_hour(hour)}-{_part(hour)}")


def _hour(hour: int) -> int:
    return (hour - 1) % 12 + 1


def _part(hour: int) -> str:
    return next(part for part, until in PARTS.items() if hour < until)


def _hours() -> dict[str, str]:
    parts = {part: f"in the {part}." for part in PARTS} | {"night": "at night."}
    texts = {"noon": "noon.", "midnight": "midnight."}
    for hour in range(24):
        for piece in (_clock(hour, minute)[-1] for minute in (0, 5, 35)):
            if piece not in texts:
                how, twelve, part = piece.split("-")
                hours = number(int(twelve)) + (" o'clock" if how == "full" else "")
                texts[piece] = f"{hours} {parts[part]}"
    return texts


def _texts() -> dict[str, str]:
    texts = SENTENCES | _hours() | {f"queue-{code}": text for code, text in TOPICS.items()}
    texts |= {f"press-{key}": f"press {number(key)}." for key in range(1, 10)}
    texts |= {f"minutes-{count}": f"{number(count)} minutes." for count in range(2, 61)} | {"minutes-1": "one minute."}
    texts |= {f"between-{count}": f"between {number(count)} and" for count in range(1, 60)}
    texts |= {f"minute-{minute}": text for minute, text in FIVES.items()}
    for before in BEFORE.values():
        texts |= {before: before} | {f"on-{day.lower()}-{before}": f"on {day} {before}" for day in WEEKDAYS}
    texts |= {f"on-{month.lower()}": f"on {month}" for month in MONTHS}
    return texts | {f"day-{day}": text for day, text in enumerate(DAYS, start=1)}


TEXTS = _texts()
