"""Passwords are asked for, and only the right one opens."""

import pytest

from tellonce.switchboard.drivers.embedded.digest import (
    Doorkeeper,
    Nonces,
    Verdict,
    ha1_of,
    read_credentials,
    response_of,
)

REALM, NOW, HERE = "tellonce", 1_000_000.0, "192.0.2.5"
HA1 = ha1_of("ann", REALM, "secret")


def a_doorkeeper() -> Doorkeeper:
    return Doorkeeper(REALM, Nonces(b"k" * 32))


def judged(door: Doorkeeper, header: str, *, at: float = NOW, source: str = HERE, method: str = "REGISTER") -> Verdict:
    return door.judge(header, method, source, at, {"ann": HA1}.get)


def header(
    challenge: str, *, user: str = "ann", password: str = "secret", nc: str = "00000001", method: str = "REGISTER"
) -> str:
    asked = dict(read_challenge(challenge))
    said = {"username": user, "realm": asked["realm"], "nonce": asked["nonce"], "uri": "sip:x", "qop": "auth"}
    said |= {"nc": nc, "cnonce": "abc"}
    said["response"] = response_of(ha1_of(user, asked["realm"], password), method, said)
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in said.items())


def read_challenge(challenge: str) -> list[tuple[str, str]]:
    parts = challenge.removeprefix("Digest ").split(", ")
    return [(part.partition("=")[0], part.partition("=")[2].strip('"')) for part in parts]


def test_the_published_example_is_met() -> None:
    # RFC 2617, 3.5
    ha1 = ha1_of("Mufasa", "testrealm@host.com", "Circle Of Life")
    said = {
        "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093", "uri": "/dir/index.html", "qop": "auth", "nc": "00000001",
        "cnonce": "0a4f113b",
    }  # fmt: skip
    assert ha1 == "939e7578ed9e3c518a452acee763bce9"
    assert response_of(ha1, "GET", said) == "6629fae49393a05397450978507c4ef1"


def test_who_says_nothing_is_asked() -> None:
    verdict = judged(a_doorkeeper(), "")
    assert (verdict.user, verdict.has_failed) == ("", False)
    assert verdict.challenge.startswith('Digest realm="tellonce", nonce="')


def test_the_right_password_opens_once() -> None:
    door = a_doorkeeper()
    said = header(judged(door, "").challenge)
    assert judged(door, said).user == "ann"
    assert "stale=true" in judged(door, said).challenge


def test_the_next_count_of_the_same_nonce_opens() -> None:
    door = a_doorkeeper()
    challenge = judged(door, "").challenge
    assert judged(door, header(challenge)).user == "ann"
    assert judged(door, header(challenge, nc="00000002")).user == "ann"


@pytest.mark.parametrize(("user", "password"), [("ann", "wrong"), ("bob", "secret"), ("bob", "")])
def test_a_wrong_password_and_an_unknown_user_fail(user: str, password: str) -> None:
    door = a_doorkeeper()
    verdict = judged(door, header(judged(door, "").challenge, user=user, password=password))
    assert (verdict.user, verdict.has_failed) == ("", True)


def test_an_old_nonce_is_asked_again_without_being_a_failure() -> None:
    door = a_doorkeeper()
    verdict = judged(door, header(judged(door, "").challenge), at=NOW + 301)
    assert (verdict.user, verdict.has_failed) == ("", False)
    assert "stale=true" in verdict.challenge


def test_a_nonce_of_another_source_or_another_run_fails() -> None:
    door, other = a_doorkeeper(), Doorkeeper(REALM, Nonces(b"other" * 8))
    assert judged(door, header(judged(door, "", source="192.0.2.6").challenge)).has_failed
    assert judged(door, header(judged(other, "").challenge)).has_failed


def test_the_password_of_one_method_is_none_for_another() -> None:
    door = a_doorkeeper()
    assert judged(door, header(judged(door, "").challenge), method="INVITE").has_failed


WHOLE = 'Digest username="a", realm="r", nonce="n", uri="u", response="x"'


@pytest.mark.parametrize(
    "text",
    [
        "Basic YTpi",
        "Digest",
        'Digest username="ann"',
        WHOLE.replace('"n"', '""'),
        f"{WHOLE}, algorithm=SHA-256",
        f"{WHOLE}, qop=auth-int",
    ],
)
def test_what_is_not_what_we_asked_for_fails(text: str) -> None:
    assert read_credentials(text) == {}
    assert judged(a_doorkeeper(), text).has_failed
