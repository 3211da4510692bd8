"""Jobs of pages: work on a sheet that takes longer than a request may."""

from procrastinate.contrib.django import app

from maillage.core.json_types import JsonObject
from maillage.web.facts.sheet_jobs import JOB_QUEUE, SHEET_TASK, SheetJob


@app.task(name=SHEET_TASK, queue=JOB_QUEUE)
def work_on_sheet(job: JsonObject) -> None:
    """Check or apply a sheet; done again after the worker was killed, it does what was left."""
    SheetJob(**job).run()
