"""The worker, run in the test itself until nothing is due."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from procrastinate.contrib.django import app

from maillage.cli.worker import run_jobs


def empty_queue() -> None:
    """Jobs are kept outside of the tables that a test clears."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def run_due_jobs() -> None:
    """What the worker does until nothing is due; in a thread of its own, as browsers keep a loop in the tests’ own."""
    with (
        app.replace_connector(app.connector.get_worker_connector()) as working,
        ThreadPoolExecutor(1) as thread,
    ):
        thread.submit(lambda: asyncio.run(run_jobs(working, wait=False))).result()


def make_jobs_due() -> int:
    """Let the time pass that a job waits for its next try."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        return cursor.rowcount
