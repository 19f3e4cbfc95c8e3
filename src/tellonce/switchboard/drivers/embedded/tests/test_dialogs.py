"""What sippy must be kept from."""

import pytest
from sippy.SipRequest import SipRequest

from tellonce.switchboard.drivers.embedded.dialogs import clean_name, clean_user, contact_at, use_udp
from tellonce.switchboard.drivers.embedded.requests import plain

INVITE = """INVITE sip:care@192.0.2.1 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.9:5062;branch=z9hG4bK1;rport
From: "Jane" <sip:2025550199@192.0.2.9>;tag=a
To: <sip:care@192.0.2.1>
Call-ID: 1@192.0.2.9
CSeq: 1 INVITE
Contact: <sip:jane@192.0.2.9:5062;transport=UDP>;expires=90
Record-Route: <sip:192.0.2.8;lr;transport=UDP>
Authorization: Digest username="a,b", realm="x"
Expires: 60
Content-Length: 0

""".replace("\n", "\r\n")


def a_request(text: str = INVITE) -> SipRequest:
    request = SipRequest(text)
    request.source = (("192.0.2.9", 5062), "udp")
    return request


def test_the_case_of_a_transport_does_not_lose_our_bye() -> None:
    request = a_request()
    use_udp(request)
    for name in ("contact", "record-route"):
        address, transport = request.getHFBody(name).getUrl().getTAddr()
        assert str(transport) == "udp"
    assert address == ("192.0.2.8", 5060)


def test_our_contact_has_the_port() -> None:
    assert str(contact_at("care", "192.0.2.1", 5070)) == "<sip:care@192.0.2.1:5070>"


@pytest.mark.parametrize("text", ['a"b', "a\r\nEvil: 1", "a\\b", "a<b>", "x" * 500])
def test_names_of_callers_cannot_end_a_header(text: str) -> None:
    cleaned = clean_name(text)
    assert not set(cleaned) & set('\r\n"\\<>')
    assert len(cleaned) <= 60


def test_what_is_shown_is_a_user() -> None:
    assert clean_user("+1 202@evil.example;x=1") == "+1202evil.examplex1"
    assert clean_user("") == "anonymous"


def test_a_request_is_read_into_plain_words() -> None:
    asked = plain(a_request())
    assert (asked.method, asked.host, asked.port) == ("INVITE", "192.0.2.9", 5062)
    assert (asked.called, asked.caller, asked.name) == ("care", "2025550199", "Jane")
    assert asked.expires_s == 90
    assert asked.authorization == 'Digest username="a,b", realm="x"'
    assert asked.contacts == ("sip:jane@192.0.2.9:5062;transport=UDP",)


def test_expiry_may_stand_in_its_own_header() -> None:
    assert plain(a_request(INVITE.replace(";expires=90", ""))).expires_s == 60
    assert plain(a_request(INVITE.replace(";expires=90", "").replace("Expires: 60\r\n", ""))).expires_s == -1
