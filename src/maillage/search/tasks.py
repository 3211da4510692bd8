"""Jobs of the search index."""

from procrastinate.contrib.django import app

from maillage.search.index_updates import REFRESH_TASK, update_search_index


@app.task(name=REFRESH_TASK, queueing_lock="index")
def refresh_search_index() -> int:
    """Update the search index with what changed in the database; returns how many records."""
    return update_search_index()
