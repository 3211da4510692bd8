"""What several tests of the pages need."""

from pathlib import Path

import pytest


@pytest.fixture
def own_storage(tmp_path: Path, settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "kept"},
        },
    }
    settings.FILES_INCOMING = tmp_path / "incoming"
