"""The worker process of `maillage up`: runs the jobs of the queues."""

import asyncio
import logging
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from maillage.cli.child_processes import end_with_parent
from maillage.cli.site_session import set_up_django

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.connector import BaseConnector

# Concurrent jobs for each queue: mails and reminders do not wait for slow hosts of webhooks, nor for large sheets.
QUEUE_CONCURRENCY = {"default": 2, "webhooks": 2, "sheets": 1, "partners": 1}


def run_worker() -> None:
    """Run jobs until SIGINT or SIGTERM."""
    end_with_parent()
    set_up_django()
    repeat_erasures()
    from procrastinate.contrib.django import app

    with app.replace_connector(worker_connector()) as worker_app:
        asyncio.run(_run_until_stopped(worker_app))


def worker_connector() -> "BaseConnector":
    """The connector of a worker: it listens for new jobs, which that of Django cannot.

    What a job queues is still queued by Django's, in the transaction of the job: else a mail could be taken up before
    the notice that it sends is committed, and be dropped as there is none.
    """
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.contrib.django.utils import connector_params

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        return connector

    class WorkerConnector(PsycopgConnector):
        def get_sync_connector(self) -> "BaseConnector":
            return connector

    return WorkerConnector(kwargs=connector_params(connector.alias))


def repeat_erasures() -> None:
    """Repeat at once the erasures that a restored backup undid; a failure is logged, and jobs run all the same."""
    from django.db import connections

    from maillage.partnerships.tasks import replay_kept_erasures

    try:
        if count := replay_kept_erasures():
            logging.getLogger(__name__).warning("Repeated %d erasures of requesters that a restore had undone", count)
    except Exception:
        logging.getLogger(__name__).exception("The erasures were not repeated; run: maillage erasures replay")
    finally:
        connections.close_all()


async def _run_until_stopped(app: "App") -> None:
    jobs = asyncio.create_task(run_jobs(app))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, jobs.cancel)
    with suppress(asyncio.CancelledError):
        await jobs


async def run_jobs(app: "App", *, wait: bool = True) -> None:
    """Run the jobs of all queues, concurrently, until cancelled; without `wait`, until none is due."""
    async with app.open_async(), asyncio.TaskGroup() as group:
        for queue, concurrency in QUEUE_CONCURRENCY.items():
            worker = app.run_worker_async(
                queues=[queue], concurrency=concurrency, wait=wait, install_signal_handlers=False
            )
            group.create_task(worker)


if __name__ == "__main__":
    run_worker()
