"""Checks bills on files, and says what is found; needs no database and no Django."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from tellonce.cli.progress import bar
from tellonce.cli.speech import out, say
from tellonce.datakit.engines import engine, keeping, parquet_tables
from tellonce.kernel.errors import InputError
from tellonce.kernel.money import Money
from tellonce.lab.billing import KINDS, NAMES, all_findings, record_of, run_of
from tellonce.lab.billing.causes import causes as causes_of
from tellonce.lab.billing.told import day_of, evidence, facts_of

Row = dict[str, Any]
_EPOCH = date(1970, 1, 1)


def show(
    folder: Path,
    *,
    as_json: bool,
    on: str,
    kinds: Sequence[str],
    since: date | None,
    memory: str,
    threads: int | None,
    causes: bool,
) -> None:
    """Checks the bills of a folder and prints each finding, or what the findings have in common."""
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise InputError("--kinds", f"knows no {', '.join(unknown)}; it knows {', '.join(KINDS)}.")
    with engine(on, memory=memory, threads=threads) as backend, bar("Checking the bills", total=1) as step:
        keep = keeping(backend)
        first = None if since is None else (since - _EPOCH).days
        run = run_of(record_of(parquet_tables(backend, folder, NAMES)), since=first, keep=keep)
        found = all_findings(run, kinds=kinds, step=lambda done, of, what: step(done / of, what=f"Checking {what}"))
        kept = keep(found)
        rows = _rows(causes_of(run, kept) if causes else kept.order_by("account", "bill", "line", "kind"))
        count = 0
        for row in rows:
            count += 1
            out.print(_cause(row, as_json=as_json) if causes else _finding(row, as_json=as_json), markup=False)
    if not as_json:
        say(f"{count:,} {'groups' if causes else 'findings'}.")


def _rows(table: ir.Table) -> Iterator[Row]:
    for batch in table.to_pyarrow_batches():
        yield from batch.to_pylist()


def _finding(row: Row, *, as_json: bool) -> str:
    if not as_json:
        line = "the bill" if row["line"] is None else f"line {row['line']}"
        money = f"{Money(row['amount_minor'], row['currency'])} {row['currency']}"
        return f"account {row['account']}, bill {row['bill']}, {line}: {row['kind']}, {money}. {evidence(row)}"
    told = {name: row[name] for name in ("account", "bill", "line", "kind")}
    told |= {"evidence": facts_of(row), "amount_minor": row["amount_minor"], "currency": row["currency"]}
    return json.dumps(told)


def _cause(row: Row, *, as_json: bool) -> str:
    told = {**row, "first_issued": day_of(row["first_issued"]), "price_changed": day_of(row["price_changed"])}
    if as_json:
        return json.dumps(told)
    what = ", ".join(str(row[name]) for name in ("kind", "code", "product", "area") if row[name] is not None)
    changed = "" if row["price_changed"] is None else f", its price changed on {told['price_changed']}"
    money = f"{Money(row['amount_minor'], row['currency'])} {row['currency']}"
    many = f"{row['accounts']} accounts, {row['findings']} findings, {money}"
    return f"{what}: {many}, first on a bill of {told['first_issued']}{changed}"
