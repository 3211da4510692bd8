"""Where the bytes are: the storage that the settings call `files`, on disk or elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.storage import Storage, storages
from django.db import connection

from maillage.files.models import storage_path


def get_storage() -> Storage:
    """The storage of the bytes."""
    return storages["files"]


@contextmanager
def lock_content(digest: str) -> Iterator[str]:
    """Until the transaction ends nobody else stores or removes the bytes of a digest; gives their place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])
    yield storage_path(digest)
