"""The worker, run in the test itself until nothing is due."""

import asyncio

from django.db import connection
from procrastinate.contrib.django import app


def empty_queue() -> None:
    """Jobs are kept outside of the tables that a test clears."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def work() -> None:
    """What the worker does until nothing is due."""

    async def run() -> None:
        worker = app.with_connector(app.connector.get_worker_connector())
        async with worker.open_async():
            await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False, queues=None)

    asyncio.run(run())


def make_due() -> int:
    """Let the time pass that a job waits for its next try."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        return cursor.rowcount
