"""The worker, run in the test itself until nothing is due."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry

from maillage.cli.worker import run_jobs, worker_connector


def empty_queue() -> None:
    """Jobs are kept outside of the tables that a test clears."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@contextmanager
def without_periodic_jobs(working: App) -> Iterator[None]:
    """A worker queues the periodic jobs of the last ten minutes when it starts; which these are, the clock decides."""
    registry, working.periodic_registry = working.periodic_registry, PeriodicRegistry()
    try:
        yield
    finally:
        working.periodic_registry = registry


def run_due_jobs() -> None:
    """Run what the test has queued until nothing is due, as the worker does, without its periodic jobs.

    In a thread of its own, since browsers keep an event loop in the thread of the tests.
    """
    with (
        app.replace_connector(worker_connector()) as working,
        without_periodic_jobs(working),
        ThreadPoolExecutor(1) as thread,
    ):
        thread.submit(lambda: asyncio.run(run_jobs(working, wait=False))).result()


def make_jobs_due() -> int:
    """Let the time pass that a job waits for its next try."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        return cursor.rowcount
