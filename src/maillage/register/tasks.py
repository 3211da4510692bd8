"""Work of the register that is left to the worker."""

from procrastinate.contrib.django import app

from maillage.register.finding import refresh


@app.task(queueing_lock="index")
def refresh_index() -> int:
    """Bring the search index in step with the database."""
    return refresh()
