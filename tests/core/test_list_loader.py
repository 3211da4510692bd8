"""What a load does when it is not the row that is wrong."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import OperationalError

from maillage.core.list_loader import ListLoader, load_file
from maillage.core.list_rows import FileRow, RowOutcome
from maillage.register.models import Organisation


def _full(_row: FileRow) -> RowOutcome:
    raise OperationalError("could not extend file: No space left on device")


@pytest.mark.django_db
def test_a_database_that_cannot_go_on_ends_the_load_and_blames_no_row(tmp_path: Path) -> None:
    file = tmp_path / "rows.yaml"
    file.write_text("organisations:\n- {key: x}\n")
    loader = ListLoader("organisations", Organisation, ("key",), ("key",), frozenset({"key"}), write=_full)
    with pytest.raises(OperationalError):
        load_file(file, {"organisations": loader}, read_on=dt.date(2026, 11, 23))
