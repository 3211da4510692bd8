"""An S3-compatible storage whose failures are told as those of a disk are; imported only where one is named."""

import functools
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


def _with_os_errors(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def run(*arguments: Any, **more: Any) -> Any:
        try:
            return method(*arguments, **more)
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"The file storage did not do as asked: {error}") from error

    return run


class S3FileStorage(S3Storage):
    """Raises `OSError` where the storage cannot be reached or refuses."""

    delete, listdir = _with_os_errors(S3Storage.delete), _with_os_errors(S3Storage.listdir)

    @_with_os_errors
    def _save(self, name: str, content: Any) -> str:
        return str(super()._save(name, content))

    @_with_os_errors
    def _open(self, name: str, mode: str = "rb") -> Any:
        return super()._open(name, mode)

    @_with_os_errors
    def exists(self, name: str) -> bool:
        """Whether something is kept under a name; the whole bucket always is."""
        return not name or bool(super().exists(name))
