"""The work on a sheet: checking its rows, and applying them; at once if it is small, else by the worker."""

import secrets
import time
from dataclasses import asdict, dataclass, field

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from maillage.core.action_registry import ActionError
from maillage.core.actions.sheets import load_sheet
from maillage.core.actors import Actor
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.sources import SourceInput
from maillage.core.security.session_scope import actor_scope, read_everything
from maillage.core.sheets.columns import Table, edit_table, missing_fields, read_table
from maillage.core.sheets.errors import InvalidSheetError
from maillage.core.sheets.fate_file import FateFile
from maillage.core.sheets.load import preview_sheet
from maillage.core.sheets.workbook_reader import read_sheet
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.web.facts.sheet_store import (
    CANCELLED,
    DONE,
    FAILED,
    PREVIEW,
    RUNNING,
    WAITING,
    SheetFiles,
    SheetWork,
    StoredSheet,
)

MAX_ROWS = 50_000
JOB_QUEUE = "sheets"
SHEET_TASK = "web.work_on_sheet"
# A sheet with more bytes, or more rows, is left to the worker: these take a request about a second.
_MOST_BYTES, _MOST_ROWS = 60_000, 500
_SECONDS_BETWEEN_REPORTS = 0.3


class SheetCancelledError(Exception):
    """The person who works on the sheet has cancelled what was going on."""


@dataclass(frozen=True, slots=True)
class SheetJob:
    """What is to be done with a sheet, by whom, with which choices; all of it as JSON for the queue of jobs."""

    step: str
    list_name: str
    token: str
    name: str
    language: str
    user_id: int | None
    mandate_id: int | None = None
    wanted: str = ""
    source: SourceInput = ""
    reason: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def of(cls, stored: StoredSheet, step: str, actor: Actor, reason: str = "") -> "SheetJob":
        """The job of a step for the actor, in the active language."""
        mandate_id = actor.acting.mandate_id if actor.acting else None
        return cls(
            step, stored.list_name, stored.token, stored.name, translation.get_language(), actor.user_id, mandate_id,
            stored.wanted, stored.source, reason, stored.columns,
        )  # fmt: skip

    @property
    def files(self) -> SheetFiles:
        return SheetFiles(self.token)

    @property
    def fact_list(self) -> AnyFactList:
        return FACT_LISTS[self.list_name]

    def start(self, actor: Actor) -> None:
        """Do it now, or have the worker do it. Raises `InvalidSheetError`, `ActionError`, of what is done now."""
        self.files.clear_cancel()
        if self.files.path.stat().st_size <= _MOST_BYTES:
            table = self.read_table()
            if len(table.rows) <= _MOST_ROWS:
                self._work(actor, table)
                return
        self._save(WAITING)
        # Jobs of one sheet run one after another.
        app.configure_task(SHEET_TASK, queue=JOB_QUEUE, lock=self.token).defer(job=asdict(self))

    def run(self) -> None:
        """Do it in the worker; a fault that the person can mend, and a cancellation, are kept for the page."""
        work = self.files.work()
        if work is None or not work.is_going_on or work.job != self.id:
            return
        with translation.override(self.language):
            try:
                self._run_for_actor()
            except SheetCancelledError:
                self._save(CANCELLED)
            except (InvalidSheetError, ActionError) as error:
                self._save(FAILED, error=str(error))
            except Exception:
                message = _("Something went wrong, and nothing was written. Try again, or tell who runs the site.")
                self._save(FAILED, error=message)
                raise

    def _run_for_actor(self) -> None:
        self.report(0, 0)
        with read_everything():
            actor = actor_of(User.objects.filter(pk=self.user_id or 0).first(), timezone.now(), self.mandate_id)
        with actor_scope(actor):
            self._work(actor, self.read_table())

    def _save(self, status: str, done: int = 0, total: int = 0, error: str = "") -> None:
        self.files.save_work(SheetWork(self.step, status, done, total, error, self.id))

    def report(self, done: int, total: int) -> None:
        """Tell the page how far the work is. Raises `SheetCancelledError` if it is to end."""
        if self.files.is_cancel_asked():
            raise SheetCancelledError
        self._save(RUNNING, done, total)

    def read_table(self) -> Table:
        """The table of the sheet. Raises `InvalidSheetError`, also for too many rows."""
        sheet = read_sheet(self.files.path, self.name, self.wanted)
        table = read_table(sheet, self.fact_list, self.columns)
        if len(table.rows) > MAX_ROWS:
            message = _("This sheet has %(count)d rows; at most %(most)d are taken at once. Split it into several.")
            raise InvalidSheetError(message % {"count": len(table.rows), "most": MAX_ROWS})
        edit_table(table, self.files.edits(), self.fact_list)
        return table

    def _work(self, actor: Actor, table: Table) -> None:
        if self.step == PREVIEW:
            self._preview(actor, table)
        else:
            self._apply(actor, table)
        self._save(DONE, len(table.rows), len(table.rows))

    def _preview(self, actor: Actor, table: Table) -> None:
        self.files.forget_fates()
        self.files.save_table(table)
        if missing_fields(table, self.fact_list):
            return
        report = preview_sheet(
            self.fact_list, table, actor=actor, at=timezone.now(), source=self.source or None,
            progress=_Progress(self),
        )  # fmt: skip
        FateFile.write(self.files.fates_path, report)

    def _apply(self, actor: Actor, table: Table) -> None:
        fates = self.files.fates()
        report = load_sheet(
            actor=actor, at=timezone.now(), list_name=self.list_name, table=table, reason=self.reason,
            source=self.source or None, expected=fates.fingerprints() if fates else {}, progress=_Progress(self),
        )  # fmt: skip
        # What was written stays written, whatever becomes of the report.
        self._save(DONE, len(table.rows), len(table.rows))
        FateFile.write(self.files.fates_path, report)


class _Progress:
    """Tells a page how far a job is, a few times a second, and ends the job if that was asked for."""

    def __init__(self, job: SheetJob) -> None:
        self._job = job
        self._told_at = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._told_at >= _SECONDS_BETWEEN_REPORTS:
            self._told_at = time.monotonic()
            self._job.report(done, total)


def cancel_work(files: SheetFiles) -> None:
    """Cancel what goes on with a sheet: at once if it has not begun, else as soon as the worker sees it."""
    work = files.work()
    if work is None or not work.is_going_on:
        return
    files.ask_to_cancel()
    if work.status == WAITING:
        files.save_work(SheetWork(work.step, CANCELLED))
