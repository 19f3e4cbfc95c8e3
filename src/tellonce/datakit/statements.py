"""Querysets whose SQL is made once for the life of a process: building it anew costs more than running it."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, QuerySet
from psycopg import sql

from tellonce.datakit.asking import Row, Together

T = TypeVar("T")


class Slot(Expression):
    """A place in a statement for a value that is known when it is asked; it goes to the database as it is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A placeholder, with the slot itself in the place of the value."""
        return "%s", [self]


class OneOf(Func):
    """Whether a column holds one of the values of a list in a slot: `filter(OneOf("customer_id", "ids"))`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("

    def __init__(self, column: str, slot: str) -> None:
        super().__init__(F(column), Slot(slot), output_field=BooleanField())


class Statement:
    """The SQL of a queryset of values with slots in it, made at the first use."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build

    def ask(
        self,
        ask: Together,
        understand: Callable[[list[dict[str, Any]]], T],
        *,
        limit: int | None = None,
        **values: Any,
    ) -> Callable[[], T]:
        """Asks it with a value for each slot; `understand` gets the rows as `QuerySet.values` gives them."""
        text, slots, names, converted = self._made
        filled = [values[each.name] for each in slots]
        if limit is not None:
            text, filled = f"{text} LIMIT %s", [*filled, limit]
        return ask(
            text, filled, lambda rows: understand([dict(zip(names, row, strict=True)) for row in converted(rows)])
        )

    @cached_property
    def _made(self) -> tuple[str, Sequence[Slot], Sequence[str], Callable[[list[Row]], list[Row]]]:
        query = self._build().query
        compiler = query.get_compiler(connection=connection)
        text, params = compiler.as_sql()
        names = (*query.extra_select, *query.values_select, *query.annotation_select)
        columns = [column for column, _sql, _alias in compiler.select]
        converters = compiler.get_converters(columns)

        def converted(rows: list[Row]) -> list[Row]:
            return list(compiler.apply_converters(rows, converters)) if converters else rows

        return _with_constants(text, params), [each for each in params if isinstance(each, Slot)], names, converted


def _with_constants(text: str, params: Sequence[Any]) -> str:
    """All but the slots written out: an index on a part of the rows is used only for a value that the plan can see."""
    connection.ensure_connection()
    written = ["%s" if isinstance(each, Slot) else _written(each) for each in params]
    return text.replace("%%", "%%%%") % tuple(written)


def _written(value: Any) -> str:
    plain = str(value) if isinstance(value, str) else value
    return sql.Literal(plain).as_string(connection.connection).replace("%", "%%")
