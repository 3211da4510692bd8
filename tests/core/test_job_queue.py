"""What a worker was doing when it was killed is done by the next one; what was done long ago is forgotten."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.core.tasks import remove_old_jobs, retry_stalled_jobs
from maillage.notifications.tasks import queue_digests
from tests.worker import empty_queue, run_due_jobs

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_is_taken_up_again():
    empty_queue()
    queue_digests.defer(timestamp=0)
    _take_by_killed_worker()
    retry_stalled_jobs.defer(timestamp=0)
    run_due_jobs()
    run_due_jobs()
    assert _statuses("notices.mail_digests") == ["succeeded"]
    empty_queue()


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_that_was_queued_anew_fails_and_keeps_no_other_waiting():
    empty_queue()
    first = queue_digests.defer(timestamp=0)
    other = queue_digests.configure(queueing_lock="other").defer(timestamp=0)
    _take_by_killed_worker()
    anew = queue_digests.configure(schedule_in={"days": 1}).defer(timestamp=1)
    retry_stalled_jobs.defer(timestamp=0)
    run_due_jobs()
    run_due_jobs()
    statuses = dict(ProcrastinateJob.objects.filter(pk__in=(first, other, anew)).values_list("pk", "status"))
    assert statuses == {first: "failed", other: "succeeded", anew: "todo"}
    empty_queue()


@pytest.mark.django_db(transaction=True)
def test_jobs_that_ended_long_ago_are_forgotten_and_no_others(settings):
    settings.JOB_RETENTION_DAYS = 3
    empty_queue()
    made = {name: queue_digests.configure(queueing_lock=name).defer(timestamp=0) for name in ("old", "failed", "young")}
    run_due_jobs()
    waiting = queue_digests.configure(schedule_in={"days": 1}, queueing_lock="waiting").defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [made["failed"]])
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - interval '73 hours' WHERE job_id = ANY (%s)",
            [[made["old"], made["failed"], waiting]],
        )
    remove_old_jobs.defer(timestamp=0)
    run_due_jobs()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE task_name = 'notices.mail_digests'")
        left = {number for (number,) in cursor.fetchall()}
    assert left == {made["young"], waiting}
    empty_queue()


@pytest.mark.django_db(transaction=True)
def test_the_worker_of_a_test_runs_what_the_test_has_queued_and_nothing_by_the_clock():
    # At any moment jobs of each minute are due; a worker queues those of the last ten minutes when it starts.
    empty_queue()
    queue_digests.defer(timestamp=0)
    run_due_jobs()
    run_due_jobs()
    assert [*ProcrastinateJob.objects.values_list("task_name", "status")] == [("notices.mail_digests", "succeeded")]
    empty_queue()


def _take_by_killed_worker() -> None:
    """Leave the jobs that wait as a worker does that took them, and then told nothing more of itself."""
    long_ago = timezone.now() - dt.timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [long_ago])
        [worker] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])


def _statuses(task: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = %s", [task])
        return [status for (status,) in cursor.fetchall()]
