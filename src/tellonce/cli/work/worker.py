"""The worker: the jobs in the database, and the relay of the outbox; beside it what a new version has to compile."""

from tellonce.config import worker
from tellonce.config.compiling import compile_apart


def run() -> None:
    """Works until SIGTERM or SIGINT."""
    compile_apart()
    worker.run()
