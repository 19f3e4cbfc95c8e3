"""What is taken of another's sound, and what is answered."""

import pytest

from tellonce.switchboard.drivers.embedded import sdp

PHONE = """v=0
o=- 1 1 IN IP4 192.0.2.9
s=-
c=IN IP4 192.0.2.7
t=0 0
m=audio 4000 RTP/AVP 9 8 0 96
a=rtpmap:9 G722/8000
a=rtpmap:96 telephone-event/8000
a=sendrecv
"""


def test_the_first_codec_that_we_know_is_taken_with_the_type_of_keys() -> None:
    heard = sdp.read(PHONE)
    assert (heard.address, heard.port, heard.codecs, heard.keys_type) == ("192.0.2.7", 4000, (8, 0), 96)
    assert not heard.is_held


def test_an_answer_has_one_codec_and_the_keys_as_they_were_offered() -> None:
    said = sdp.answer(sdp.read(PHONE), "192.0.2.1", 20_000, 8)
    assert "m=audio 20000 RTP/AVP 8 96\r\n" in said
    assert "c=IN IP4 192.0.2.1\r\n" in said
    assert "a=rtpmap:96 telephone-event/8000\r\n" in said
    assert "192.0.2.7" not in said


def test_a_medium_may_have_its_own_address() -> None:
    assert sdp.read(PHONE + "c=IN IP4 192.0.2.8\n").address == "192.0.2.8"


def test_other_media_are_refused_in_their_places() -> None:
    said = sdp.answer(sdp.read(PHONE + "m=video 5000 RTP/AVP 97\na=rtpmap:97 VP8/90000\n"), "192.0.2.1", 20_000, 0)
    assert [line for line in said.splitlines() if line.startswith("m=")] == [
        "m=audio 20000 RTP/AVP 0 96",
        "m=video 0 RTP/AVP 97",
    ]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("sendonly", "recvonly"), ("inactive", "inactive"), ("recvonly", "sendonly"), ("sendrecv", "sendrecv")],
)
def test_hold_is_answered_with_its_counterpart(asked: str, answered: str) -> None:
    heard = sdp.read(PHONE.replace("a=sendrecv", f"a={asked}"))
    assert f"a={answered}\r\n" in sdp.answer(heard, "192.0.2.1", 20_000, 0)
    assert heard.is_held == (asked in {"sendonly", "inactive"})


def test_the_old_way_to_hold_is_understood() -> None:
    assert sdp.read(PHONE.replace("192.0.2.7", "0.0.0.0")).is_held


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("RTP/AVP 9 8 0 96", "RTP/AVP 9 18", "Only PCMU and PCMA"),
        ("m=audio", "m=video", "No plain audio"),
        ("RTP/AVP", "RTP/SAVP", "No plain audio"),
        ("audio 4000", "audio 0", "no port"),
        ("audio 4000", "audio 99999", "no port"),
        ("audio 4000", "audio -1", "no port"),
        ("192.0.2.7", "phone.example.net", "no IPv4 address"),
        ("192.0.2.7", "224.0.0.1", "multicast"),
        ("c=IN IP4 192.0.2.7", "c=IN IP6 2001:db8::1", "no IPv4 address"),
    ],
)
def test_what_cannot_be_heard_is_refused_with_a_reason(old: str, new: str, why: str) -> None:
    with pytest.raises(sdp.SdpError, match=why):
        sdp.read(PHONE.replace(old, new))


@pytest.mark.parametrize("text", ["", "v=0", "m=audio", "m=audio 4000 RTP/AVP", "x" * 9_000, "m=audio ² RTP/AVP 0"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(sdp.SdpError):
        sdp.read(text)


def test_keys_that_are_named_but_not_offered_are_not_answered() -> None:
    assert sdp.read(PHONE.replace(" 96\n", "\n")).keys_type == 0


def test_our_offer_has_the_codec_of_the_other_side_only() -> None:
    assert "m=audio 20000 RTP/AVP 8 101\r\n" in sdp.offer("192.0.2.1", 20_000, 8)
