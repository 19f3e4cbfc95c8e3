"""What the lines of bills say of each service, from the files: reading columns of all time is quick there."""

from collections.abc import Iterator
from pathlib import Path

from tellonce.intake.bulk.store import opened, quoted
from tellonce.modules.billing.queries.exported_services import Charged

_ROWS = 10_000
_KIND = """
CASE WHEN kind = 'recurring' AND device IS NULL AND amount_minor > 0 THEN 'recurring'
  WHEN kind = 'discount' AND amount_minor < 0 THEN 'discount' ELSE 'other' END
"""
_CHARGED = f"""
SELECT account, service, kind, code, min(day), max(day), list(DISTINCT amount_minor) FROM (
  SELECT account, service, {_KIND} AS kind, CASE WHEN {_KIND} = 'other' THEN '' ELSE code END AS code,
    coalesce(period_from, DATE '1900-01-01') AS day,
    CASE WHEN service IS NOT NULL AND {_KIND} <> 'other' THEN amount_minor ELSE 0 END AS amount_minor
  FROM read_parquet({{files}}, hive_partitioning = false)
  WHERE service IS NOT NULL OR (kind = 'discount' AND amount_minor < 0)
) lines GROUP BY ALL
"""


def charged_services(folder: Path) -> Iterator[Charged]:
    """By account, service, kind and code: from when to when lines stand for it, and which amounts occurred."""
    files = folder / "charges" / "month=*" / "*.parquet"
    if not any((folder / "charges").glob("month=*/*.parquet")):
        return
    with opened() as con:
        found = con.execute(_CHARGED.format(files=quoted(str(files))))
        while rows := found.fetchmany(_ROWS):
            yield from rows
