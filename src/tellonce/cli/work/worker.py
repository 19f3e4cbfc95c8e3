"""The worker: the jobs in the database, and the relay of the outbox."""

from tellonce.config.worker import run

__all__ = ["run"]
