"""What can be wrong with the tables that are to be checked."""

from tellonce.kernel.errors import DomainError


class TablesError(DomainError):
    """Tables that cannot be checked: one is missing, or a column is, or holds another type; the text says all of it."""

    code = "bill_tables"
