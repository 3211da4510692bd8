"""The sheet that a person works on: the uploaded file, its preview and its choices, kept for a day.

The file and its preview lie beside incoming uploads, from where a nightly job removes them; the session holds the token
that leads to them, and the columns that the person has named for each list.
"""

import json
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from maillage.core.request import Request
from maillage.core.sheets.fates import SheetReport
from maillage.files.uploads import INCOMING_PREFIX, IncomingFile

_SHEETS, _COLUMNS = "sheets", "sheet_columns"


@dataclass(slots=True)
class StoredSheet:
    """A sheet uploaded for a list: its file name, the sheet of the workbook that was chosen, and its source."""

    list_name: str
    token: str
    name: str
    wanted: str = ""
    source: str = ""
    applied: bool = False
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return Path(settings.FILES_INCOMING) / f"{INCOMING_PREFIX}sheet-{self.token}"

    @property
    def _report_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}-fates")

    def report(self) -> SheetReport | None:
        """The fates of its rows; `None` if they are not known yet."""
        if not self._report_path.exists():
            return None
        return SheetReport.from_json(json.loads(self._report_path.read_text("utf-8")))

    def save_report(self, report: SheetReport | None) -> None:
        """Keep the fates of its rows, or forget them."""
        if report is None:
            self._report_path.unlink(missing_ok=True)
        else:
            self._report_path.write_text(json.dumps(report.to_json()), "utf-8")

    def save(self, request: Request) -> None:
        """Keep the choices in the session, those of columns also for other sheets of the list."""
        values = {"token": self.token, "name": self.name, "wanted": self.wanted, "source": self.source}
        sheets = request.session.get(_SHEETS, {})
        request.session[_SHEETS] = {**sheets, self.list_name: {**values, "applied": self.applied}}
        request.session[_COLUMNS] = {**request.session.get(_COLUMNS, {}), self.list_name: self.columns}

    def discard(self) -> None:
        """Remove the file and its preview."""
        self.path.unlink(missing_ok=True)
        self.save_report(None)


def store_sheet(request: Request, list_name: str, incoming: IncomingFile) -> StoredSheet:
    """Keep an uploaded file as the sheet of a list, in place of the one before."""
    if previous := stored_sheet(request, list_name):
        previous.discard()
    name = Path((incoming.name or "").replace("\\", "/")).name[:120]
    stored = StoredSheet(list_name, secrets.token_urlsafe(24), name, columns=_remembered(request, list_name))
    incoming.bytes.flush()
    shutil.copyfile(incoming.path, stored.path)
    stored.save(request)
    return stored


def stored_sheet(request: Request, list_name: str) -> StoredSheet | None:
    """The sheet that this person works on for a list, or `None`."""
    values: dict[str, Any] | None = request.session.get(_SHEETS, {}).get(list_name)
    if values is None:
        return None
    stored = StoredSheet(list_name, columns=_remembered(request, list_name), **values)
    return stored if stored.path.exists() else None


def _remembered(request: Request, list_name: str) -> dict[str, str]:
    return dict(request.session.get(_COLUMNS, {}).get(list_name, {}))
