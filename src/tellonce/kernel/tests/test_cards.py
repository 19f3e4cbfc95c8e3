"""Card numbers are masked, phone numbers and account numbers are not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellonce.kernel.cards import is_card_number, mask_cards

_PREFIXES = (("4", 16), ("4", 13), ("51", 16), ("2500", 16), ("37", 15), ("36", 14), ("6011", 16), ("6221", 19))


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    prefix, length = draw(st.sampled_from(_PREFIXES))
    rest = draw(st.text("0123456789", min_size=length - len(prefix) - 1, max_size=length - len(prefix) - 1))
    body = prefix + rest
    return next(body + check for check in "0123456789" if is_card_number(body + check))


@given(
    card=card_numbers(),
    size=st.sampled_from((1, 2, 4, 5, 99)),
    gap=st.sampled_from((" ", "-", " -", "\u00a0")),
    before=st.sampled_from(("", "my card is ", "(", "no:", "#")),
    after=st.sampled_from(("", ".", " thanks", " exp 12/27", "\n")),
)
def test_a_card_number_leaves_only_its_last_four_digits(
    card: str, size: int, gap: str, before: str, after: str
) -> None:
    typed = gap.join(card[start : start + size] for start in range(0, len(card), size))
    masked = mask_cards(before + typed + after)
    assert len(masked) == len(before + typed + after)
    digits = re.sub(r"\D", "", masked.removeprefix(before).removesuffix(after))
    assert digits == card[-4:]


@given(st.text())
def test_masking_never_changes_the_length_and_twice_changes_nothing(text: str) -> None:
    once = mask_cards(text)
    assert len(once) == len(text)
    assert mask_cards(once) == once


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"])))
def test_text_without_digits_is_untouched(text: str) -> None:
    assert mask_cards(text) == text


@given(st.integers(min_value=10**12, max_value=10**19 - 1))
def test_numbers_that_are_no_cards_are_untouched(number: int) -> None:
    if not is_card_number(str(number)):
        assert mask_cards(f"account {number}") == f"account {number}"


@pytest.mark.parametrize(
    "typed",
    [
        "call me on +1 503 555 0142",
        "+4155501425035",
        "415 555 0142 503 555 0143",
        "account 1234567890123456",
        "serial 9400111899223197428490",
        "2026-03-01 10:15 to 2026-03-02 11:45",
        "order 4111111111111112",
    ],
)
def test_phone_account_and_order_numbers_stay(typed: str) -> None:
    assert mask_cards(typed) == typed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("4111 1111 1111 1111 123", "•••• •••• •••• 1111 123"),
        ("5105-1051-0510-5100 and 378282246310005", "••••-••••-••••-5100 and •••••••••••0005"),
        ("4111111111111111/12/27", "••••••••••••1111/12/27"),
        ("7 4111 1111 1111 1111", "7 •••• •••• •••• 1111"),
    ],
)
def test_a_card_is_found_beside_other_digits(typed: str, shown: str) -> None:
    assert mask_cards(typed) == shown
