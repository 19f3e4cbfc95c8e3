"""The content security policy forbids inline scripts and styles: so do the templates. Live parts have a name."""

import re
from pathlib import Path

from tests.architecture.trees import SOURCE, shown

INLINE = {
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"=\s*[\"']javascript:", re.IGNORECASE),
    "htmx that evaluates": re.compile(r"hx-on[:\-]|hx-vals=[\"']js:|hx-vars=", re.IGNORECASE),
}


def templates() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.html") if "templates" in path.parts)


def test_no_inline_script_or_style() -> None:
    found = [
        f"{shown(path)}: {what}"
        for path in templates()
        for what, pattern in INLINE.items()
        if pattern.search(
            re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)
        )
    ]
    assert found == []


def test_what_is_fetched_again_has_a_name_that_outlives_it() -> None:
    """live.js finds the element that took its place by it."""
    nameless = [
        f"{shown(path)}: {tag}"
        for path in templates()
        for tag in re.findall(r"<\w+(?:[^<>]|\{%[^%]*%\})*\sdata-live=(?:[^<>]|\{%[^%]*%\})*", path.read_text())
        if not re.search(r"\s(id|data-live-part)=", tag)
    ]
    assert nameless == []
