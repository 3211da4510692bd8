"""The settings of the storage of files: a folder of the data, or the S3-compatible storage of MAILLAGE_FILES_S3.

Imported by the settings, so this module must not import anything of Django that needs them.
"""

import importlib.util
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from maillage.errors import MaillageError


def storage_settings(url: str, data: Path) -> dict[str, object]:
    """Django's settings of the storage at `https://key:secret@host/bucket?region=name`; of a folder for an empty `url`.

    Raises `MaillageError` for an invalid address, or if the package for S3 is not installed.
    """
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": data / "files" / "kept",
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    if importlib.util.find_spec("storages") is None:
        raise MaillageError("MAILLAGE_FILES_S3 needs what is not installed.", "Install maillage[s3], or unset it.")
    return {"BACKEND": "maillage.files.s3_storage.S3FileStorage", "OPTIONS": _options(url)}


def _options(url: str) -> dict[str, object]:
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise _invalid_address() from None
    bucket = parts.path.strip("/")
    if parts.scheme not in ("http", "https") or not (parts.hostname and parts.username and parts.password and bucket):
        raise _invalid_address()
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return {
        "endpoint_url": f"{parts.scheme}://{host}{port}",
        "bucket_name": bucket,
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "region_name": parse_qs(parts.query).get("region", ["us-east-1"])[0],
        "addressing_style": "path",
        # Only the site serves files, after a permission check. A path is a digest, so overwriting changes nothing.
        "default_acl": "private",
        "querystring_auth": True,
        "file_overwrite": True,
    }


def _invalid_address() -> MaillageError:
    # The message does not repeat the address, which contains a secret.
    return MaillageError(
        "MAILLAGE_FILES_S3 is not the address of a bucket.",
        "Write it as https://key:secret@host/bucket?region=name, odd characters as %2F.",
    )
