"""Files of millions of rows: read, checked and loaded as whole columns, by DuckDB in process."""
