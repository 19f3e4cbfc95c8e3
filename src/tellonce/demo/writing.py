"""What made-up people say and write: sentences from `words/*.toml`, put together by numbers drawn beforehand."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final
from zlib import crc32

from tellonce.demo.provider import INTERNET, NAME, PLANS
from tellonce.demo.reasons import REASONS

DRAWS: Final = 12
_MOODS: Final = (
    "friendly", "patient", "tired of it", "upset, rightly", "in a hurry", "calm and precise", "worried",
    "kind about it", "angry at first, then fine", "disappointed",
)  # fmt: skip
_SPEEDS: Final = ("3", "8", "12", "17", "25", "40")
_MAIL: Final = {
    False: (("Hello,", "Good morning,", "Dear {provider},", "Hi there,", "To whom it may concern,"),
            ("Regards,", "Thank you,", "Best,", "Sincerely,", "Thanks in advance,")),
    True: (("Hola,", "Buenos días,", "Buenas tardes:", "Estimados señores:", "A quien corresponda:"),
           ("Saludos,", "Gracias,", "Atentamente,", "Muchas gracias de antemano,", "Cordialmente,")),
}  # fmt: skip
_FEWEST_YEARS_SAID: Final = 2
_LONG_ENOUGH: Final = 70
# What is chosen together: the amount belongs to the charge.
_TOGETHER: Final = {"amount": "charge"}
_SLOT: Final = re.compile(r"\{(\w+)\}")
# A line that begins so is of those who have ({?tv}) or do not have ({?!tv}) a kind of service; see Speaker.has.
_NEEDS: Final = re.compile(r"^\{\?(!?\w+)\}")
# What colleagues write of a cable, and of nothing else.
_COAX: Final = re.compile(r"\b(tap|splitter|upstream|noise|noisy|T3|amplifier|levels?|dB|profile)\b", re.IGNORECASE)
# What a business does not say.
_PRIVATE: Final = re.compile(
    r"\b(wife|husband|mother|father|son|daughter|kids|guests|dog|boss|the house|pensioner|married|my ex|passed away"
    r"|died|at home|school|junk|game|lost my job|the car|esposa|esposo|mamá|papá|hijo|hija|niños|en casa|perro|partido"
    r"|pensionado|me casé|a mi ex|falleció|murió|en el trabajo|al trabajo|perdí el trabajo|el carro)\b",
    re.IGNORECASE,
)


@cache
def words(language: str) -> dict[str, Any]:
    """The sentences of a language, read once."""
    text = resources.files("tellonce.demo").joinpath("words").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as far as sentences need to know; `years` with us, `kinds` of service that they have."""

    name: str
    spanish: bool
    town: str
    street: str
    plan: str
    years: int
    kinds: frozenset[str] = frozenset()
    is_business: bool = False

    @property
    def line(self) -> str:
        """How they are connected: cable, fibre or wireless."""
        first = self.plan.split(" ")[0].lower()
        return first if first in {"fibre", "wireless"} else "cable"

    def has(self, what: str) -> bool:
        """Whether they have a kind of service ("tv"), are connected so ("fibre"), or are people at home ("home")."""
        return what in self.kinds or what == self.line or (what == "home" and not self.is_business)

    def fits(self, needs: str) -> bool:
        """Whether they have what a line or thread needs: "tv", "!tv", or nothing."""
        return not needs or self.has(needs.removeprefix("!")) != needs.startswith("!")


@dataclass(frozen=True, slots=True)
class Topic:
    """What it is about: the reason of the customer, and the matter that we file it under."""

    reason: int
    matter: str

    @property
    def key(self) -> str:
        """The reason's name in the words."""
        return REASONS[self.reason].key


class _Slots(dict[str, str]):
    """Fills {slots} for one problem: the same slot is the same word in what is said, noted, promised and solved."""

    def __init__(self, speaker: Speaker, seed: int, language: str, topic: Topic) -> None:
        super().__init__(town=speaker.town, street=speaker.street, plan=speaker.plan, provider=NAME)
        self.speaker, self.seed, self.all = speaker, seed, words(language)
        self.vocabulary: list[Mapping[str, Any]] = [
            self.all.get(topic.matter, {}),
            self.all.get(topic.key, {}),
            self.all["business"] if speaker.is_business else {},
            self.all["slots"],
        ]

    def __missing__(self, key: str) -> str:
        draw = crc32(f"{self.seed} {_TOGETHER.get(key, key)}".encode())
        match key:
            case "mood":
                value = _MOODS[draw % len(_MOODS)]
            case "speed":
                value = _SPEEDS[draw % len(_SPEEDS)]
            case "clock":
                value = f"{draw % 12 + 1}:{draw // 12 % 6}0"
            case "years":
                value = self._years()
            case "modem" | "Modem":
                value = {"modem": "terminal", "Modem": "Terminal"}[key] if self.speaker.line == "fibre" else key
            case "faster" | "smaller" | "rise":
                value = _beside(self.speaker.plan)[key]
            case _:
                choices = next(part[key] for part in self.vocabulary if key in part)
                value = choices[draw % len(choices)]
        self[key] = value
        return value

    def _years(self) -> str:
        several: str = self.all["around"]["years"][min(self.speaker.years, _FEWEST_YEARS_SAID)]
        return several % self.speaker.years if "%" in several else several

    def filled(self, line: str) -> str:
        """The line with its slots filled; empty where this speaker would not say it."""
        needs = _NEEDS.match(line)
        if needs is not None:
            if not self.speaker.fits(needs[1]):
                return ""
            line = line[needs.end() :]
        elif self.speaker.line != "cable" and _COAX.search(line):
            return ""
        if self.speaker.is_business and _PRIVATE.search(line):
            return ""
        if "{" not in line:
            return line
        if any(not self[key] for key in _SLOT.findall(line)):
            return ""
        return line.format_map(self)


@cache
def _beside(plan: str) -> dict[str, str]:
    """The next faster and the next smaller internet plan, and by how much the price rises after the promotion."""
    known = next((each for each in PLANS if each.name == plan), None)
    found = {"faster": "", "smaller": "", "rise": ""}
    if known is not None:
        found["rise"] = f"{(known.price - known.promotion) / 100:.2f}" if known.price > known.promotion else ""
        if known.kind == "internet":
            ranked = {PLANS[number].rank: PLANS[number].name for number in reversed(INTERNET)}
            found["faster"], found["smaller"] = ranked.get(known.rank + 1, ""), ranked.get(known.rank - 1, "")
    return found


class Voice:
    """Everything that is said and written about one problem of one customer."""

    def __init__(self, *, topic: Topic, speaker: Speaker, seed: int) -> None:
        self.topic, self.speaker, self.seed = topic, speaker, seed
        reason = REASONS[topic.reason]
        self._matter = topic.matter if topic.matter in reason.says else reason.matters[0]  # what it really is about
        self._by_language: dict[str, _Slots] = {}

    def _slots(self, language: str) -> _Slots:
        if language not in self._by_language:
            self._by_language[language] = _Slots(self.speaker, self.seed, language, self.topic)
        return self._by_language[language]

    def _lines(self, part: str, language: str = "en") -> Sequence[str]:
        """What the thread of the matter says; else the matter; else the reason. What was misfiled keeps its title."""
        reason, every = REASONS[self.topic.reason], words(language)
        matter = self.topic.matter if part == "title" else self._matter
        places = (self._thread(matter, language), every.get(matter, {}), every.get(reason.key, {}))
        lines: Sequence[str] = next((place[part] for place in places if part in place), ())
        return lines

    def _thread(self, matter: str, language: str) -> Mapping[str, Any]:
        """One of the ways in which a matter goes, the same for all that is said and done about this problem."""
        threads = words("en").get(matter, {}).get("thread", ())
        if not threads:
            return {}
        fitting = [number for number, each in enumerate(threads) if self.speaker.fits(each.get("needs", ""))]
        chosen = fitting[self.seed % len(fitting)]
        thread: Mapping[str, Any] = words(language).get(matter, {})["thread"][chosen]
        return thread

    def _one(self, lines: Sequence[str], draw: int, language: str = "en") -> str:
        """One of the lines: the drawn one, or the next that has all it speaks of."""
        slots = self._slots(language)
        for step in range(len(lines)):
            filled = slots.filled(lines[(draw + step) % len(lines)])
            if filled:
                return filled
        return _NEEDS.sub("", lines[draw % len(lines)]).format_map(slots)

    def said(self, *, again: bool, channel: str, draws: Sequence[int]) -> str:
        """What the customer says on this channel, in their language."""
        language = "es" if self.speaker.spanish else "en"
        around = words(language)["around"]
        earlier = around["again_fault" if REASONS[self.topic.reason].skill == "tech" else "again"]
        parts = [earlier[draws[1] % len(earlier)]] if again else []
        is_thread = "open" in self._thread(self._matter, language)  # one and the same thing each time they ask
        parts.append(self._one(self._lines("open", language), self.seed >> 4 if is_thread else draws[0], language))
        more = self._lines("more", language)
        if draws[2] % 10 < (4 if channel == "text" else 8):
            parts.append(self._one(more, draws[3], language))
        if draws[2] % 10 < 3 and channel != "text":
            parts.append(self._one(more, draws[3] + 1 + draws[4] % (len(more) - 1), language))
        if channel not in {"mail", "letter"}:  # these end with thanks anyway
            thanks = self._lines("thanks", language) or around["thanks"]
            parts.append(thanks[draws[5] % len(thanks)])
        return self._by_channel(" ".join(dict.fromkeys(part for part in parts if part)), channel, draws)

    def _by_channel(self, text: str, channel: str, draws: Sequence[int]) -> str:
        if channel in {"mail", "letter"}:
            hello, bye = _MAIL[self.speaker.spanish]
            opening = hello[draws[6] % len(hello)].format(provider=NAME)
            return f"{opening}\n\n{text}\n\n{bye[draws[7] % len(bye)]}\n{self.speaker.name}"
        return f"@{NAME} {text}" if channel == "social" else text

    def note(self, draws: Sequence[int], *, is_long: bool = False) -> str:
        """What a colleague writes down of a contact that did not solve it, in English."""
        return self._one(self._long("note") if is_long else self._lines("note"), draws[6])

    def chased(self, draws: Sequence[int]) -> str:
        """What a colleague writes down when the customer asks where something stays."""
        lines = words("en")["around"]["chased"]
        return self._one(lines, draws[6])

    def solution(self, draws: Sequence[int]) -> str:
        """How it was solved with the customer there, in English."""
        return self._with_tail(self._one(self._lines("solved"), draws[7]), draws)

    def _with_tail(self, text: str, draws: Sequence[int]) -> str:
        is_fault = REASONS[self.topic.reason].skill == "tech"
        tails = words("en")["around"]["solved_tail_fault" if is_fault else "solved_tail"]
        tail = self._slots("en").filled(tails[draws[4] % len(tails)])
        return f"{text} {tail}" if tail and "ustomer" not in text and len(text) < _LONG_ENOUGH else text

    def done(self, kind: str, draws: Sequence[int], *, is_long: bool = False) -> str:
        """How it was solved afterwards, by what was promised."""
        if is_long:
            return self._one(self._long("done"), draws[7])
        visited = self._lines("visited") if kind == "visit" else ()
        general = words("en")["done"].get(kind, {}).get(REASONS[self.topic.reason].group)
        lines = self._lines("done") or visited or general
        return self._with_tail(self._one(lines, draws[7]), draws) if lines else self.solution(draws)

    def charge(self) -> tuple[str, str]:
        """What they say that they are charged for wrongly, in English, and how much."""
        slots = self._slots("en")
        return slots["charge"], slots["amount"]

    def title(self, draws: Sequence[int]) -> str:
        """The title of a case: of its matter."""
        return self._one(self._lines("title"), draws[8])

    def promised(self, kind: str, draws: Sequence[int], *, is_long: bool = False) -> str:
        """What is promised: as the matter or the reason says it for this kind, or plainly."""
        every = words("en")
        own = (every.get(key, {}).get("promise", {}).get(kind) for key in (self.topic.matter, self.topic.key))
        lines = self._long("promise") if is_long else next((each for each in own if each), every["promise"][kind])
        return self._one(lines, draws[9])

    def handed(self, draws: Sequence[int]) -> str:
        """The written line of a hand-over."""
        asks = words("en")["around"]["asks"]
        return f"{self._one(self._lines('note'), draws[8])} {asks[draws[10] % len(asks)]}"

    def _long(self, part: str) -> Sequence[str]:
        lines: Sequence[str] = words("en")["long"][self.topic.key][part]
        return lines


def topic_of(text: str) -> Topic | None:
    """What a text with one of our opening sentences is about; None where none is in it."""
    for pattern, topic in _openings():
        if pattern.search(text):
            return topic
    return None


@cache
def _openings() -> list[tuple[re.Pattern[str], Topic]]:
    found = []
    for language in ("en", "es"):
        for number, reason in enumerate(REASONS):
            every = words(language)
            said = [(reason.matters[0], line) for line in every[reason.key].get("open", ())]
            for matter in reason.says:
                sections = [every.get(matter, {}), *every.get(matter, {}).get("thread", ())]
                said += [(matter, line) for section in sections for line in section.get("open", ())]
            for matter, line in said:
                parts = [re.escape(part) for part in _SLOT.split(_NEEDS.sub("", line).rstrip("."))[::2]]
                found.append((re.compile(".{1,40}?".join(parts), re.IGNORECASE), Topic(number, matter)))
    return sorted(found, key=lambda entry: -len(entry[0].pattern))
