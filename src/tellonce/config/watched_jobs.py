"""The jobs of one worker, watched: what became of a job must reach the database, or the worker begins anew."""

import asyncio
from typing import Any

from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.manager import JobManager
from psycopg.errors import RaiseException

from tellonce.config.jobs import STALLED_AFTER_S, retry_jobs_stalled_for


class WatchedJobs(JobManager):
    """procrastinate's jobs; `lost` is set when the end of a job could not be written, `worker_id` is whose they are."""

    def __init__(self, connector: Any) -> None:
        super().__init__(connector)
        self.lost = asyncio.Event()
        self.worker_id: int | None = None

    async def register_worker(self) -> int:
        """Registers the worker, and remembers its id."""
        self.worker_id = await super().register_worker()
        return self.worker_id

    async def finish_job(self, *args: Any, **kwargs: Any) -> None:
        """Writes how the job ended."""
        await self._watched(super().finish_job(*args, **kwargs))

    async def retry_job(self, *args: Any, **kwargs: Any) -> None:
        """Puts the job back."""
        await self._watched(super().retry_job(*args, **kwargs))

    async def _watched(self, writing: Any) -> None:
        try:
            await writing
        except ConnectorException as error:
            if not isinstance(error, UniqueViolation) and not isinstance(error.__cause__, RaiseException):
                self.lost.set()
            raise


async def put_back(worker_id: int | None, *, manager: JobManager) -> None:
    """Puts the jobs of a worker that is no more back at once, instead of when its silence is noticed."""
    if worker_id is not None:
        await manager.unregister_worker(worker_id)
        await retry_jobs_stalled_for(STALLED_AFTER_S, manager=manager)
