"""Made-up callers: contacts keep arriving at a lifelike pace, so that whoever signs in has somebody to help."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import close_old_connections

from tellonce.demo import rates, writing
from tellonce.demo.calendar import Span, level_at, span_until
from tellonce.demo.calls import note_calls_since, queue_about
from tellonce.demo.colleagues import Colleagues
from tellonce.demo.households import SOURCE
from tellonce.demo.lines import PhoneLine
from tellonce.demo.provider import WEST
from tellonce.demo.reasons import INDEX, REASON_OF, REASONS
from tellonce.demo.talk import Talk
from tellonce.demo.writing import Speaker, Topic, Voice
from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.queries.for_learning import cases_since
from tellonce.modules.network import queries as network
from tellonce.modules.phone.actions import queue_contact
from tellonce.modules.phone.queries.written import WRITTEN
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import CustomerCard
from tellonce.modules.record.queries.for_learning import all_customers
from tellonce.modules.staff.contracts import Actor, ActorKind

TICK_S: Final = 3.0
BUSIEST_EVERY_S: Final = 35.0
LEAST_LEVEL: Final = 0.45
ALWAYS_WAITING: Final = 3
STRANGERS: Final = (
    "Do you have fibre at {street}? We move in next month.",
    "I was a customer years ago and would like to know what you offer now.",
    "I am calling for my mother, she has internet with you. I do not have her number here.",
    "Somebody from you was at our door at {street}, was that really you?",
)
_NOTE_CALLS_EVERY: Final = timedelta(seconds=30)
_LOOK_ROUND_EVERY: Final = timedelta(minutes=5)
_CHANNELS: Final = tuple(name for name, _ in rates.CHANNELS)
_SHARES: Final = tuple(share for _, share in rates.CHANNELS)


def run_callers(
    stop: threading.Event,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    seed: int | None = None,
    pace: float = 1.0,
) -> None:
    """Calls, answers for colleagues who are not signed in, and calls again, until `stop` is set.

    Everybody made up lives `pace` times as fast: comes, waits, talks and takes turns.
    """
    rng = random.Random(seed)
    floor = Callers(rng=rng, at=clock(), pace=pace)
    while not stop.is_set():
        close_old_connections()
        floor.tick(clock())
        stop.wait(TICK_S / pace)


@dataclass(slots=True)
class _Around:
    """What is going on at the provider, looked up now and then: who has trouble, and who has an open case."""

    until: datetime
    in_trouble: list[int] = field(default_factory=list)
    with_case: list[tuple[int, int]] = field(default_factory=list)


class Callers:
    """The made-up customers who get in touch, and those who do it again."""

    def __init__(self, *, rng: random.Random, at: datetime, pace: float = 1.0) -> None:
        self.rng, self.pace = rng, pace
        self.span: Span = span_until(at)
        self.customers = [row.id for row in all_customers() if row.left_on is None and row.reads_as == row.id]
        self.codes = care_queries.matter_ids()
        self.colleagues = Colleagues(rng=rng, matters=self.codes, pace=pace)
        self.colleagues.take_up(at)
        self.line = PhoneLine(rng=rng, colleagues=self.colleagues, pace=pace)
        self.again: list[tuple[datetime, Talk]] = []
        self.around = _Around(until=at)
        self.next_at = at
        self.noted_at = at - timedelta(days=1)

    def tick(self, at: datetime) -> None:
        """One look at the floor: who arrives, who answers, whose conversation is over."""
        waiting = care_queries.waiting_contacts(60)
        if self.line.hopes_for_a_call(at):
            self._call(at)
        if at >= self.next_at or len(waiting) < ALWAYS_WAITING:
            self.arrive(at)
            self.next_at = at + timedelta(seconds=self.rng.expovariate(1 / self.seconds_between(at)))
        self.line.tick(at)
        self.colleagues.answer(waiting, at=at)
        self.again += self.colleagues.finish(at=at)
        self.colleagues.run_errands(at=at)
        if at - self.noted_at >= _NOTE_CALLS_EVERY:
            note_calls_since(self.noted_at - _NOTE_CALLS_EVERY, at=at)
            self.noted_at = at

    def seconds_between(self, at: datetime) -> float:
        """The mean time between arrivals: by the hour and weekday of the regions, and never less than alive."""
        day = (at - self.span.first).total_seconds() / 86_400
        return BUSIEST_EVERY_S / max(LEAST_LEVEL, min(1.0, level_at(self.span, day))) / self.pace

    def arrive(self, at: datetime) -> None:
        """Somebody gets in touch: about something again, about what just happened, or out of the blue."""
        due = [entry for entry in self.again if entry[0] <= at]
        if due:
            self.again.remove(due[0])
            return self._begin(due[0][1], at=at)
        if self.rng.random() < 0.03:
            return self._stranger(at)
        talk = self._somebody(at)
        return self._begin(talk, at=at) if talk else None

    def _call(self, at: datetime) -> None:
        """Somebody calls now."""
        talk = self._somebody(at)
        if talk is not None:
            number = self._number_of(talk)
            self.line.ring(replace(talk, channel="call", reached_from=number), at=at)

    def _number_of(self, talk: Talk) -> str:
        phones = record.card(talk.customer_id).phones if talk.customer_id else ()
        return phones[0].value if phones else ""

    def _begin(self, talk: Talk, *, at: datetime) -> None:
        if talk.channel == "call" and self.line.is_open:
            return self.line.ring(talk, at=at)
        draws = [self.rng.getrandbits(30) for _ in range(writing.DRAWS)]
        contact = care.begin_contact(
            channel=talk.channel,
            at=at,
            by=Actor(ActorKind.CUSTOMER, talk.voice.speaker.name),
            customer_id=talk.customer_id,
            reached_from=talk.reached_from,
            said=talk.voice.said(again=talk.round > 0, channel=talk.channel, draws=draws),
            source=SOURCE,
        )
        if talk.channel in WRITTEN and self.line.is_open:
            queue_contact(contact_id=contact.pk, queue=queue_about(talk.voice.topic.reason), at=at)
        return self.colleagues.know(contact.pk, talk)

    def _stranger(self, at: datetime) -> None:
        """Somebody who is no customer, or calls without a number."""
        names = writing.words("names")["anglo"]
        name = f"{self.rng.choice(names['given'])} {self.rng.choice(names['family'])}"
        street = f"{self.rng.randint(2, 200)} Orchard Lane"
        words = self.rng.choice(STRANGERS).format(street=street)
        care.begin_contact(
            channel="call", at=at, by=Actor(ActorKind.CUSTOMER, name), said_name=name, said=words, source=SOURCE,
        )  # fmt: skip

    def _somebody(self, at: datetime) -> Talk | None:
        if at >= self.around.until:
            self.around = self._look_round(at)
        draw = self.rng.random()
        topic: Topic | None = None
        if draw < 0.20 and self.around.in_trouble:
            customer_id = self.rng.choice(self.around.in_trouble)
            topic = Topic(INDEX["internet_down"], "outage.status")
        elif draw < 0.45 and self.around.with_case:
            customer_id, matter_id = self.rng.choice(self.around.with_case)
            code = next((code for code, known in self.codes.items() if known == matter_id), "")
            topic = Topic(REASON_OF.get(code, INDEX["bill_question"]), code)
        else:
            customer_id = self.rng.choice(self.customers)
        try:
            card = record.card(customer_id, at=at)
        except DomainError:
            return None  # merged, split or erased since the list was read
        if topic is None:
            return self._talk(card, self._out_of_the_blue(card, at), turn=0, at=at)
        return self._talk(card, topic, turn=int(draw >= 0.20), at=at)

    def _look_round(self, at: datetime) -> _Around:
        around = _Around(until=at + _LOOK_ROUND_EVERY)
        for outage in network.current_outages(at)[:5]:
            around.in_trouble += record.customers_in_area(outage.area_id)
        around.with_case = [
            (case.customer_id, case.matter_id)
            for case in cases_since(at - timedelta(days=6))
            if case.solved_at is None and case.matter_id is not None
        ]
        return around

    def _out_of_the_blue(self, card: CustomerCard, at: datetime) -> Topic:
        """What is likely for this customer today, with the rest of the reasons always possible."""
        today = at.date()
        kinds = {service.kind for service in card.services if not service.is_ended}
        weights = {reason.key: _EVERYDAY.get(reason.key, 0.5) for reason in REASONS}
        for reason in REASONS:
            if reason.group in {"internet", "tv", "phone", "mobile"} and reason.group not in kinds:
                weights[reason.key] = 0.0
        if any(a.cycle_day and 0 <= (today.day - a.cycle_day) % 30 < 6 for a in card.accounts):
            weights["bill_question"] *= 4
            weights["wrong_charge"] *= 3
        ends = [s.promotion_ends_on for s in card.services if s.promotion_ends_on]
        if any(abs((today - end).days) < 30 for end in ends):
            weights["price_went_up"] *= 12
        if card.since and (today - card.since).days < 20:
            weights["order_status"] *= 8
            weights["modem_setup"] *= 6
        keys = list(weights)
        number = INDEX[self.rng.choices(keys, [weights[key] for key in keys])[0]]
        return Topic(number, self.rng.choice(REASONS[number].matters))

    def _talk(self, card: CustomerCard, topic: Topic, *, turn: int, at: datetime) -> Talk:
        channel = self.rng.choices(_CHANNELS[:5], _SHARES[:5])[0]
        phone = card.phones[0].value if card.phones else ""
        mail = card.mails[0].value if card.mails else ""
        plan = next((service.plan for service in card.services if not service.is_ended), "")
        place = card.premises[0] if card.premises else None
        speaker = Speaker(
            name=card.people[0].name if card.people else card.shown_name,
            spanish=card.languages[:1] == ("es",),
            town=place.town if place else "",
            street=place.line.split(" ", 1)[-1] if place else "",
            plan=plan,
            years=(at.date() - card.since).days // 365 if card.since else 1,
            kinds=_kinds(card, at),
            is_business=card.kind == "business",
        )
        return Talk(
            customer_id=card.id,
            voice=Voice(topic=topic, speaker=speaker, seed=self.rng.getrandbits(30)),
            channel=channel,
            reached_from=phone if channel in {"call", "text"} else mail,
            round=turn,
            is_west=card.time_zone == WEST,
        )


def _kinds(card: CustomerCard, at: datetime) -> frozenset[str]:
    running = [service for service in card.services if not service.is_ended]
    ends = [service.promotion_ends_on for service in running if service.promotion_ends_on is not None]
    promoted = {"on_promotion"} if any(end > at.date() for end in ends) else set()
    return frozenset({service.kind for service in running} | promoted)


_EVERYDAY: Final = {
    "internet_drops": 2.0, "internet_slow": 1.7, "internet_down": 1.5, "wifi": 1.4, "bill_question": 1.3,
    "wrong_charge": 1.0, "change_plan": 1.2, "pay_later": 1.0, "price_went_up": 0.7, "leave": 0.8,
    "outage_credit": 0.2, "visit_missed": 0.2, "visit_when": 0.4, "equipment_back": 0.1, "order_status": 0.3,
    "modem_setup": 0.4, "complaint": 0.15, "praise": 0.1,
}  # fmt: skip
