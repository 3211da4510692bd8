"""What a worker was doing when it was killed is done by the next one."""

import contextlib
import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from maillage.kernel.notices.tasks import mail_digests
from maillage.kernel.tasks import take_up_again
from tests.worker import empty_queue, work


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_is_taken_up_again():
    empty_queue()
    mail_digests.defer(timestamp=0)
    with connection.cursor() as cursor:
        # As a worker that took the job, and then told nothing more of itself, leaves it.
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [_long_ago()])
        [worker] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
    # The worker may have queued it by itself, as it does each minute.
    with contextlib.suppress(AlreadyEnqueued):
        take_up_again.defer(timestamp=0)
    work()
    work()
    assert _statuses("notices.mail_digests") == ["succeeded"]
    empty_queue()


def _long_ago() -> object:
    return timezone.now() - dt.timedelta(hours=1)


def _statuses(task: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = %s", [task])
        return [status for (status,) in cursor.fetchall()]
