"""Spark in local mode gives the same findings as DuckDB, row for row."""

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tellonce.datakit.engines import engine, keeping, parquet_tables
from tellonce.lab.billing import NAMES, all_findings, record_of, run_of
from tellonce.lab.billing.causes import alike
from tellonce.lab.billing.tests.cases import world
from tellonce.lab.billing.tests.disputes import disputes
from tellonce.lab.billing.tests.worlds import Row, write_by_month

pytestmark = [
    pytest.mark.skipif(
        shutil.which("java") is None, reason="there is no Java runtime here: apt install default-jre-headless"
    ),
    pytest.mark.skipif(find_spec("pyspark") is None, reason="PySpark is not installed: pip install 'tellonce[spark]'"),
    pytest.mark.filterwarnings("ignore"),  # Spark's own, of what it deprecates in itself
]


def found_on(name: str, folder: Path) -> list[Row]:
    with engine(name, memory="1GB", threads=2) as backend:
        if name == "spark":
            in_one_part(backend)
        run = run_of(record_of(parquet_tables(backend, folder, NAMES)), keep=keeping(backend))
        return list(all_findings(run).to_pyarrow().to_pylist())


def quick_spark() -> None:
    """A session without what pays only for big tables: it is taken by whoever asks for one afterwards."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - may be missing

    settings = {
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        # A JVM of a minute's life earns nothing by thorough compilation, nor by collecting garbage in parallel.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    builder.getOrCreate()


def in_one_part(backend: Any) -> None:
    """The engine's own setting is for millions of rows: here each further part would be a task for nothing."""
    backend.raw_sql("SET spark.sql.shuffle.partitions=1")


def test_spark_finds_what_duckdb_finds(tmp_path: Path) -> None:
    write_by_month(world(), tmp_path)
    quick_spark()
    on_duckdb = found_on("duckdb", tmp_path)
    assert len(on_duckdb) > 50
    assert found_on("spark", tmp_path) == on_duckdb


def groups_on(name: str, file: Path) -> list[Row]:
    with engine(name, memory="1GB", threads=2) as backend:
        return list(alike(backend.read_parquet(str(file)), least=2).to_pyarrow().to_pylist())


def test_spark_groups_disputes_as_duckdb_does(tmp_path: Path) -> None:
    pq.write_table(disputes(), tmp_path / "disputes.parquet")
    quick_spark()
    on_duckdb = groups_on("duckdb", tmp_path / "disputes.parquet")
    assert len(on_duckdb) > 3
    assert groups_on("spark", tmp_path / "disputes.parquet") == on_duckdb
