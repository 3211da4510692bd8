"""Work of the register that is left to the worker."""

from procrastinate.contrib.django import app

from maillage.search.index_updates import update_search_index


@app.task(queueing_lock="index")
def refresh_search_index() -> int:
    """Bring the search index in step with the database."""
    return update_search_index()
