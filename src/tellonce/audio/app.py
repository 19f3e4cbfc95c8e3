"""The addresses of the browser's phone: a window opens it, answers, and turns it off; each with a signed ticket."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tellonce.audio.ice import Ice
from tellonce.audio.line import Times, UserOf
from tellonce.audio.lines import Lines
from tellonce.audio.metrics import figures
from tellonce.audio.peers import Peer
from tellonce.audio.tickets import topic_of
from tellonce.kernel.errors import DomainError
from tellonce.kernel.scraping import may_scrape
from tellonce.kernel.tickets import BadTicketError, Ticket, read
from tellonce.live.listener import Listener
from tellonce.live.wire import Event

log = logging.getLogger(__name__)

_LONGEST_OFFER = 65_536
_LONGEST_SEAT = 64
_BEAT_S = 10.0


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """Plain values that an audio process needs.

    Attributes:
        number: of this process among `of`; it has the persons whose id leaves this rest.
        origins: of the pages, which may ask from elsewhere.
        gateway: address and port of the phone gateway.
        file: where calls that are up are kept.
        ice: servers that help to find a way through routers.
        metrics_token: of who may read the figures; without it this machine itself.
    """

    conninfo: str
    secret: str
    gateway: tuple[str, int]
    file: Path
    origins: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8462
    number: int = 0
    of: int = 1
    times: Times = field(default_factory=Times)
    ice: Ice = field(default_factory=Ice)
    metrics_token: str = field(default="", repr=False)


class _Ears:
    """Of all that is told live, who signs out, and whose phone is put somewhere else."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def publish(self, events: Iterable[Event]) -> None:
        for person in {line.person for line in self._lines.all}:
            if any(topic_of(person) in event.topics for event in events):
                self._lines.look_again(person)

    def refetch_all(self) -> None:
        for line in self._lines.all:
            self._lines.look_again(line.person)

    def sign_out(self, session: str) -> None:
        self._lines.sign_out(session)


class Desk:
    """Answers browsers; `lines` does what they ask."""

    def __init__(self, settings: AudioSettings, lines: Lines) -> None:
        self._settings, self._lines = settings, lines

    async def open(self, ticket: Ticket, request: Request) -> Response:
        """POST {sdp, seat, taken}: gives {sdp} on a line of its own, and {over} on another when it is.

        The answer lasts as long as the window has the phone, so both sides see at once when the other is gone.
        """
        try:
            said = json.loads(await _body(request))
            offer, seat, is_taken = str(said["sdp"]), str(said["seat"])[:_LONGEST_SEAT], bool(said["taken"])
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "unreadable"}, status_code=400)
        answer, peer = await self._lines.open(
            ticket.person_id, offer=offer, seat=seat, session=ticket.session, is_taken=is_taken
        )
        headers = {"x-accel-buffering": "no"}
        return StreamingResponse(self._stays(answer, peer), media_type="application/x-ndjson", headers=headers)

    async def _stays(self, answer: str, peer: Peer) -> AsyncIterator[bytes]:
        try:
            yield _line({"sdp": answer})
            while not peer.over.done():
                await asyncio.wait([peer.over], timeout=_BEAT_S)
                yield _line({"over": peer.over.result()}) if peer.over.done() else b"\n"
        finally:
            self._lines.gone(peer)

    async def answer(self, ticket: Ticket, _request: Request) -> Response:
        """POST: picks up what rings."""
        await self._lines.answer(ticket.person_id)
        return JSONResponse({"ok": True})

    async def leave(self, ticket: Ticket, _request: Request) -> Response:
        """POST: the phone is put away."""
        await self._lines.leave(ticket.person_id)
        return JSONResponse({"ok": True})

    def asked(self, act: Callable[[Ticket, Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """With the ticket checked, errors as answers, and what a browser needs to ask from another origin."""

        async def _asked(request: Request) -> Response:
            origin = request.headers.get("origin")
            if origin not in (None, *self._settings.origins, f"{request.url.scheme}://{request.url.netloc}"):
                return JSONResponse({"error": "origin"}, status_code=403)
            try:
                answer = await act(self._ticket(request), request)
            except DomainError as error:
                answer = JSONResponse({"error": error.code, "text": str(error)}, status_code=error.status)
            answer.headers["vary"] = "origin"
            answer.headers["cache-control"] = "no-store"
            if origin in self._settings.origins and origin:
                answer.headers["access-control-allow-origin"] = origin
            return answer

        return _asked

    def _ticket(self, request: Request) -> Ticket:
        ticket = read(request.query_params.get("ticket", ""), secret=self._settings.secret, now_s=time.time())
        if topic_of(ticket.person_id) not in ticket.topics:
            raise BadTicketError("This ticket is for something else.")
        if ticket.person_id % self._settings.of != self._settings.number:
            raise BadTicketError("This phone is with another process.")
        return ticket


def _line(said: dict[str, str]) -> bytes:
    return json.dumps(said).encode() + b"\n"


async def _body(request: Request) -> bytes:
    found = b""
    async for part in request.stream():
        found += part
        if len(found) > _LONGEST_OFFER:
            raise ValueError(len(found))
    return found


def build(settings: AudioSettings, user_of: UserOf) -> Starlette:
    """The application, with its lines in `state`."""
    lines = Lines(settings.gateway, user_of=user_of, file=settings.file, times=settings.times, ice=settings.ice)
    desk = Desk(settings, lines)
    listener = Listener(conninfo=settings.conninfo, hub=_Ears(lines))

    async def healthz(_request: Request) -> Response:
        talking = sum(line.sound is not None for line in lines.all)
        body = {"ok": listener.is_listening, "phones": len(lines.all), "talking": talking}
        return JSONResponse(body, status_code=200 if listener.is_listening else 503)

    async def metrics(request: Request) -> Response:
        address = request.client.host if request.client else ""
        if not may_scrape(headers=request.headers, address=address, token=settings.metrics_token):
            return JSONResponse({"error": "not_allowed"}, status_code=403)
        return Response(await figures(lines), media_type=CONTENT_TYPE_LATEST)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await lines.start()
        listening = asyncio.create_task(listener.run())
        yield
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await lines.close()

    routes = [
        Route(f"/audio/{settings.number}/{act.__name__}", desk.asked(act), methods=["POST"])
        for act in (desk.open, desk.answer, desk.leave)
    ]
    app = Starlette(routes=[*routes, Route("/healthz", healthz), Route("/metrics", metrics)], lifespan=lifespan)
    app.state.lines = lines
    return app
