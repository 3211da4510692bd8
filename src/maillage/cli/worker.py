"""The process of `maillage up` that does the queued work."""

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from maillage.cli.child_processes import end_with_parent
from maillage.cli.site_session import set_up_django

if TYPE_CHECKING:
    from procrastinate import App

# How many jobs of each queue are done at once: mails and reminders do not wait for hosts that answer slowly.
QUEUE_CONCURRENCY = {"default": 2, "webhooks": 2}


def run_worker() -> None:
    """Take jobs from the queues until asked to end."""
    end_with_parent()
    set_up_django()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    # Django's own connections cannot wait for news of a job; the worker's can.
    waiting = connector.get_worker_connector() if isinstance(connector, DjangoConnector) else connector
    with app.replace_connector(waiting) as working:
        asyncio.run(_run_until_stopped(working))


async def _run_until_stopped(app: "App") -> None:
    jobs = asyncio.create_task(run_jobs(app))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, jobs.cancel)
    with suppress(asyncio.CancelledError):
        await jobs


async def run_jobs(app: "App", *, wait: bool = True) -> None:
    """Take jobs from every queue, each beside the others, until cancelled; without `wait`, until none is due."""
    async with app.open_async(), asyncio.TaskGroup() as group:
        for queue, together in QUEUE_CONCURRENCY.items():
            taking = app.run_worker_async(
                queues=[queue], concurrency=together, wait=wait, install_signal_handlers=False
            )
            group.create_task(taking)


if __name__ == "__main__":
    run_worker()
