"""An S3-compatible storage that raises `OSError`, as a disk does; imported only if one is configured."""

import functools
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


def _with_os_errors(method: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(method)
    def run(*arguments: object, **options: object) -> object:
        try:
            return method(*arguments, **options)
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"The file storage did not do as asked: {error}") from error

    return run


class S3FileStorage(S3Storage):
    """Raises `OSError` if the storage cannot be reached or refuses a request."""

    delete, listdir = _with_os_errors(S3Storage.delete), _with_os_errors(S3Storage.listdir)

    @_with_os_errors
    def _save(self, name: str, content: object) -> str:
        return str(super()._save(name, content))

    @_with_os_errors
    def _open(self, name: str, mode: str = "rb") -> Any:  # Any: the library gives it no type
        return super()._open(name, mode)

    @_with_os_errors
    def exists(self, name: str) -> bool:
        """Whether a file with this name exists; true for the empty name, which is the bucket."""
        return not name or bool(super().exists(name))
