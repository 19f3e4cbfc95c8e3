"""Reads a mapping's TOML file; what is wrong in it is refused by key and line."""

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from tellonce.intake.contracts import BadMappingError, ImportKind
from tellonce.intake.mapping.model import Mapping

SHIPPED = Path(__file__).resolve().parent.parent / "shipped"
_SIZE_LIMIT = 500_000
_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Shipped:
    """A mapping that comes with the product."""

    name: str
    title: str
    of: ImportKind


def shipped_mappings() -> list[Shipped]:
    """The mappings that come with the product, by name."""
    mappings = [read_mapping(path) for path in sorted(SHIPPED.glob("*.toml"))]
    return [Shipped(name=mapping.name, title=mapping.title, of=mapping.of) for mapping in mappings]


def find_mapping(name_or_path: str, *, of: ImportKind | None = None) -> Mapping:
    """The mapping of that name, or in the file at that path; refused when it is of another kind than `of`."""
    mapping = read_mapping(_path_of(name_or_path))
    if of is not None and mapping.of != of:
        raise BadMappingError(
            _("The mapping %(name)s is of %(of)s, not of %(wanted)s.")
            % {"name": mapping.name, "of": mapping.of.value, "wanted": of.value}
        )
    return mapping


def mapping_text(name_or_path: str) -> str:
    """The text of the mapping of that name, or in the file at that path."""
    return _text_of(_path_of(name_or_path))


def read_mapping(path: Path) -> Mapping:
    """The mapping in this file."""
    return mapping_from(_text_of(path), called=path.name)


def _path_of(name_or_path: str) -> Path:
    shipped = SHIPPED / f"{name_or_path}.toml"
    plain = re.fullmatch(r"[a-z0-9-]+", name_or_path) is not None
    return shipped if plain and shipped.exists() else Path(name_or_path)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(file.stem for file in sorted(SHIPPED.glob("*.toml")))
        raise BadMappingError(
            _("There is no mapping “%(path)s”. Name a file, or one that comes with the product: %(names)s.")
            % {"path": path, "names": names}
        ) from error


def mapping_from(text: str, *, called: str) -> Mapping:
    """The mapping in this text; `called` names it in errors."""
    if len(text) > _SIZE_LIMIT:
        raise BadMappingError(_("%(name)s is too long to be a mapping.") % {"name": called})
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMappingError(_("%(name)s is not TOML: %(error)s.") % {"name": called, "error": error}) from error
    try:
        return Mapping.model_validate(values)
    except ValidationError as error:
        lines = [_told(text, problem) for problem in error.errors(include_url=False, include_context=False)]
        raise BadMappingError("\n".join(f"{called}, {line}" for line in dict.fromkeys(lines))) from error


def _told(text: str, problem: Any) -> str:
    place = tuple(part for part in problem["loc"] if not (isinstance(part, str) and part.startswith("function-")))
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    line = line_of(text, place)
    if problem["type"] == "extra_forbidden":
        key = str(place[-1])
        near = difflib.get_close_matches(key, _known_beside(place), n=1)
        hint = _(" Did you mean “%(near)s”?") % {"near": near[0]} if near else ""
        return _("line %(line)d: there is no key “%(key)s” (%(where)s).%(hint)s") % {
            "line": line,
            "key": key,
            "where": where,
            "hint": hint,
        }
    if problem["type"] == "missing":
        return _("line %(line)d: the key “%(key)s” is missing (%(where)s).") % {
            "line": line,
            "key": place[-1],
            "where": where,
        }
    return _("line %(line)d: %(where)s: %(what)s.") % {
        "line": line,
        "where": where or called_whole(),
        "what": problem["msg"].removeprefix("Value error, "),
    }


def called_whole() -> str:
    """What to call the mapping as a whole."""
    return _("the mapping")


def _known_beside(place: Place) -> list[str]:
    """The keys that are possible where an unknown one stands."""
    model: type[BaseModel] | None = Mapping
    for part in place[:-1]:
        if isinstance(part, int) or model is None:
            continue
        field = model.model_fields.get(part)
        model = _model_in(field.annotation) if field else None
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)


def line_of(text: str, place: Place) -> int:
    """The line of the TOML text on which the key at `place` stands, or the nearest one above it."""
    best, best_depth = 1, 0
    table: Place = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if opened := _TABLE.match(line):
            table = _table_place(opened.group(1), opened.group(2), counts)
            here = table
        elif key := _KEY.match(line):
            here = (*table, *_split(key.group(1)))
        else:
            continue
        depth = _shared(here, place)
        if depth == len(here) and depth > best_depth:
            best, best_depth = number, depth
    return best


def _table_place(bracket: str, name: str, counts: dict[str, int]) -> Place:
    parts = _split(name)
    if bracket == "[[":
        counts[name] = counts.get(name, -1) + 1
        return (*parts, counts[name])
    return parts


def _split(dotted: str) -> Place:
    return tuple(part.strip().strip("\"'") for part in re.findall(r'"[^"]*"|\'[^\']*\'|[^.]+', dotted))


def _shared(here: Place, place: Place) -> int:
    shared = 0
    for mine, theirs in zip(here, place, strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared
