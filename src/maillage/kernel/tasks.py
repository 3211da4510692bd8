"""Work on the queue itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="kernel.take_up_again", queueing_lock="kernel.take_up_again", pass_context=True)
async def take_up_again(context: JobContext, timestamp: int) -> int:
    """Put back in the queue what a worker was doing when it was killed; return how many jobs.

    Such a job may have done its work already: every task must bear being run again.
    """
    manager = context.app.job_manager
    stalled = [job for job in await manager.get_stalled_jobs() if job.id != context.job.id]
    for job in stalled:
        await manager.retry_job(job)
    return len(stalled)
