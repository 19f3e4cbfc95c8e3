"""Boxes and arrows: all of them there, none over another, in the page's colours, and said without a picture too."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from tellonce.webkit.charts import Picture, Table
from tellonce.webkit.graphs import NARROW_PX, WIDE_PX, Edge, Node, graph

NODES = (
    Node("a", 0, 0, "Two people more, Mon to Fri 8:00-12:00, who can do bills and lines & <all>"),
    Node("b", 1, 1, "Hours", "+12 h", "+12 to +12"),
    Node("c", 1, 1, "Calls", "-3", "-8 to +2", tone="quiet"),
    Node("d", 2, 2, "Waits", "-12 s", tone="good"),
    Node("e", 2, 3, "Calls again", "+4", tone="bad"),
)
EDGES = (
    Edge("a", "b", "assumed"),
    Edge("b", "d"),
    Edge("c", "d"),
    Edge("d", "e"),
    Edge("e", "c", "unknown"),
)


@pytest.fixture(scope="module")
def drawn() -> Picture:
    table = Table(("this", "that"), (("a", "b"),), is_words=True)
    return graph(title="What & why", words="Hours: <more>", nodes=NODES, edges=EDGES, table=table)


def _elements(svg: str, tag: str) -> list[ElementTree.Element]:
    return [each for each in ElementTree.fromstring(svg).iter() if each.tag.endswith(f"}}{tag}")]


def _boxes(svg: str) -> list[tuple[float, float, float, float]]:
    numbers = ("x", "y", "width", "height")
    return [tuple(float(each.attrib[name]) for name in numbers) for each in _elements(svg, "rect")]  # type: ignore[misc]


@pytest.mark.parametrize("side", ["wide", "narrow"])
def test_no_box_lies_on_another_and_all_lie_in_the_picture(drawn: Picture, side: str) -> None:
    svg = getattr(drawn, side)
    width, height = map(float, re.findall(r'viewBox="0 0 (\S+) (\S+)"', svg)[0])
    assert width == (WIDE_PX if side == "wide" else NARROW_PX)
    boxes = _boxes(svg)
    assert len(boxes) == len(NODES)
    for x, y, wide, high in boxes:
        assert min(x, y) >= 0
        assert x + wide <= width
        assert y + high <= height
    for (x, y, wide, high), (x2, y2, wide2, high2) in combinations(boxes, 2):
        assert x + wide <= x2 or x2 + wide2 <= x or y + high <= y2 or y2 + high2 <= y


@pytest.mark.parametrize("side", ["wide", "narrow"])
def test_texts_fit_their_boxes(drawn: Picture, side: str) -> None:
    svg = getattr(drawn, side)
    boxes = _boxes(svg)
    for text in _elements(svg, "text"):
        at, base, shown = float(text.attrib["x"]), float(text.attrib["y"]), text.text or ""
        inside = [box for box in boxes if box[0] < at < box[0] + box[2] and box[1] < base < box[1] + box[3]]
        assert len(inside) == 1
        assert at + 6.8 * len(shown) <= inside[0][0] + inside[0][2]


@pytest.mark.parametrize("side", ["wide", "narrow"])
def test_an_arrow_begins_and_ends_at_its_boxes_and_its_dashes_say_how_sure_it_is(drawn: Picture, side: str) -> None:
    svg = getattr(drawn, side)
    place = dict(zip((node.key for node in NODES), _boxes(svg), strict=True))
    lines = [each for each in _elements(svg, "path") if each.get("fill") == "none"]
    assert [each.get("stroke-dasharray", "") for each in lines] == ["5 3", "", "", "", "1 4"]
    for edge, line in zip(EDGES, lines, strict=True):
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d", line.attrib["d"])]
        for (x, y, wide, high), (at_x, at_y) in (
            (place[edge.source], numbers[:2]),
            (place[edge.target], numbers[-2:]),
        ):
            assert x - 6 <= at_x <= x + wide + 6
            assert y - 6 <= at_y <= y + high + 6


def test_it_obeys_the_policy_and_is_said_in_words(drawn: Picture) -> None:
    for svg in (drawn.wide, drawn.narrow or ""):
        assert "<style" not in svg
        assert " style=" not in svg
        assert "What &amp; why</title>" in svg
        assert "Hours: &lt;more&gt;</desc>" in svg
        assert 'role="img"' in svg
        assert not re.findall(r'(?:fill|stroke)="(?!var\(--|none)', svg)
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (drawn.wide, drawn.narrow or "")]
    assert all(ids)
    assert ids[0].isdisjoint(ids[1])
