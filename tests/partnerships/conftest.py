"""The small network of `needs`; Django is not set up when this file is read."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Any:
    from tests.partnerships.sample_needs import create_sample_network as made

    return made()


@pytest.fixture
def own_storage(tmp_path: Path, settings: Any) -> None:
    """Files are stored in a folder of the test."""
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = settings.STORAGES | {"files": place}
    settings.FILES_INCOMING = tmp_path / "files" / "incoming"
