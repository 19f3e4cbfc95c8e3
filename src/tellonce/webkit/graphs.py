"""Causes and effects as boxes and arrows, drawn as SVG on the server: rightwards on a page, downwards on a phone.

Colours are tokens as in `webkit.charts`; what a line means is said by its dashes, never by colour alone.
"""

import hashlib
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString, mark_safe

from tellonce.webkit.charts import SVG, Picture, Table, token

WIDE_PX: Final = 740
NARROW_PX: Final = 330
_LINE_PX, _PAD_PX = 15, 8
_CHARACTER_PX = 6.8  # of the page's letters at 12 px, on average; a little room is left
_MOST_LINES = 4
_ARROW_PX = 5
_LANE_PX = 16  # beside the boxes, where arrows go back
_DASHES = {"sure": "", "assumed": "5 3", "unknown": "1 4"}
_TONES = {"": "ink", "good": "good", "bad": "bad", "quiet": "ink-3"}

Sureness = Literal["sure", "assumed", "unknown"]
Tone = Literal["", "good", "bad", "quiet"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its `title`, a strong `value`, and quiet words below it.

    `column` is its place from left to right on a page, `row` from top to bottom on a phone.
    """

    key: str
    column: int
    row: int
    title: str
    value: str = ""
    more: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two boxes, by their keys. One to an earlier column or row goes back around the boxes."""

    source: str
    target: str
    sureness: Sureness = "sure"


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


def graph(*, title: str, words: str, nodes: Sequence[Node], edges: Sequence[Edge], table: Table) -> Picture:
    """The boxes and arrows for a page and for a phone; `words` and `table` say the same without a picture."""
    wide, narrow = (_drawn(nodes, edges, title, words, is_wide=is_wide) for is_wide in (True, False))
    return Picture(title, words, wide, narrow, table)


def _drawn(nodes: Sequence[Node], edges: Sequence[Edge], title: str, words: str, *, is_wide: bool) -> SafeString:
    boxes, size = (_columns if is_wide else _rows)(nodes)
    digest = hashlib.sha256(f"{is_wide}{title}{words}{nodes}{edges}".encode()).hexdigest()[:10]
    root = ET.Element("svg", {
        "xmlns": SVG, "viewBox": f"0 0 {size[0]:g} {size[1]:g}", "class": "chart", "role": "img",
        "aria-labelledby": f"t-{digest} d-{digest}", "font-size": "12",
    })  # fmt: skip
    for tag, mark, text in (("title", "t", title), ("desc", "d", words)):
        ET.SubElement(root, tag, {"id": f"{mark}-{digest}"}).text = text
    for edge in edges:
        _draw_edge(root, boxes[edge.source], boxes[edge.target], edge.sureness, is_wide=is_wide)
    for node in nodes:
        _draw_node(root, node, boxes[node.key])
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308 - built of elements, so every text is escaped


def _columns(nodes: Sequence[Node]) -> tuple[Mapping[str, _Box], Point]:
    """Boxes in columns of one width, each column in the middle of the height."""
    gap, between = 26, 18
    groups = _groups((node.column, node) for node in nodes)
    width = (WIDE_PX - _LANE_PX - gap * (len(groups) - 1)) / len(groups)
    heights = [[_height(node, width) for node in group] for group in groups]
    tallest = max(sum(each) + between * (len(each) - 1) for each in heights)
    boxes = {}
    for place, (group, tall) in enumerate(zip(groups, heights, strict=True)):
        y = _LANE_PX + (tallest - sum(tall) - between * (len(tall) - 1)) / 2
        for node, height in zip(group, tall, strict=True):
            boxes[node.key] = _Box(place * (width + gap), y, width, height)
            y += height + between
    return boxes, (WIDE_PX, tallest + _LANE_PX + 2)


def _rows(nodes: Sequence[Node]) -> tuple[Mapping[str, _Box], Point]:
    """Boxes in rows that share the width; boxes of a row are equally high."""
    gap, between, y = 10, 26, 2.0
    boxes = {}
    for group in _groups((node.row, node) for node in nodes):
        width = (NARROW_PX - _LANE_PX - gap * (len(group) - 1)) / len(group)
        height = max(_height(node, width) for node in group)
        for place, node in enumerate(group):
            boxes[node.key] = _Box(_LANE_PX + place * (width + gap), y, width, height)
        y += height + between
    return boxes, (NARROW_PX, y - between + _LANE_PX / 2 + 2)


def _groups(placed: Iterable[tuple[int, Node]]) -> list[list[Node]]:
    groups: dict[int, list[Node]] = {}
    for place, node in placed:
        groups.setdefault(place, []).append(node)
    return [groups[place] for place in sorted(groups)]


def _lines(node: Node, width: float) -> list[tuple[str, str]]:
    """The texts of a box, line by line, with what each is: title, value or more."""
    room = max(int((width - 2 * _PAD_PX) / _CHARACTER_PX), 6)
    lines = []
    for what in ("title", "value", "more"):
        wrapped = textwrap.wrap(getattr(node, what), room, max_lines=_MOST_LINES, placeholder=" …")
        lines += [(what, line) for line in wrapped]
    return lines


def _height(node: Node, width: float) -> float:
    return len(_lines(node, width)) * _LINE_PX + 2 * _PAD_PX


def _draw_node(root: ET.Element, node: Node, box: _Box) -> None:
    frame = {"x": f"{box.x:.1f}", "y": f"{box.y:.1f}", "width": f"{box.width:.1f}", "height": f"{box.height:.1f}"}
    border = token("line-strong" if node.tone != "quiet" else "line")
    ET.SubElement(root, "rect", frame | {"rx": "6", "fill": token("card"), "stroke": border})
    styles = {
        "title": {"fill": token("ink-2")},
        "value": {"fill": token(_TONES[node.tone]), "font-weight": "600"},
        "more": {"fill": token("ink-3")},
    }
    for place, (what, line) in enumerate(_lines(node, box.width)):
        at = {"x": f"{box.x + _PAD_PX:.1f}", "y": f"{box.y + _PAD_PX + _LINE_PX * (place + 1) - 4:.1f}"}
        ET.SubElement(root, "text", at | styles[what]).text = line


def _draw_edge(root: ET.Element, source: _Box, target: _Box, sureness: Sureness, *, is_wide: bool) -> None:
    path, end = (_wide_path if is_wide else _narrow_path)(source, target)
    line = {"d": path, "fill": "none", "stroke": token("ink-3"), "stroke-width": "1.5"}
    if _DASHES[sureness]:
        line["stroke-dasharray"] = _DASHES[sureness]
    ET.SubElement(root, "path", line)
    ET.SubElement(root, "path", {"d": end, "fill": token("ink-3")})


def _wide_path(source: _Box, target: _Box) -> tuple[str, str]:
    (from_x, from_y), (to_x, to_y) = source.middle, target.middle
    if target.x > source.x:
        return _curve((source.x + source.width, from_y), (target.x, to_y), is_level=True)
    if target.x == source.x:
        return _curve((from_x, source.y + source.height), (to_x, target.y), is_level=False)
    end = (to_x, target.y)
    side, top = source.x + source.width, _LANE_PX / 2
    lane = side + _LANE_PX / 2
    around = [(side, from_y), (lane, from_y), (lane, top), (to_x, top), (to_x, target.y - _ARROW_PX)]
    return _straight(around), _head(end, (0, 1))


def _narrow_path(source: _Box, target: _Box) -> tuple[str, str]:
    (from_x, _), (to_x, to_y) = source.middle, target.middle
    if target.y > source.y:
        return _curve((from_x, source.y + source.height), (to_x, target.y), is_level=False)
    lane, bottom = _LANE_PX / 4, source.y + source.height
    below = bottom + _LANE_PX / 2
    around = [(from_x, bottom), (from_x, below), (lane, below), (lane, to_y), (target.x - _ARROW_PX, to_y)]
    return _straight(around), _head((target.x, to_y), (1, 0))


def _curve(start: Point, end: Point, *, is_level: bool) -> tuple[str, str]:
    (x, y), (to_x, to_y) = start, end
    if is_level:
        bend, stop = [((x + to_x) / 2, y), ((x + to_x) / 2, to_y)], (to_x - _ARROW_PX, to_y)
    else:
        bend, stop = [(x, (y + to_y) / 2), (to_x, (y + to_y) / 2)], (to_x, to_y - _ARROW_PX)
    curved = " ".join(f"{at_x:.1f} {at_y:.1f}" for at_x, at_y in (*bend, stop))
    return f"M{x:.1f} {y:.1f}C{curved}", _head(end, (1, 0) if is_level else (0, 1))


def _straight(points: Sequence[Point]) -> str:
    begin = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    return begin + "".join(f"L{x:.1f} {y:.1f}" for _, (x, y) in pairwise(points))


def _head(tip: Point, along: tuple[int, int]) -> str:
    """An arrow's head whose tip is here, pointing right (1, 0) or down (0, 1)."""
    (x, y), (across, down) = tip, along
    back_x, back_y = x - _ARROW_PX * across, y - _ARROW_PX * down
    side_x, side_y = _ARROW_PX * 0.8 * down, _ARROW_PX * 0.8 * across
    left, right = (back_x - side_x, back_y - side_y), (back_x + side_x, back_y + side_y)
    return f"M{x:.1f} {y:.1f}L{left[0]:.1f} {left[1]:.1f}L{right[0]:.1f} {right[1]:.1f}Z"
