"""What a job queues is part of the job's transaction: it runs once that is committed, or never."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.worker import empty_queue, run_due_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@app.task(name="tests.queued")
def queued() -> None:
    """Do nothing."""


@app.task(name="tests.queue_and_fail")
def queue_and_fail() -> None:
    """Queue a job in a transaction that fails."""
    with transaction.atomic():
        queued.defer()
        raise ValueError("nothing of this is kept")


@app.task(name="tests.queue")
def queue() -> None:
    """Queue a job in a transaction, which is not there for others before its end."""
    with transaction.atomic():
        queued.defer()


@pytest.mark.parametrize(("task", "number"), [(queue_and_fail, 0), (queue, 1)])
def test_a_job_is_queued_with_the_transaction_of_the_job_that_queues_it(task, number):
    empty_queue()
    task.defer()
    run_due_jobs()
    assert ProcrastinateJob.objects.filter(task_name="tests.queued").count() == number
