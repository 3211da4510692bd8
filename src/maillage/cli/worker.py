"""The process of `maillage up` that does the queued work."""

from maillage.cli.children import die_with_parent
from maillage.cli.session import set_up_django


def work() -> None:
    """Take jobs from the queue until asked to end."""
    die_with_parent()
    set_up_django()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    # Django's own connections cannot wait for news of a job; the worker's can.
    waiting = connector.get_worker_connector() if isinstance(connector, DjangoConnector) else connector
    with app.replace_connector(waiting) as working:
        working.run_worker(concurrency=2)


if __name__ == "__main__":
    work()
