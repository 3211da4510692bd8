"""The worker process of `maillage up`: runs the jobs of the queues."""

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from maillage.cli.child_processes import end_with_parent
from maillage.cli.site_session import set_up_django

if TYPE_CHECKING:
    from procrastinate import App

# Concurrent jobs for each queue: mails and reminders do not wait for slow hosts of webhooks, nor for large sheets.
QUEUE_CONCURRENCY = {"default": 2, "webhooks": 2, "sheets": 1}


def run_worker() -> None:
    """Run jobs until SIGINT or SIGTERM."""
    end_with_parent()
    set_up_django()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    # The connector of Django cannot listen for new jobs; the one of the worker can.
    worker_connector = connector.get_worker_connector() if isinstance(connector, DjangoConnector) else connector
    with app.replace_connector(worker_connector) as worker_app:
        asyncio.run(_run_until_stopped(worker_app))


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
