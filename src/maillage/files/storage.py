"""The storage of the content of files (`files` in the settings), and locks on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.storage import Storage, storages
from django.db import connection

from maillage.files.models import storage_path


def get_storage() -> Storage:
    """The storage of the content of files."""
    return storages["files"]


@contextmanager
def lock_content(digest: str) -> Iterator[str]:
    """Lock the content with this digest until the transaction ends; yields its path in the storage."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])
    yield storage_path(digest)
