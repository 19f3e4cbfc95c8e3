"""The live process's addresses: the event stream, its health, its figures."""

import asyncio
import contextlib
import json
import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from tellonce.kernel.scraping import may_scrape
from tellonce.kernel.tickets import BadTicketError, Ticket, read
from tellonce.live.connections import TRANSPORT, TransportPipe
from tellonce.live.hub import BEAT, OVER, Hub, Stream
from tellonce.live.listener import Listener
from tellonce.live.metrics import registry_of

RETRY_HINT = b"retry: 2000\n\n"
BEAT_SLICES = 15
_GOODBYE_S = 1


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Plain values that the live process needs; `origins` are the pages' origins allowed to listen from elsewhere."""

    conninfo: str
    secret: str
    origins: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8461
    pipe_limit: int = 65_536
    stream_limit: int = 20_000
    heartbeat_s: float = 15.0
    metrics_token: str = ""


class EventStream:
    """GET /live/events?ticket=…&heard_s=…: server-sent events of the ticket's topics, ids only.

    The head and the end of the answer go through ASGI; events go straight to the connection. At a thousand streams
    the layers in between cost seven times the writing itself (benchmarks/live.py).
    """

    def __init__(self, *, hub: Hub, settings: LiveSettings) -> None:
        self._hub = hub
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or streams until the ticket ends, the session signs out or the browser goes."""
        request = Request(scope, receive)
        refusal = self._refusal(request)
        ticket = None if refusal else self._ticket(request)
        if refusal or ticket is None:
            await (refusal or self._error("ticket", 403, request))(scope, receive, send)
            return
        await send(self._head(request))
        pipe = TransportPipe(scope["state"][TRANSPORT], is_chunked=scope["http_version"] == "1.1")
        pipe.write(RETRY_HINT + BEAT)
        stream = self._hub.join(ticket, pipe=pipe, heard_s=_heard_s(request))
        gone = asyncio.create_task(_end_when_gone(receive, stream))
        try:
            await self._last(stream)
            await _finish(send, pipe)
        finally:
            self._hub.leave(stream)
            gone.cancel()

    def _refusal(self, request: Request) -> Response | None:
        if request.method != "GET":
            return self._error("method", 405, request)
        if request.headers.get("origin") not in (None, *self._settings.origins, _own_origin(request)):
            return JSONResponse({"error": "origin"}, status_code=403)
        if self._hub.is_full:
            return self._error("full", 503, request)
        return None

    def _error(self, what: str, status: int, request: Request) -> Response:
        return JSONResponse({"error": what}, status_code=status, headers=self._cors(request))

    def _ticket(self, request: Request) -> Ticket | None:
        text = request.query_params.get("ticket", "")
        try:
            return read(text, secret=self._settings.secret, now_s=time.time())
        except BadTicketError:
            return None

    def _cors(self, request: Request) -> dict[str, str]:
        origin = request.headers.get("origin")
        allowed = {"access-control-allow-origin": origin} if origin in self._settings.origins and origin else {}
        return {"vary": "origin", **allowed}

    def _head(self, request: Request) -> Message:
        headers = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-store",
            "x-accel-buffering": "no",
            **self._cors(request),
        }
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        return {"type": "http.response.start", "status": 200, "headers": raw}

    async def _last(self, stream: Stream) -> None:
        """Waits until the stream ends, or ends it with its ticket."""
        try:
            async with asyncio.timeout(stream.ticket.ends_at_s - time.time()):
                await stream.ended.wait()
        except TimeoutError:
            stream.end(OVER)


async def _finish(send: Send, pipe: TransportPipe) -> None:
    """Ends the answer; a browser that reads nothing more is not waited for."""
    try:
        async with asyncio.timeout(_GOODBYE_S):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except TimeoutError:
        pipe.abort()
        await asyncio.sleep(0.1)  # until the server has seen that the connection is gone


async def _end_when_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def _heard_s(request: Request) -> float:
    """How far back the browser wants to hear; an age that is none means that it must re-fetch."""
    try:
        return float(request.query_params.get("heard_s", "0"))
    except ValueError:
        return math.inf


def _own_origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


async def _beat(hub: Hub, heartbeat_s: float) -> None:
    while True:
        await asyncio.sleep(heartbeat_s / BEAT_SLICES)
        hub.beat()


def build(settings: LiveSettings) -> Starlette:
    """The application, with its hub and its listener in `state`; the listener runs while the application does."""
    hub = Hub(
        clock=time.monotonic,
        pipe_limit=settings.pipe_limit,
        stream_limit=settings.stream_limit,
        beat_slices=BEAT_SLICES,
    )
    listener = Listener(conninfo=settings.conninfo, hub=hub)
    registry = registry_of(hub=hub, listener=listener)

    async def healthz(_request: Request) -> Response:
        body = {"ok": listener.is_listening, "streams": len(hub.streams)}
        return Response(json.dumps(body), status_code=200 if listener.is_listening else 503)

    async def metrics(request: Request) -> Response:
        address = request.client.host if request.client else ""
        if not may_scrape(headers=request.headers, address=address, token=settings.metrics_token):
            return JSONResponse({"error": "not_allowed"}, status_code=403)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        running = [asyncio.create_task(each) for each in (listener.run(), _beat(hub, settings.heartbeat_s))]
        yield
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    routes = [
        Route("/live/events", EventStream(hub=hub, settings=settings), methods=["GET"]),
        Route("/healthz", healthz),
        Route("/metrics", metrics),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.hub, app.state.listener = hub, listener
    return app
