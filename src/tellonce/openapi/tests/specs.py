"""Checks JSON against a definition of a TM Forum swagger file: types, required attributes, formats, enumerations."""

import json
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from tests.shared import SPECS, shared_file

_FILES = {
    "TMF621": "TMF621-TroubleTicket-v4.0.0.swagger.json",
    "TMF629": "TMF629-Customer-v4.0.0.swagger.json",
    "TMF656": "TMF656_Service_Problem_Management_API_v4.0.0_swagger.json",
    "TMF683": "TMF683_Party_Interaction_Management_API_v4.0.0_swagger.json",
}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


@cache
def definitions(spec: str) -> dict[str, Any]:
    """The definitions of a specification; the test is skipped where the file is not here."""
    loaded: dict[str, Any] = json.loads(shared_file(SPECS, f"tmf/{spec}/{_FILES[spec]}").read_text())
    return dict(loaded["definitions"])


def faults(spec: str, name: str, value: Any) -> list[str]:
    """What of the value does not follow the definition; attributes that it does not name are faults too."""
    return list(_faults(definitions(spec), {"$ref": f"#/definitions/{name}"}, value, name))


def _faults(known: dict[str, Any], schema: dict[str, Any], value: Any, at: str) -> list[str]:
    if "$ref" in schema:
        schema = known[schema["$ref"].rsplit("/", 1)[1]]
    kind = schema.get("type")
    if kind in _TYPES and (not isinstance(value, _TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
        return [f"{at}: {value!r} is no {kind}"]
    found = _format_faults(schema, value, at)
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if isinstance(value, list):
        for number, item in enumerate(value):
            found += _faults(known, schema.get("items", {}), item, f"{at}[{number}]")
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
        found += [f"{at}.{name} is not known" for name in value if name not in schema["properties"]]
        for name, part in schema["properties"].items():
            if name in value:
                found += _faults(known, part, value[name], f"{at}.{name}")
    return found


def _format_faults(schema: dict[str, Any], value: Any, at: str) -> list[str]:
    match schema.get("format"):
        case "date-time":
            try:
                aware = datetime.fromisoformat(value).tzinfo is not None
            except ValueError:
                aware = False
            return [] if aware else [f"{at}: {value!r} is no date-time"]
        case "uri":
            return [] if urlsplit(value).scheme else [f"{at}: {value!r} is no address"]
        case _:
            return []
