"""SIP messages: what is read and written, and the proof of a password that is never sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellonce.audio.messages import Message, address_in, answer_to, parameter, proof, read, request
from tellonce.switchboard.drivers.embedded.digest import Doorkeeper, Nonces, ha1_of

INVITE = (
    "INVITE sip:b7@127.0.0.1:5090 SIP/2.0\r\n"
    "v: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKone;rport\r\n"
    'f: "A; <B>" <sip:1@127.0.0.1>;tag=theirs\r\n'
    "To: <sip:b7@127.0.0.1>\r\n"
    "i: 1@here\r\n"
    "CSeq: 100 INVITE\r\n"
    "m: <sip:1@127.0.0.1:5060>\r\n"
    "\r\n"
    "v=0\r\n"
)


def invite() -> Message:
    found = read(INVITE.encode())
    assert found is not None
    return found


def test_a_request_is_read_whatever_the_length_of_its_names() -> None:
    found = invite()
    assert (found.method, found.user, found.branch, found.code) == ("INVITE", "b7", "z9hG4bKone", 0)
    assert parameter(found.get("from"), "tag") == "theirs"
    assert address_in(found.get("contact")) == "sip:1@127.0.0.1:5060"
    assert found.body == "v=0\r\n"


def test_an_answer_has_what_names_the_request_and_our_tag_once() -> None:
    said = answer_to(invite(), 200, "OK", tag="ours", body="x")
    again = read(said.as_bytes)
    assert again is not None
    assert (again.code, again.get("call-id"), again.get("cseq"), again.branch) == (
        200,
        "1@here",
        "100 INVITE",
        "z9hG4bKone",
    )
    assert parameter(again.get("to"), "tag") == "ours"
    assert again.get("content-length") == "1"
    assert parameter(answer_to(again, 200, "OK", tag="other").get("to"), "tag") == "ours"


def test_the_gateway_takes_our_proof_and_no_other() -> None:
    door = Doorkeeper("tellonce", Nonces(b"secret"))
    ha1 = {"b7": ha1_of("b7", "tellonce", "password")}
    challenge = door.judge("", "REGISTER", "127.0.0.1", 1_000.0, ha1.get).challenge

    def user(known: str, method: str = "REGISTER") -> str:
        header = proof(challenge, user="b7", ha1=known, method=method, address="sip:127.0.0.1", cnonce="c")
        return door.judge(header, "REGISTER", "127.0.0.1", 1_000.0, ha1.get).user

    assert user(ha1_of("b7", "tellonce", "guessed")) == ""
    assert user(ha1["b7"], method="INVITE") == ""
    assert user(ha1["b7"]) == "b7"
    assert user(ha1["b7"]) == ""  # what was heard by others is no use to them


@pytest.mark.parametrize("challenge", ["", "Basic realm=x", "Digest realm=x", 'Digest nonce="x"'])
def test_to_what_is_no_digest_nothing_is_said(challenge: str) -> None:
    assert proof(challenge, user="b7", ha1="0" * 32, method="REGISTER", address="sip:x", cnonce="c") == ""


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_whatever_comes_is_read_or_is_nothing(raw: bytes) -> None:
    for prefix in (b"", b"SIP/2.0 200 OK\r\n", b"BYE sip:b7@x SIP/2.0\r\n"):
        found = read(prefix + raw)
        if found is not None:
            assert answer_to(found, 400, "Bad Request").as_bytes
            assert isinstance(found.user + found.branch + found.get("to"), str)
            assert found.code >= 0


def test_a_request_of_ours_is_read_back() -> None:
    asked = request("BYE", "sip:1@x", via="SIP/2.0/UDP x;branch=z9hG4bKtwo", headers=(("cseq", "1 BYE"),))
    found = read(asked.as_bytes)
    assert found is not None
    assert (found.method, found.branch, found.get("cseq")) == ("BYE", "z9hG4bKtwo", "1 BYE")
