"""What several tests of the pages need."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from maillage.search.index_updates import SearchIndex


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


@pytest.fixture
def own_search_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "SearchIndex":
    """An index of the test alone, which each search updates; that of the machine may hold another database."""
    from maillage.search.index import IndexStore
    from maillage.search.index_updates import SearchIndex

    index = SearchIndex(IndexStore(tmp_path / "search"), check_interval=-1, max_inline_changes=10**9)
    monkeypatch.setattr("maillage.search.queries.search_index", lambda: index)
    return index
