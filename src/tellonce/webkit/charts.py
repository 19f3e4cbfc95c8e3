"""Pictures said as Altair specs and drawn as SVG on the server, in the page's own colours, light and dark.

A colour of a spec is the name of a token, as in `token("accent")`: it stands in the SVG as a custom property, so one
picture follows the theme. Nothing in it is inline style or script, since the content security policy forbids both.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from xml.etree import ElementTree as ET

import altair as alt
import vl_convert
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SVG: Final = "http://www.w3.org/2000/svg"
VL_VERSION: Final = "6.4"
_KEPT = 256
_ELEMENTS = {"svg", "g", "path", "line", "rect", "circle", "text", "tspan", "clipPath", "defs", "title", "desc"}
_DROPPED = {"style", "class", "role", "aria-hidden", "aria-label", "aria-roledescription", "pointer-events", "href"}
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


Spec = Mapping[str, Any]
"""A chart as Vega, its data named: made once by Altair, and drawn with many data."""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a picture, or its words: heads of columns, and rows of as many cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_words: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture: `wide` for a page, `narrow` for a phone; `title` and `words` are what a screen reader says."""

    title: str
    words: str
    wide: SafeString
    narrow: SafeString | None = None
    table: Table | None = None


def token(name: str) -> str:
    """The colour of a token as a spec takes it."""
    return f"var(--{name})"


def spec_of(chart: alt.TopLevelMixin) -> Spec:
    """The chart as Vega. Slow, since Altair checks all of it: keep what comes out, and draw it with new data."""
    spec: Spec = vl_convert.vegalite_to_vega({**chart.to_dict(), "config": _CONFIG}, vl_version=VL_VERSION)
    return spec


def picture(
    *,
    title: str,
    words: str,
    data: Mapping[str, Rows],
    wide: Spec,
    narrow: Spec | None = None,
    table: Table | None = None,
) -> Picture:
    """Draws a chart for a page and for a phone; `words` say in a sentence or two what one sees in it.

    Without `narrow` the one drawing stretches to any width at the same height: for charts without text.
    """
    if narrow is None:
        return Picture(title, words, drawing(wide, data, title=title, words=words, stretches=True), table=table)
    drawn = [drawing(each, data, title=title, words=words) for each in (wide, narrow)]
    return Picture(title, words, drawn[0], drawn[1], table)


def drawing(spec: Spec, data: Mapping[str, Rows], *, title: str, words: str, stretches: bool = False) -> SafeString:
    """The chart with these data as one SVG element that fills the width it is given."""
    named = [{**each, "values": data[each["name"]]} if each["name"] in data else each for each in spec["data"]]
    return _drawn(json.dumps({**spec, "data": named}, sort_keys=True), title, words, stretches=stretches)


def sparkline(values: Sequence[float], *, low: float = 0.0, high: float | None = None) -> SafeString:
    """A line of values without axes, for a table's cell; hidden from screen readers, as the cell says it in words."""
    top = max(high if high is not None else max(values, default=1.0), low + 1e-9)
    step = 100 / max(len(values) - 1, 1)
    points = " ".join(f"{n * step:.1f},{23 - 22 * (value - low) / (top - low):.1f}" for n, value in enumerate(values))
    return format_html(
        '<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">'
        '<polyline points="{}" fill="none" stroke="currentColor" vector-effect="non-scaling-stroke"/></svg>',
        points,
    )


@lru_cache(maxsize=_KEPT)
def _drawn(spec: str, title: str, words: str, *, stretches: bool) -> SafeString:
    """One drawing for one content: the spec's digest names what inside it needs a name."""
    raw = vl_convert.vega_to_svg(json.loads(spec))
    digest = hashlib.sha256(f"{spec}{title}{words}".encode()).hexdigest()[:10]
    root = ET.fromstring(raw)  # noqa: S314 - drawn by ourselves a line above
    _clean(root, digest)
    root.set("xmlns", SVG)
    width, height = root.attrib.pop("width"), root.attrib.pop("height")
    root.set("viewBox", f"0 0 {width} {height}")
    root.set("class", "chart stretches" if stretches else "chart")
    if stretches:
        root.set("preserveAspectRatio", "none")
    root.set("role", "img")
    root.set("aria-labelledby", f"t-{digest} d-{digest}")
    for place, (tag, mark, text) in enumerate((("title", "t", title), ("desc", "d", words))):
        told = ET.Element(tag, {"id": f"{mark}-{digest}"})
        told.text = text
        root.insert(place, told)
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308 - only elements and attributes that were let through


def _clean(element: ET.Element, digest: str) -> None:
    """Leaves drawing alone: no styles, no scripts, no roles of single marks, names that no other picture has.

    Elements lose their namespace, which the root declares once: a prefix that some library registered for SVG would
    otherwise stand before each of them, and no browser draws `svg:svg` in a page.
    """
    element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    for name in [each for each in element.attrib if each in _DROPPED or each.startswith(("on", "{", "aria-"))]:
        del element.attrib[name]
    if "id" in element.attrib:
        element.set("id", f"{element.get('id')}-{digest}")
    for name, value in element.attrib.items():
        element.set(name, _REFERENCE.sub(rf"url(#\1-{digest})", value))
    for child in list(element):
        if child.tag.removeprefix(f"{{{SVG}}}") not in _ELEMENTS or child.get("display") == "none":
            element.remove(child)
        else:
            _clean(child, digest)


_LINE, _QUIET = token("line"), token("ink-3")
_CONFIG: Final[dict[str, Any]] = {
    "aria": False,
    "background": None,
    "font": "inherit",
    "padding": 0,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "grid": True,
        "gridColor": _LINE,
        "gridWidth": 1,
        "labelColor": _QUIET,
        "labelFont": "inherit",
        "labelFontSize": 12,
        "labelPadding": 6,
        "ticks": False,
        "title": None,
        "titleColor": _QUIET,
        "titleFont": "inherit",
    },
    "axisX": {
        "grid": False,
        "domain": True,
        "domainColor": token("line-strong"),
        "ticks": True,
        "tickColor": token("line-strong"),
        "tickSize": 4,
    },
    "text": {"font": "inherit", "fontSize": 12, "color": token("ink-2")},
    "title": {
        "font": "inherit",
        "fontSize": 13,
        "fontWeight": 600,
        "color": token("ink-2"),
        "anchor": "start",
        "frame": "group",
        "offset": 10,
    },
    "line": {"strokeCap": "butt", "strokeJoin": "miter"},
}
