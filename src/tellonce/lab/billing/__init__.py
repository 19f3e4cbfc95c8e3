"""Checks of bills: every line must be explained by the record, and what is not is a finding.

Everything is an Ibis expression over the tables of docs/guide/bill-files.md, so that DuckDB in process and Spark give
the same answers; which engine, and where the files are, is for the caller to say. A finding has its evidence and money.
"""

from tellonce.lab.billing.checks import Checks, all_findings
from tellonce.lab.billing.errors import TablesError
from tellonce.lab.billing.findings import COLUMNS, KINDS
from tellonce.lab.billing.lines import Run, run_of
from tellonce.lab.billing.tables import NAMES, NEEDED, Record, columns_of, problems_of, record_of

__all__ = [
    "COLUMNS",
    "KINDS",
    "NAMES",
    "NEEDED",
    "Checks",
    "Record",
    "Run",
    "TablesError",
    "all_findings",
    "columns_of",
    "problems_of",
    "record_of",
    "run_of",
]
