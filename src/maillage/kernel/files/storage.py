"""Where the bytes are: the storage that the settings call `files`, on disk or elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.storage import Storage, storages
from django.db import connection

from maillage.kernel.files.models import place_of


def storage() -> Storage:
    """The storage of the bytes."""
    return storages["files"]


@contextmanager
def alone_with(digest: str) -> Iterator[str]:
    """Until the transaction ends nobody else stores or removes the bytes of a digest; gives their place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])
    yield place_of(digest)
