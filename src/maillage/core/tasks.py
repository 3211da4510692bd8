"""Jobs that maintain the job queue."""

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status


@app.periodic(cron="* * * * *")
@app.task(name="core.retry_stalled_jobs", queueing_lock="core.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> int:
    """Queue again the jobs of workers that were killed; return how many.

    Such a job may have done its work already, so every task must be safe to run again. One that has been queued anew
    meanwhile, as a periodic one, counts as failed: only one of them may wait.
    """
    manager = context.app.job_manager
    stalled = [job for job in await manager.get_stalled_jobs() if job.id != context.job.id]
    for job in stalled:
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
    return len(stalled)


@app.periodic(cron="40 3 * * *")
@app.task(name="core.remove_old_jobs", queueing_lock="core.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Delete the jobs that ended, whatever their result, more than `JOB_RETENTION_DAYS` days ago."""
    await context.app.job_manager.delete_old_jobs(
        24 * settings.JOB_RETENTION_DAYS, include_failed=True, include_cancelled=True, include_aborted=True
    )
