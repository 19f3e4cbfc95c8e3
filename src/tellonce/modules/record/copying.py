"""Rows into a table by COPY: the bulk paths' one way in."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""})
_TO_ESCAPE = re.compile(r"[\\\t\n\r\x00]").search
_AT_ONCE = 2_000
_UPDATES = "tellonce_updates"


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Appends `rows` to `table` in the caller's transaction; returns how many. Text, numbers, times, lists, dicts."""
    return copy_lines(table, columns, (line_of(row) for row in rows))


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """Appends rows that are lines of COPY's text format already, their texts `escaped`."""
    count = 0
    waiting: list[str] = []
    quoted = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy,
    ):
        for line in lines:
            waiting.append(line)
            if len(waiting) == _AT_ONCE:
                copy.write("\n".join(waiting) + "\n")
                count += len(waiting)
                waiting = []
        if waiting:
            copy.write("\n".join(waiting) + "\n")
    return count + len(waiting)


def copy_blocks(table: str, columns: Sequence[str], blocks: Iterable[memoryview]) -> None:
    """Appends rows given as blocks of whole lines of COPY's text format, each ending with a line break."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy,
    ):
        for block in blocks:
            copy.write(block)


def copy_models(instances: Sequence[Model]) -> int:
    """Appends unsaved rows of one model, their ids already given; returns how many."""
    if not instances:
        return 0
    names = columns_of(type(instances[0]))
    take = attrgetter(*names)
    return copy_rows(table_of(type(instances[0])), names, (take(one) for one in instances))


def table_of(model: type[Model]) -> str:
    """The table of a model."""
    return model._meta.db_table  # noqa: SLF001 -- Django's documented way to a model's table


def columns_of(model: type[Model]) -> list[str]:
    """The columns of a model that are written: generated ones are left out."""
    fields = model._meta.concrete_fields  # noqa: SLF001 -- as above
    return [field.attname for field in fields if not field.generated]


def update_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Gives known rows other values in one statement; each row begins with its id, the values of `columns` follow."""
    quoted = ", ".join(f'"{column}"' for column in ("id", *columns))
    new_values = ", ".join(f'"{column}" = n."{column}"' for column in columns)
    with connection.cursor() as cursor:
        # Names of tables and columns only; the values come by COPY.
        cursor.execute(f'CREATE TEMP TABLE {_UPDATES} ON COMMIT DROP AS SELECT {quoted} FROM "{table}" WITH NO DATA')  # noqa: S608
        copy_rows(_UPDATES, ("id", *columns), rows)
        cursor.execute(f'UPDATE "{table}" t SET {new_values} FROM {_UPDATES} n WHERE t.id = n.id')  # noqa: S608
        cursor.execute(f"DROP TABLE {_UPDATES}")


def line_of(row: Sequence[Any]) -> str:
    """A row as a line of COPY's text format."""
    return "\t".join([_text(value) for value in row])


def next_ids(table: str, count: int) -> list[int]:
    """The next `count` ids of a table, taken from its sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def escaped(value: str) -> str:
    """A text as COPY's text format has it."""
    return value.translate(_ESCAPED) if _TO_ESCAPE(value) else value


def _array(values: list[Any]) -> str:
    quoted = ('"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return escaped("{" + ",".join(quoted) + "}")


def _json(value: dict[str, Any]) -> str:
    return escaped(json.dumps(value, ensure_ascii=False, default=str))


_AS_TEXT: dict[type[Any], Callable[[Any], str]] = {
    str: escaped,
    int: str,
    bool: lambda value: "t" if value else "f",
    type(None): lambda _none: "\\N",
    dict: _json,
    list: _array,
    datetime: datetime.isoformat,
    date: date.isoformat,
    UUID: str,
}


def _text(value: Any) -> str:
    convert = _AS_TEXT.get(type(value))
    return convert(value) if convert else escaped(str(value))
