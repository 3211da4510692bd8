"""The worker, run in the test itself until nothing is due."""

import asyncio

from django.db import connection
from procrastinate.contrib.django import app

from maillage.cli.worker import take_jobs


def empty_queue() -> None:
    """Jobs are kept outside of the tables that a test clears."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def work() -> None:
    """What the worker does until nothing is due."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        asyncio.run(take_jobs(working, wait=False))


def make_due() -> int:
    """Let the time pass that a job waits for its next try."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        return cursor.rowcount
