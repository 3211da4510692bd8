"""Loading rows of lists in tests: as text, and from the rows that an export would write."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from maillage.core.actors import SYSTEM
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.file_load import LoadReport
from maillage.publishing.actions.lists import load_lists


def load_rows(folder: Path, name: str, *rows: dict[str, Any]) -> LoadReport:
    """Load rows into the list `name`, by way of a file in `folder`."""
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump({name: list(rows)}, allow_unicode=True), encoding="utf-8")
    return load_lists(actor=SYSTEM, at=timezone.now(), path=path)


def refusals(report: LoadReport) -> list[str]:
    """The reasons of the rows that were refused."""
    return [refusal.reason for refusal in report.refusals]


def exported_rows(loader: AnyFactList, records: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows that make these records."""
    return [loader.to_row(record) for record in records]
