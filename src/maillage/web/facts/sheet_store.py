"""The sheet that a person works on: the uploaded file, what was found in it, and the choices made; kept for a day.

The files lie beside incoming uploads, from where a nightly job removes them; the session holds the token that leads to
them, and the columns that the person has named for each list.
"""

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from maillage.core.json_types import Json, JsonObject
from maillage.core.request import Request
from maillage.core.rows.sources import SourceInput
from maillage.core.sheets.columns import Column, Table
from maillage.core.sheets.fate_file import FateFile
from maillage.files.uploads import INCOMING_PREFIX, IncomingFile

_SHEETS, _COLUMNS = "sheets", "sheet_columns"
PREVIEW, APPLY = "preview", "apply"
WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"


@dataclass(frozen=True, slots=True)
class SheetWork:
    """What is done with a sheet, or was done last (`PREVIEW`, `APPLY`), how far it is, and what was found at fault.

    `job` is the only job that may work on: one that waits in the queue after it was cancelled does nothing.
    """

    step: str
    status: str
    done: int = 0
    total: int = 0
    error: str = ""
    job: str = ""

    @property
    def is_going_on(self) -> bool:
        return self.status in (WAITING, RUNNING)


@dataclass(frozen=True, slots=True)
class SheetFiles:
    """The uploaded file, and the files beside it: its table without rows, the fates of its rows, the work on it."""

    token: str

    @property
    def path(self) -> Path:
        return Path(settings.FILES_INCOMING) / f"{INCOMING_PREFIX}sheet-{self.token}"

    def _beside(self, kind: str) -> Path:
        return self.path.with_name(f"{self.path.name}-{kind}")

    @property
    def fates_path(self) -> Path:
        return self._beside("fates")

    def fates(self) -> FateFile | None:
        """The fates of its rows; `None` if they are not known yet."""
        return FateFile.open(self.fates_path)

    def forget_fates(self) -> None:
        self.fates_path.unlink(missing_ok=True)

    def save_table(self, table: Table) -> None:
        """Keep what a page shows of a table: all but its rows, of which it keeps the number."""
        head = {**asdict(table), "rows": len(table.rows)}
        _write(self._beside("table"), head)

    def table(self) -> tuple[Table, int] | None:
        """The table without its rows, and their number; `None` if the file was not read yet."""
        head = _read(self._beside("table"))
        if head is None:
            return None
        columns, count = [Column(**column) for column in head.pop("columns")], head.pop("rows")
        return Table(columns, [], **head), count

    def edits(self) -> dict[int, dict[str, str]]:
        """What the person has written in the place of cells, by number of row and key of field."""
        return {int(number): cells for number, cells in (_read(self._beside("edits")) or {}).items()}

    def save_edits(self, edits: Mapping[int, Mapping[str, str]]) -> None:
        _write(self._beside("edits"), edits)

    def save_work(self, work: SheetWork) -> None:
        _write(self._beside("work"), asdict(work))

    def work(self) -> SheetWork | None:
        """The work on this sheet that goes on or was the last; `None` for none."""
        values = _read(self._beside("work"))
        return None if values is None else SheetWork(**values)

    def ask_to_cancel(self) -> None:
        """Have the work that goes on end as soon as it can."""
        self._beside("cancel").touch()

    def is_cancel_asked(self) -> bool:
        return self._beside("cancel").exists()

    def clear_cancel(self) -> None:
        self._beside("cancel").unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove all files."""
        for path in (self.path, *(self._beside(kind) for kind in ("fates", "table", "work", "cancel", "edits"))):
            path.unlink(missing_ok=True)


def _write(path: Path, content: object) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.write_text(json.dumps(content), "utf-8")
    draft.replace(path)


def _read(path: Path) -> Json:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None


@dataclass(slots=True)
class StoredSheet:
    """A sheet uploaded for a list: its file name, the sheet of the workbook that was chosen, and its source."""

    list_name: str
    token: str
    name: str
    wanted: str = ""
    source: SourceInput = ""
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> SheetFiles:
        return SheetFiles(self.token)

    @property
    def applied(self) -> bool:
        """Whether its rows were written."""
        work = self.files.work()
        return work is not None and (work.step, work.status) == (APPLY, DONE)

    @property
    def is_worked_on(self) -> bool:
        work = self.files.work()
        return work is not None and work.is_going_on

    def save(self, request: Request) -> None:
        """Keep the choices in the session, those of columns also for other sheets of the list."""
        values = {"token": self.token, "name": self.name, "wanted": self.wanted, "source": self.source}
        request.session[_SHEETS] = {**request.session.get(_SHEETS, {}), self.list_name: values}
        request.session[_COLUMNS] = {**request.session.get(_COLUMNS, {}), self.list_name: self.columns}


def store_sheet(request: Request, list_name: str, incoming: IncomingFile) -> StoredSheet:
    """Keep an uploaded file as the sheet of a list, in place of the one before."""
    if previous := stored_sheet(request, list_name):
        previous.files.discard()
    name = Path((incoming.name or "").replace("\\", "/")).name[:120]
    stored = StoredSheet(list_name, secrets.token_urlsafe(24), name, columns=_remembered(request, list_name))
    incoming.bytes.flush()
    shutil.copyfile(incoming.path, stored.files.path)
    stored.save(request)
    return stored


def stored_sheet(request: Request, list_name: str) -> StoredSheet | None:
    """The sheet that this person works on for a list, or `None`."""
    values: JsonObject | None = request.session.get(_SHEETS, {}).get(list_name)
    if values is None:
        return None
    stored = StoredSheet(list_name, columns=_remembered(request, list_name), **values)
    return stored if stored.files.path.exists() else None


def _remembered(request: Request, list_name: str) -> dict[str, str]:
    return dict(request.session.get(_COLUMNS, {}).get(list_name, {}))
