"""What a load does when it is not the row that is wrong."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from maillage.core.rows.file_load import load_file
from maillage.register.rows import ORGANISATIONS

pytestmark = pytest.mark.django_db


def _full(*_row: Any) -> Any:
    raise OperationalError("could not extend file: No space left on device")


def test_a_database_that_cannot_go_on_ends_the_load_and_blames_no_row(tmp_path: Path) -> None:
    file = tmp_path / "rows.yaml"
    file.write_text("organisations:\n- {key: x, name_fr: X, kind: other}\n")
    full = dataclasses.replace(ORGANISATIONS, write_parts=_full)
    with pytest.raises(OperationalError):
        load_file(file, {"organisations": full}, read_on=dt.date(2026, 11, 23))
