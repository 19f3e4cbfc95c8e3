"""A ticket opens only what was signed, and only until its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellonce.kernel.tickets import BadTicketError, Ticket, read, sign

TICKET = Ticket(person_id=7, session="s", topics=("customer:1", "arrivals"), ends_at_s=1000)


def test_what_was_signed_is_read() -> None:
    assert read(sign(TICKET, secret="k"), secret="k", now_s=1000) == TICKET


def test_it_ends() -> None:
    with pytest.raises(BadTicketError, match="over"):
        read(sign(TICKET, secret="k"), secret="k", now_s=1000.1)


def test_another_secret_opens_nothing() -> None:
    with pytest.raises(BadTicketError, match="not signed here"):
        read(sign(TICKET, secret="k"), secret="other", now_s=0)


@given(place=st.integers(min_value=0, max_value=10_000), letter=st.sampled_from("AZaz09._-é"))
def test_a_changed_letter_opens_nothing(place: int, letter: str) -> None:
    text = sign(TICKET, secret="k")
    index = place % len(text)
    forged = text[:index] + letter + text[index + 1 :]
    if forged == text:
        return
    with pytest.raises(BadTicketError):
        read(forged, secret="k", now_s=0)


@given(text=st.text(max_size=80))
def test_noise_is_refused_not_raised(text: str) -> None:
    with pytest.raises(BadTicketError):
        read(text, secret="k", now_s=0)
