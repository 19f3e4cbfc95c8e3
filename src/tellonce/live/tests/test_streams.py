"""The live process over real sockets: tickets, sign-out, a lost database, slow browsers."""

import json
import socket
import time
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from tellonce.kernel.tickets import Ticket, sign
from tellonce.live.tests.serving import ORIGIN, SECRET, database_url, notify, running, ticket, wait_until
from tellonce.live.wire import CHANNEL, Event

pytestmark = pytest.mark.database


def an_event(topic: str, number: int = 1) -> Event:
    return Event(topics=(topic,), kind="care.case_opened", ids={"customer_id": number})


def request_of(text: str, version: str) -> bytes:
    return f"GET /live/events?ticket={text} HTTP/{version}\r\nHost: x\r\n\r\n".encode()


def test_a_notify_reaches_the_stream() -> None:
    with running() as live, live.stream(ticket("customer:12")) as lines:
        notify(an_event("customer:13"), an_event("customer:12", 12))
        heard = json.loads(next(lines).removeprefix("data: "))
    assert heard == {"topics": ["customer:12"], "kind": "care.case_opened", "customer_id": 12}


def test_a_bad_ticket_opens_nothing() -> None:
    over = sign(Ticket(person_id=1, session="s", topics=("a",), ends_at_s=int(time.time()) - 5), secret=SECRET)
    forged = sign(Ticket(person_id=1, session="s", topics=("a",), ends_at_s=int(time.time()) + 60), secret="x" * 40)
    with running() as live:
        for text in (over, forged, "", "no ticket", ticket("a") + "0", ticket("a").replace(".", "")):
            assert httpx.get(f"{live.url}/live/events", params={"ticket": text}).status_code == 403
        assert not live.hub.streams


def test_a_stream_ends_with_its_ticket() -> None:
    with running() as live, live.stream(ticket("a", lasts_s=2)) as lines:
        began = time.monotonic()
        assert list(lines) == ["event: over"]
        assert time.monotonic() - began < 5
        wait_until(lambda: not live.hub.streams)


def test_signing_out_closes_the_stream_at_once() -> None:
    with running() as live, live.stream(ticket("a", session="gone")) as lines:
        with psycopg.connect(database_url(), autocommit=True) as connection:
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, '{"signed_out":"gone"}'])
        assert list(lines) == ["event: signed_out"]


def test_after_the_database_is_lost_every_page_re_fetches_and_hears_again() -> None:
    with running() as live, live.stream(ticket("customer:1")) as lines:
        live.lose_database()
        assert next(lines) == "event: refetch"
        notify(an_event("customer:1"))
        assert "care.case_opened" in next(lines)
        assert httpx.get(f"{live.url}/healthz").status_code == 200
        figures = httpx.get(f"{live.url}/metrics").text
    assert "tellonce_live_connections_total 2.0" in figures


def test_a_payload_that_nobody_understands_loses_nothing() -> None:
    with running() as live, live.stream(ticket("a")) as lines:
        with psycopg.connect(database_url(), autocommit=True) as connection:
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, "garbage"])
        assert next(lines) == "event: refetch"


def test_only_the_pages_of_the_configured_origin_may_listen() -> None:
    with running() as live:
        with live.stream(ticket("a"), origin=ORIGIN):
            pass
        with httpx.stream(
            "GET", f"{live.url}/live/events", params={"ticket": ticket("a")}, headers={"origin": ORIGIN}
        ) as answer:
            assert answer.headers["access-control-allow-origin"] == ORIGIN
            assert answer.headers["cache-control"] == "no-store"
        refused = httpx.get(
            f"{live.url}/live/events", params={"ticket": ticket("a")}, headers={"origin": "http://evil.example"}
        )
        assert refused.status_code == 403
        assert "access-control-allow-origin" not in refused.headers


def test_a_browser_that_reads_nothing_holds_up_nobody_and_little_memory() -> None:
    with running(pipe_limit=10_000) as live:
        address = urlsplit(live.url)
        with socket.create_connection((address.hostname or "", address.port or 0)) as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.sendall(
                f"GET /live/events?ticket={ticket('big', session='deaf')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            )
            wait_until(lambda: len(live.hub.streams) == 1)
            (slow,) = live.hub.streams
            wide = Event(topics=("big",), kind="k" * 6000, ids={})
            while not slow.is_behind:
                notify(*[wide] * 50)
            assert slow.pipe.waiting_bytes() < 20_000
            with live.stream(ticket("other")) as lines:
                notify(an_event("other"))
                assert "care.case_opened" in next(lines)
            live.loop.call_soon_threadsafe(live.hub.sign_out, "deaf")
            wait_until(lambda: slow not in live.hub.streams)


def test_a_proxy_that_speaks_an_older_http_gets_plain_lines() -> None:
    with running() as live:
        address = urlsplit(live.url)
        with socket.create_connection((address.hostname or "", address.port or 0)) as old:
            old.sendall(request_of(ticket("a", session="old"), "1.0"))
            wait_until(lambda: len(live.hub.streams) == 1)
            live.loop.call_soon_threadsafe(live.hub.sign_out, "old")
            answer = b"".join(iter(lambda: old.recv(4096), b""))
        assert answer.endswith(b"\r\n\r\nretry: 2000\n\nevent: beat\ndata: 1\n\nevent: signed_out\ndata: 1\n\n")


def test_a_head_request_opens_no_stream() -> None:
    with running() as live:
        assert httpx.head(f"{live.url}/live/events", params={"ticket": ticket("a")}).status_code == 405


@pytest.mark.parametrize("heard_s", ["nan", "-5", "x", "1e9"])
def test_a_strange_age_is_harmless(heard_s: str) -> None:
    with running() as live:
        params = {"ticket": ticket("a"), "heard_s": heard_s}
        with httpx.stream("GET", f"{live.url}/live/events", params=params) as answer:
            assert answer.status_code in {200, 403}
