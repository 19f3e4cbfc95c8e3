"""What can go wrong with the embedded database, said in one sentence each."""

from tellonce.kernel.errors import DomainError


class EmbeddedDatabaseError(DomainError):
    """The embedded database cannot be used as it is; the text says why and what to do."""

    code = "embedded_database"
    status = 503
