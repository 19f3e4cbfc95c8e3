"""The hub without sockets: who hears what, how much is kept, what late-comers get."""

import pytest

from tellonce.kernel.tickets import Ticket
from tellonce.live.hub import BEAT, REFETCH, SIGNED_OUT, Hub, Stream
from tellonce.live.wire import Event


class Clock:
    """Time that tests move."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Browser:
    """A pipe: what was written to it, and how much of that it has not taken."""

    def __init__(self, *, reads: bool = True) -> None:
        self.reads = reads
        self.written = b""
        self.waiting = 0

    def write(self, data: bytes) -> None:
        self.written += data
        self.waiting += 0 if self.reads else len(data)

    def waiting_bytes(self) -> int:
        return self.waiting

    def taken(self) -> bytes:
        written, self.written = self.written, b""
        return written


@pytest.fixture
def clock() -> Clock:
    return Clock()


def listening(
    hub: Hub, *topics: str, session: str = "s", heard_s: float = 0, reads: bool = True
) -> tuple[Browser, Stream]:
    browser = Browser(reads=reads)
    ticket = Ticket(person_id=1, session=session, topics=topics, ends_at_s=2_000_000_000)
    return browser, hub.join(ticket, pipe=browser, heard_s=heard_s)


def told(topic: str, number: int = 1) -> Event:
    return Event(topics=(topic,), kind="care.case_opened", ids={"customer_id": number})


def test_an_event_reaches_those_who_may_hear_it_once_and_nobody_else(clock: Clock) -> None:
    hub = Hub(clock=clock)
    both, _ = listening(hub, "customer:1", "person:7")
    other, _ = listening(hub, "customer:2")
    hub.publish([Event(topics=("customer:1", "person:7", "person:8"), kind="k", ids={"moment_id": "m"})])
    hub.publish([told("customer:2")])
    assert both.taken() == b'data: {"topics":["customer:1","person:7"],"kind":"k","moment_id":"m"}\n\n'
    assert other.taken().count(b"data:") == 1


def test_a_browser_that_reads_nothing_keeps_little_and_is_told_to_re_fetch_once_it_reads(clock: Clock) -> None:
    hub = Hub(clock=clock, pipe_limit=1000, beat_slices=1)
    slow, _ = listening(hub, "arrivals", reads=False)
    hub.publish(told("arrivals", number) for number in range(10_000))
    hub.beat()
    assert len(slow.taken()) < 1100
    assert hub.counts.overflows == 1
    slow.waiting, slow.reads = 0, True
    hub.publish([told("arrivals")])
    assert slow.taken() == b""  # what it missed comes first
    hub.beat()
    assert slow.taken() == REFETCH + BEAT
    hub.publish([told("arrivals")])
    assert b"customer_id" in slow.taken()


def test_a_late_comer_gets_what_it_missed_and_only_that(clock: Clock) -> None:
    hub = Hub(clock=clock)
    clock.now += 100
    hub.publish([told("customer:1", 1)])
    clock.now += 5
    hub.publish([told("customer:1", 2), told("customer:9", 3)])
    late = listening(hub, "customer:1", heard_s=2)[0].taken()
    assert (b'"customer_id":2' in late, b":1}" in late, b":3}" in late) == (True, False, False)


@pytest.mark.parametrize("heard_s", [61, float("inf")])
def test_a_late_comer_from_before_the_memory_re_fetches(clock: Clock, heard_s: float) -> None:
    hub = Hub(clock=clock, memory_s=60)
    clock.now += 1000
    assert listening(hub, "customer:1", heard_s=heard_s)[0].taken() == REFETCH


def test_a_late_comer_from_before_a_loss_re_fetches(clock: Clock) -> None:
    hub = Hub(clock=clock)
    clock.now += 1000
    hub.refetch_all()
    clock.now += 1
    assert listening(hub, "customer:1", heard_s=2)[0].taken() == REFETCH
    assert listening(hub, "customer:1", heard_s=0.5)[0].taken() == b""


def test_the_memory_is_bounded(clock: Clock) -> None:
    hub = Hub(clock=clock)
    clock.now += 100
    hub.publish(told("x", number) for number in range(30_000))
    clock.now += 1
    assert listening(hub, "customer:1", heard_s=3)[0].taken() == REFETCH


def test_signing_out_ends_the_streams_of_that_session_only(clock: Clock) -> None:
    hub = Hub(clock=clock)
    (mine, my_stream), (theirs, their_stream) = listening(hub, "a", session="mine"), listening(hub, "a", session="b")
    hub.sign_out("mine")
    hub.publish([told("a")])
    assert (mine.taken(), my_stream.ended.is_set()) == (SIGNED_OUT, True)
    assert (b"care" in theirs.taken(), their_stream.ended.is_set()) == (True, False)


def test_every_stream_beats_once_in_a_round(clock: Clock) -> None:
    hub = Hub(clock=clock, beat_slices=3)
    browsers = [listening(hub, "a")[0] for _ in range(10)]
    for _ in range(3):
        hub.beat()
    assert [browser.taken() for browser in browsers] == [BEAT] * 10


def test_nothing_is_left_of_a_stream_that_went(clock: Clock) -> None:
    hub = Hub(clock=clock, stream_limit=1)
    browser, stream = listening(hub, "a", "b")
    assert hub.is_full
    hub.leave(stream)
    hub.publish([told("a")])
    hub.beat()
    assert (hub.is_full, hub.counts.told, browser.taken()) == (False, 0, b"")
