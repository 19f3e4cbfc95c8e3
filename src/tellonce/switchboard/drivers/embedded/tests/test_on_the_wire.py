"""The gateway as strangers, trunks and odd phones meet it, message by message."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tellonce.switchboard.drivers.embedded.digest import ha1_of, read_credentials, response_of
from tellonce.switchboard.drivers.embedded.settings import Trunk
from tellonce.switchboard.drivers.embedded.tests.offices import Office, an_office
from tellonce.switchboard.drivers.embedded.tests.wires import SDP, Message, Party
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    Gone,
    KeySent,
    LineBroke,
    PersonNotReached,
    PhonesChanged,
    WhyNot,
)

ANN = 1
G729 = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 18\r\n"
T = TypeVar("T")


async def away(act: Callable[..., T], *args: Any, **more: Any) -> T:
    """Does what waits for a socket in a thread."""
    return await asyncio.to_thread(act, *args, **more)


@contextlib.asynccontextmanager
async def a_party(folder: Path, **settings: Any) -> AsyncIterator[tuple[Office, Party]]:
    async with an_office(folder, **settings) as office:
        with contextlib.closing(Party(office.driver.port)) as party:
            yield office, party


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


async def answered(office: Office, party: Party, **more: str) -> tuple[str, Message]:
    """A call of the party's that was picked up, and the answer."""
    ringing = await away(party.asks, party.invite(**more))
    assert ringing.code == 180
    call = (await office.hears(Called, number="+12025550199")).call
    await office.driver.answer(call)
    answer = await away(party.hears)
    assert answer is not None
    assert answer.code == 200
    await away(party.send, party.request("ACK", to_tag=tag_of(answer)))
    return call, answer


def tag_of(message: Message) -> str:
    return message.headers["to"].partition("tag=")[2]


def test_strangers_are_refused_with_a_reason(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path, open_entries=()) as (office, party):
            reply = await away(party.asks, party.invite())
            assert reply.code == 403
            assert "Only configured trunks may call here" in reply.headers["reason"]
            for method, code in (("OPTIONS", 403), ("BYE", 481), ("MESSAGE", 481), ("SUBSCRIBE", 481)):
                assert (await away(party.asks, party.request(method, branch=method))).code == code
            reply = await away(party.asks, party.request("REGISTER", "", caller="ann"))
            assert reply.code == 401
            assert office.told == []

    run(story())


def test_who_guesses_passwords_is_not_answered_any_more(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path) as (office, party):
            guess = 'Authorization: Digest username="ann", realm="tellonce", nonce="x.y", uri="sip:x", response="0"'
            for cseq in range(1, 11):
                register = party.request("REGISTER", "", caller="ann", cseq=cseq, more=guess)
                assert (await away(party.asks, register)).code == 401
            party.send(party.request("REGISTER", "", caller="ann", cseq=11))
            assert await away(party.hears, 0.5) is None
            assert office.told == []

    run(story())


def test_numbers_and_codecs_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path) as (office, party):
            assert (await away(party.asks, party.invite("911"))).code == 404
            with contextlib.closing(Party(party.to_port)) as other:
                reply = await away(other.asks, other.invite(body=G729))
            assert reply.code == 488
            assert "Only PCMU and PCMA can be heard here" in reply.headers["warning"]
            assert office.told == []

    run(story())


def test_a_name_that_is_not_utf_8_costs_nobody_their_call(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path) as (office, party):
            raw = party.invite().replace("From: <", 'From: "J\u00fcrgen" <').encode("latin-1")
            assert (await away(party.asks, raw)).code == 180
            assert (await office.hears(Called)).name.startswith("J")

    run(story())


def test_our_bye_reaches_a_caller_who_writes_the_transport_in_capitals(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path) as (office, party):
            contact = f"<sip:jane@127.0.0.1:{party.port};transport=UDP>"
            call, answer = await answered(office, party, contact=contact)
            assert f":{office.driver.port}>" in answer.headers["contact"]
            await office.driver.hang_up(call)
            bye = await away(party.hears)
            assert bye is not None
            assert bye.method == "BYE"

    run(story())


def test_within_a_call_only_what_a_call_needs_is_taken(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path) as (office, party):
            call, answer = await answered(office, party)
            tag = tag_of(answer)
            refer = party.request("REFER", to_tag=tag, cseq=2, more="Refer-To: <sip:+15550100@192.0.2.1>")
            assert (await away(party.asks, refer)).code == 603
            assert (await away(party.asks, party.request("UPDATE", to_tag=tag, cseq=3))).code == 501
            info = party.request("INFO", to_tag=tag, cseq=4, body="Signal=5\r\nDuration=160\r\n")
            assert (await away(party.asks, info)).code == 200
            await office.hears(KeySent, call=call, key="5")
            bad = party.invite(to_tag=tag, cseq=5, branch="bad", body=G729)  # type: ignore[arg-type]
            assert (await away(party.asks, bad)).code == 488
            assert (await away(party.asks, party.request("BYE", to_tag=tag, cseq=6))).code == 200
            await office.hears(Gone, call=call)

    run(story())


def test_a_caller_from_whom_nothing_comes_any_more_is_lost(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path, silent_s=0.8) as (office, party):
            call, _ = await answered(office, party)
            await office.hears(LineBroke, call=call)

    run(story())


def test_a_phone_signs_in_is_rung_where_it_is_and_cannot_dial(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path) as (office, caller):
            call, _ = await answered(office, caller)
            with contextlib.closing(Party(office.driver.port)) as phone:
                contact = f"<sip:ann-at-home@127.0.0.1:{phone.port};transport=UDP>"
                assert (await away(phone.signs_in, ANN, contact=contact)).code == 200
                await office.hears(PhonesChanged, persons=frozenset({ANN}))
                reply = await away(phone.asks, phone.invite("+12025550123", branch="own"))
                assert (reply.code, "by the switchboard" in reply.headers["reason"]) == (403, True)
                name = 'Jane"\r\nEvil: 1'
                await office.driver.ring(call, ANN, shown_number="+12025550199", shown_name=name)
                invite = await away(phone.hears)
                assert invite is not None
                assert invite.start.startswith("INVITE sip:ann-at-home@127.0.0.1")
                assert invite.headers["from"].startswith('"JaneEvil: 1" <sip:+12025550199@')
                assert "evil" not in invite.headers
                assert "RTP/AVP 0 101" in invite.body
            assert (await office.hears(PersonNotReached, call=call, person=ANN)).why is WhyNot.NO_PHONE

    run(story())


def test_a_trunk_that_asks_for_our_password_is_given_it(tmp_path: Path) -> None:
    async def story() -> None:
        with contextlib.closing(Party(0)) as carrier:
            trunk = Trunk("c", "127.0.0.1", carrier.port, shown_number="+12025550100", user="line7", password="pw")
            async with an_office(tmp_path, trunks=(trunk,)) as office:
                carrier.to_port = office.driver.port
                await office.driver.dial("back", "+12025550123")
                invite = await away(carrier.hears)
                assert invite is not None
                assert invite.start == f"INVITE sip:+12025550123@127.0.0.1:{carrier.port} SIP/2.0"
                ask = 'Proxy-Authenticate: Digest realm="carrier", nonce="abc", algorithm=MD5, qop="auth"\r\n'
                carrier.send(reply_text(invite, "407 Proxy Authentication Required", ask))
                while (again := await away(carrier.hears)) is None or again.method != "INVITE":
                    pass
                said = read_credentials(again.headers["proxy-authorization"])
                assert said["username"] == "line7"
                assert said["response"] == response_of(ha1_of("line7", "carrier", "pw"), "INVITE", said)
                contact = f"Contact: <sip:c@127.0.0.1:{carrier.port}>\r\n"
                carrier.send(reply_text(again, "200 OK", contact, SDP.format(port=4_000).replace("\n", "\r\n")))
                await office.hears(CustomerAnswered, call="back")
                await office.driver.hang_up("back")
                while (bye := await away(carrier.hears)) is None or bye.method != "BYE":
                    pass

    run(story())


def test_phones_stay_signed_in_when_the_switchboard_is_started_anew(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_party(tmp_path) as (office, party):
            await away(party.signs_in, ANN)
            await office.hears(PhonesChanged, persons=frozenset({ANN}))
        async with an_office(tmp_path) as office:
            await office.hears(PhonesChanged, persons=frozenset({ANN}))

    run(story())


def reply_text(invite: Message, start: str, more: str = "", body: str = "") -> str:
    kept = "".join(f"{name}: {invite.headers[name]}\r\n" for name in ("via", "from", "call-id", "cseq"))
    to = f"to: {invite.headers['to']};tag=phone\r\n"
    return f"SIP/2.0 {start}\r\n{kept}{to}{more}Content-Length: {len(body)}\r\n\r\n{body}"


@pytest.mark.parametrize(
    ("start", "why"),
    [
        ("486 Busy Here", WhyNot.BUSY),
        ("603 Decline", WhyNot.DECLINED),
        ("480 Temporarily Unavailable", WhyNot.NO_ANSWER),
        ("404 Not Found", WhyNot.NOT_POSSIBLE),
        ("302 Moved Temporarily", WhyNot.NOT_POSSIBLE),
        ("200 OK", WhyNot.NOT_POSSIBLE),
    ],
)
def test_why_a_phone_is_not_reached_is_told_and_nobody_sends_us_elsewhere(
    start: str, why: WhyNot, tmp_path: Path
) -> None:
    async def story() -> None:
        async with a_party(tmp_path) as (office, caller):
            call, _ = await answered(office, caller)
            with contextlib.closing(Party(office.driver.port)) as phone:
                await away(phone.signs_in, ANN)
                await office.hears(PhonesChanged)
                await office.driver.ring(call, ANN, shown_number="1", shown_name="")
                invite = await away(phone.hears)
                assert invite is not None
                contact = f"Contact: <sip:ann@127.0.0.1:{phone.port}>\r\n"
                body = G729 if start.startswith("200") else ""
                phone.send(reply_text(invite, start, contact, body))
                assert (await office.hears(PersonNotReached, call=call, person=ANN)).why is why
                ack = await away(phone.hears)
                assert ack is not None
                assert ack.method == "ACK"

    run(story())
