"""Who may open a phone, and how: tickets, origins, and what is answered."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tellonce.audio.app import AudioSettings, build
from tellonce.audio.line import Line, Times, User
from tellonce.audio.lines import Lines
from tellonce.audio.tickets import topic_of
from tellonce.kernel.tickets import Ticket, sign

SECRET, ORIGIN, ANN = "s" * 40, "http://care.example.net", 4


def a_ticket(person: int = ANN, *topics: str, lasts_s: float = 60.0, secret: str = SECRET) -> str:
    ends = int(time.time() + lasts_s)
    return sign(Ticket(person, "session", topics or (topic_of(person),), ends), secret=secret)


Asks = Callable[..., httpx.Response]


@pytest.fixture
def asks(tmp_path: Path) -> Asks:
    """A process that has every other person; nobody but Ann has a phone in the browser."""

    async def user_of(person: int) -> User | None:
        return User("b4", "0" * 32) if person == ANN else None

    settings = AudioSettings(
        conninfo="host=127.0.0.1 port=1 connect_timeout=1", secret=SECRET, gateway=("127.0.0.1", 9),
        file=tmp_path / "browsers.json", origins=(ORIGIN,), of=2, times=Times(answer_s=0.1),
    )  # fmt: skip

    async def _ask(act: str, ticket: str, method: str, **more: object) -> httpx.Response:
        app = build(settings, user_of)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://x") as client,
        ):
            return await client.request(method, f"/audio/0/{act}", params={"ticket": ticket}, **more)  # type: ignore[arg-type]

    return lambda act, ticket, method="POST", **more: asyncio.run(_ask(act, ticket, method, **more))


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize(
    "ticket",
    [
        "", "x.y", a_ticket(lasts_s=-5), a_ticket(secret="t" * 40), a_ticket(ANN, "person:4"),
        a_ticket(ANN, topic_of(6)), a_ticket(5),
    ],
    ids=["none", "nonsense", "over", "forged", "of a page", "of somebody else", "of another process"],
)  # fmt: skip
@pytest.mark.parametrize("act", ["open", "answer", "leave"])
def test_without_a_ticket_for_ones_own_phone_nothing_is_done(asks: Asks, ticket: str, act: str) -> None:
    assert said(asks(act, ticket)) == (403, "bad_ticket")


def test_only_our_pages_may_ask(asks: Asks) -> None:
    ticket = a_ticket()
    assert said(asks("answer", ticket, headers={"origin": "http://evil.example"})) == (403, "origin")
    answer = asks("answer", ticket, headers={"origin": ORIGIN})
    assert said(answer) == (404, "nothing_rings")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["cache-control"] == "no-store"
    assert asks("answer", ticket, "GET").status_code == 405


def test_what_is_no_offer_is_refused_in_words(asks: Asks) -> None:
    ticket = a_ticket()
    for body in (b"not json", b"[1]", b" " * 70_000):
        assert said(asks("open", ticket, content=body)) == (400, "unreadable")
    no_sound = {"sdp": "v=0\r\n", "seat": "one", "taken": False}
    assert said(asks("open", ticket, json=no_sound)) == (400, "bad_offer")
    assert said(asks("open", a_ticket(6), json=no_sound)) == (403, "no_browser_phone")


def test_a_phone_that_is_put_somewhere_else_is_no_more(tmp_path: Path) -> None:
    async def whole() -> None:
        has_one = {ANN, 6}

        async def user_of(person: int) -> User | None:
            return User(f"b{person}", "0" * 32) if person in has_one else None

        lines = Lines(("127.0.0.1", 9), user_of=user_of, file=tmp_path / "browsers.json")
        await lines.start()
        for person in has_one:
            lines._by_user[f"b{person}"] = Line(person, f"b{person}")
        has_one.discard(ANN)
        for person in (ANN, 6):
            lines.look_again(person)
        await asyncio.gather(*lines._tasks)
        assert [line.person for line in lines.all] == [6]
        await lines.close()

    asyncio.run(whole())
