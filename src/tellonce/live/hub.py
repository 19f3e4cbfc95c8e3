"""Who is listening to what, in memory: bounded pipes, a short memory for late-comers, no input or output of its own."""

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tellonce.kernel.tickets import Ticket
from tellonce.live.wire import Event

REFETCH = b"event: refetch\ndata: 1\n\n"
SIGNED_OUT = b"event: signed_out\ndata: 1\n\n"
OVER = b"event: over\ndata: 1\n\n"
BEAT = b"event: beat\ndata: 1\n\n"


@dataclass(slots=True)
class Counts:
    """What the hub has done so far."""

    told: int = 0
    refetches: int = 0
    overflows: int = 0
    signed_out: int = 0


class Pipe(Protocol):
    """The way to one browser. Writing never waits; what the network has not taken yet is counted."""

    def write(self, data: bytes) -> None:
        """Hands bytes to the network, or keeps them until it takes them."""
        ...

    def waiting_bytes(self) -> int:
        """What the network has not taken yet."""
        ...


@dataclass(slots=True, eq=False)
class Stream:
    """One browser's stream. At most about `limit` bytes wait for it; a slower one is told to re-fetch instead."""

    ticket: Ticket
    pipe: Pipe
    limit: int
    is_behind: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, data: bytes) -> bool:
        """Writes one event; False when the browser just fell behind, and misses this and what follows."""
        if self.is_behind or self.ended.is_set():
            return True
        if self.pipe.waiting_bytes() > self.limit:
            self.is_behind = True
            return False
        self.pipe.write(data)
        return True

    def beat(self) -> None:
        """Shows the browser that the stream lives; one that was behind and has caught up is told to re-fetch."""
        if self.is_behind and not self.pipe.waiting_bytes():
            self.is_behind = False
            self.put(REFETCH)
        self.put(BEAT)

    def end(self, last: bytes = b"") -> None:
        """Ends the stream; `last` is its last event."""
        if last:
            self.put(last)
        self.ended.set()


class Hub:
    """Fans events out to streams. All calls are made from one event loop."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        pipe_limit: int = 65_536,
        memory_s: float = 60,
        stream_limit: int = 20_000,
        beat_slices: int = 15,
    ) -> None:
        self.counts = Counts()
        self.streams: set[Stream] = set()
        self._clock = clock
        self._pipe_limit = pipe_limit
        self._stream_limit = stream_limit
        self._memory_s = memory_s
        self._memory: deque[tuple[float, Event]] = deque(maxlen=20_000)
        self._remembers_since = clock()
        self._by_topic: dict[str, set[Stream]] = {}
        self._slices: Sequence[set[Stream]] = [set() for _ in range(beat_slices)]
        self._joining = itertools.cycle(self._slices)
        self._beating = itertools.cycle(self._slices)

    @property
    def is_full(self) -> bool:
        """Whether this process carries as many streams as it may."""
        return len(self.streams) >= self._stream_limit

    def join(self, ticket: Ticket, *, pipe: Pipe, heard_s: float) -> Stream:
        """A new stream, which first gets what happened to its topics in the last `heard_s` seconds.

        Where the hub's memory does not reach back so far, it gets an order to re-fetch.
        """
        stream = Stream(ticket=ticket, pipe=pipe, limit=self._pipe_limit)
        self.streams.add(stream)
        next(self._joining).add(stream)
        for topic in ticket.topics:
            self._by_topic.setdefault(topic, set()).add(stream)
        self._catch_up(stream, since=self._clock() - heard_s)
        return stream

    def _catch_up(self, stream: Stream, *, since: float) -> None:
        self._forget_old()
        if since < self._remembers_since:
            self.counts.refetches += 1
            stream.put(REFETCH)
            return
        mine = set(stream.ticket.topics)
        for at, event in self._memory:
            heard = tuple(topic for topic in event.topics if topic in mine)
            if at >= since and heard:
                stream.put(_written(event, heard))

    def leave(self, stream: Stream) -> None:
        """The stream is gone."""
        self.streams.discard(stream)
        for some in self._slices:
            some.discard(stream)
        for topic in stream.ticket.topics:
            listening = self._by_topic.get(topic)
            if listening is not None:
                listening.discard(stream)
                if not listening:
                    del self._by_topic[topic]

    def publish(self, events: Iterable[Event]) -> None:
        """Queues each event once for every stream that may hear one of its topics."""
        now = self._clock()
        for event in events:
            if len(self._memory) == self._memory.maxlen:
                self._remembers_since = self._memory[0][0]
            self._memory.append((now, event))
            heard: dict[Stream, tuple[str, ...]] = {}
            for topic in event.topics:
                for stream in self._by_topic.get(topic, ()):
                    heard[stream] = (*heard.get(stream, ()), topic)
            self._tell(event, heard)
        self._forget_old()

    def _tell(self, event: Event, heard: dict[Stream, tuple[str, ...]]) -> None:
        texts: dict[tuple[str, ...], bytes] = {}
        for stream, topics in heard.items():
            if topics not in texts:
                texts[topics] = _written(event, topics)
            self.counts.overflows += not stream.put(texts[topics])
        self.counts.told += len(heard)

    def beat(self) -> None:
        """Beats one slice of the streams: called every second or so, it never writes to all of them at once."""
        for stream in next(self._beating):
            stream.beat()

    def refetch_all(self) -> None:
        """Events may have been missed: every page asks again for what it shows."""
        self._memory.clear()
        self._remembers_since = self._clock()
        self.counts.refetches += len(self.streams)
        for stream in self.streams:
            stream.put(REFETCH)

    def sign_out(self, session: str) -> None:
        """Ends the streams of one session."""
        for stream in [stream for stream in self.streams if stream.ticket.session == session]:
            self.counts.signed_out += 1
            stream.end(SIGNED_OUT)

    def close(self) -> None:
        """Ends every stream: the process is going down, browsers connect again."""
        for stream in self.streams:
            stream.end()

    def _forget_old(self) -> None:
        oldest = self._clock() - self._memory_s
        while self._memory and self._memory[0][0] < oldest:
            self._memory.popleft()
        self._remembers_since = max(self._remembers_since, oldest)


def _written(event: Event, topics: tuple[str, ...]) -> bytes:
    body = json.dumps({"topics": topics, "kind": event.kind, **event.ids}, separators=(",", ":"))
    return f"data: {body}\n\n".encode()
