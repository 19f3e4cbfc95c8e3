"""Pictures obey the content security policy, follow the theme, and say what they show."""

import re
from xml.etree import ElementTree

import altair as alt
import pytest

from tellonce.webkit.charts import drawing, picture, spec_of, token

BARS = alt.Chart(alt.NamedData("rows")).encode(x="a:O", y="b:Q")
SPEC = spec_of(
    alt.layer(
        BARS.mark_bar(color=token("accent"), clip=True, tooltip=True), BARS.mark_point(href="https://example.net")
    ).properties(width=200, height=100)
)
ROWS = {"rows": [{"a": "<script>", "b": 3}, {"a": 'x" onload="y', "b": 5}]}


@pytest.fixture(scope="module")
def drawn() -> str:
    return drawing(SPEC, ROWS, title="Calls & waits", words="More <b>waits</b>.")


def test_a_drawing_carries_no_style_no_script_and_no_link(drawn: str) -> None:
    root = ElementTree.fromstring(drawn)
    assert {each.tag.partition("}")[2] for each in root.iter()}.isdisjoint({"script", "style", "a", "image"})
    names = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in names if name.startswith("on") or name.endswith(("style", "href"))]
    assert "&lt;script&gt;" in drawn
    assert "var(--accent)" in drawn


def test_a_screen_reader_hears_title_and_words_and_not_each_mark(drawn: str) -> None:
    assert 'role="img"' in drawn
    assert "Calls &amp; waits</title>" in drawn
    assert "More &lt;b&gt;waits&lt;/b&gt;.</desc>" in drawn
    assert len(re.findall(r"aria-", drawn)) == 1


def test_a_prefix_that_a_library_registers_for_svg_does_not_reach_the_page() -> None:
    ElementTree.register_namespace("svg", "http://www.w3.org/2000/svg")  # as qrcode does, for a second factor's picture
    assert drawing(SPEC, ROWS, title="Registered", words="").startswith("<svg ")


def test_two_drawings_on_a_page_share_no_id_and_each_points_at_its_own(drawn: str) -> None:
    other = drawing(SPEC, ROWS, title="Others", words="")
    ids, others = (set(re.findall(r' id="([^"]+)"', each)) for each in (drawn, other))
    assert ids
    assert ids.isdisjoint(others)
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= ids


def test_a_picture_fills_the_width_it_is_given() -> None:
    stretched = picture(title="t", words="w", data=ROWS, wide=SPEC).wide
    root = stretched[: stretched.index(">")]
    assert 'preserveAspectRatio="none"' in root
    assert " width=" not in root
    assert " viewBox=" in root
