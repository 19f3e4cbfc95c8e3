"""Engines for tables of many millions of rows: DuckDB in this process, Spark, or another database by its address.

All are Ibis backends, so that one expression runs on each; the tables are Parquet files in a folder.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.util import gen_name

from tellonce.kernel.errors import DomainError


class EngineError(DomainError):
    """An engine that cannot be had here; the text says what to do."""

    code = "engine"


@contextmanager
def engine(on: str = "duckdb", *, memory: str = "6GB", threads: int | None = None) -> Iterator[Any]:
    """The backend of this name or address for the time of the block.

    `duckdb` runs in this process, `spark` and `spark://host:port` on Spark, anything else is an address that Ibis
    knows. `memory` is what DuckDB or Spark's driver may take, `threads` how many cores (all when None).
    """
    if on == "duckdb":
        with tempfile.TemporaryDirectory(prefix="tellonce-duckdb-") as spilled:
            backend = _duckdb(memory=memory, threads=threads, spilled=spilled)
            yield backend
            backend.disconnect()
    elif on == "spark" or on.startswith("spark://"):
        yield _spark("local[*]" if on == "spark" else on, memory=memory, threads=threads)
    else:
        yield _by_address(on)


def keeping(backend: Any) -> Callable[[ir.Table], ir.Table]:
    """A function that reckons a table out and keeps it with the backend, until that goes; it gives the kept table."""
    if backend.name == "duckdb":
        return lambda table: backend.create_table(gen_name("kept"), table, temp=True)
    if backend.name == "pyspark":
        return lambda table: _checkpoint(backend, table, gen_name("kept"))
    return lambda table: table.cache()


def _checkpoint(backend: Any, table: ir.Table, name: str) -> ir.Table:
    """Spark plans anew what is only cached, and takes minutes for it; a checkpoint is a table like any other."""
    session = import_module("pyspark.sql").SparkSession.active()
    session.sql(backend.compile(table)).localCheckpoint(eager=True).createOrReplaceTempView(name)
    return backend.table(name)


def parquet_tables(backend: Any, folder: Path, names: Iterable[str]) -> dict[str, ir.Table]:
    """The tables of a folder by these names: each a file NAME.parquet, or a folder NAME of such; those there are.

    Files of a table that lie in folders called COLUMN=WORD have that word in a column of that name: what asks for a
    few of the words opens no other files.
    """
    found = {}
    for name in names:
        file, files = folder / f"{name}.parquet", folder / name
        if file.is_file():
            found[name] = _read(backend, str(file))
        elif any(files.rglob("*.parquet")):
            found[name] = _read(backend, str(files / "**" / "*.parquet"), folder=files)
    return found


def _read(backend: Any, path: str, *, folder: Path | None = None) -> ir.Table:
    if backend.name == "duckdb":
        is_parted = folder is not None and _is_parted(folder)
        more = {"hive_types_autocast": False} if is_parted else {}
        return backend.read_parquet(path, hive_partitioning=is_parted, union_by_name=folder is not None, **more)
    if folder is not None:
        return backend.read_parquet(str(folder), recursiveFileLookup=not _is_parted(folder), mergeSchema=True)
    return backend.read_parquet(path)


def _is_parted(folder: Path) -> bool:
    """Whether what lies in the folder lies in folders that say a word of a column, all of the same column."""
    inside = [path for path in folder.iterdir() if not path.name.startswith(".")]
    columns = {path.name.partition("=")[0] if path.is_dir() and "=" in path.name else "" for path in inside}
    return len(columns) == 1 and "" not in columns


def _duckdb(*, memory: str, threads: int | None, spilled: str) -> Any:
    backend = ibis.duckdb.connect(
        memory_limit=memory,
        threads=threads or os.cpu_count() or 1,
        temp_directory=spilled,
        preserve_insertion_order=False,
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
    )
    backend.con.execute("SET enable_progress_bar = false")
    return backend


def _spark(master: str, *, memory: str, threads: int | None) -> Any:
    if find_spec("pyspark") is None:
        raise EngineError("Spark is not installed here. Install it with: pip install 'tellonce[spark]'")
    sql = import_module("pyspark.sql")
    cores = threads or os.cpu_count() or 1
    builder = sql.SparkSession.builder.master(master.replace("[*]", f"[{cores}]")).appName("tellonce")
    settings = {
        "spark.driver.memory": memory.removesuffix("B").lower(),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(2 * cores),
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",  # a folder's name is a word
        # A checkpoint of a union of checkpoints fails in Spark's rewriting of what it knows of their columns.
        "spark.sql.constraintPropagation.enabled": "false",
        # On a busy machine this process answers itself late; taken for dead, it would lose every checkpoint.
        "spark.network.timeout": "3600s",
    }
    if not master.startswith("local"):
        for name in ("spark.driver.bindAddress", "spark.driver.host", "spark.network.timeout"):
            del settings[name]
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise EngineError(f"Spark does not start at {master}: is there a Java runtime, and the cluster?") from error
    return ibis.pyspark.connect(session)  # stopped with the process: what is kept would look for it


def _by_address(address: str) -> Any:
    try:
        return ibis.connect(address)
    except Exception as error:
        raise EngineError(f"No engine answers at {address}: {error}") from error
