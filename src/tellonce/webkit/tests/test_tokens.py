"""Colours keep their contrast in both themes (WCAG 2.2 AA), and no style writes a colour of its own."""

import re
from pathlib import Path

import pytest

from tellonce.webkit.styles import read_stylesheet

TOKENS = Path(__file__).parents[1] / "static" / "webkit" / "tokens.css"
_PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in _PAIR.findall(TOKENS.read_text())}
GROUNDS = ("paper", "card", "sunken", "hover")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in GROUNDS),
    *((tone, f"{tone}-soft") for tone in ("accent", "good", "warn", "bad")),
    *((tone, ground) for tone in ("good", "warn", "bad") for ground in ("paper", "card", "sunken")),
    *(("ink-2", f"{tone}-soft") for tone in ("accent", "good", "warn", "bad")),
    ("on-accent", "accent"),
    ("paper", "ink"),
    ("card", "bad"),
]
SHAPES = [("line-field", ground) for ground in ("paper", "card")]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[ink][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), SHAPES)
def test_edges_of_fields_can_be_seen(line: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[line][theme], COLOURS[ground][theme]) >= 3


def test_only_the_tokens_write_colours() -> None:
    rest = read_stylesheet().text.replace(TOKENS.read_text(), "")
    rest = rest.replace("background: #fff; padding", "")  # a code to scan is black on white in both themes
    assert not re.findall(r"(?<!&)#[0-9a-fA-F]{3,8}\b(?=[;,\s)])", rest)


def test_every_style_stands_in_a_layer() -> None:
    for block in re.split(r"^(?=@layer)", read_stylesheet().text, flags=re.MULTILINE)[1:]:
        assert re.match(r"@layer (tokens|base|components|pages)[ ,]", block)
