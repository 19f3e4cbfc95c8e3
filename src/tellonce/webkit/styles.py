"""One stylesheet out of tokens, base, and every component's and page's CSS, named after its content."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

_HERE = Path(__file__).parent
_DIGEST_LENGTH = 12
_YEAR_S = 31_536_000


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """All CSS of the product as one text; `digest` names its content."""

    text: str
    digest: str


def _files() -> list[Path]:
    ground = [_HERE / "static" / "webkit" / "tokens.css", _HERE / "static" / "webkit" / "base.css"]
    rooms = [Path(app.path) / "templates" for app in apps.get_app_configs() if app.name.startswith("tellonce.")]
    return ground + sorted(css for room in rooms for css in room.rglob("*.css"))


def read_stylesheet() -> Stylesheet:
    """The files as they are on disk now."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in _files())
    return Stylesheet(text=text, digest=hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH])


_kept_stylesheet = lru_cache(maxsize=1)(read_stylesheet)


def stylesheet() -> Stylesheet:
    """The stylesheet; read once, but anew on every page while somebody works on it (DEBUG)."""
    return read_stylesheet() if settings.DEBUG else _kept_stylesheet()


def styles(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet; kept by browsers for a year, since another content has another address."""
    sheet = stylesheet()
    response = HttpResponse(sheet.text, content_type="text/css; charset=utf-8")
    if digest == sheet.digest:
        patch_cache_control(response, public=True, max_age=_YEAR_S, immutable=True)
    else:
        patch_cache_control(response, no_store=True)
    return response
