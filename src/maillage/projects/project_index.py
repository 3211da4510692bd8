"""Full-text indexes of past projects on the local disk, one a funder, built from the database and kept up to date.

Scores of one funder do not depend on what is known of another's projects, of which little more than an acronym may be
public. Across funders, projects are compared by their share of the best score of their funder.

`state.json` names the folder in use and the last events that it includes. Few changes are written at once; for many, a
new index is built while the current one is in use. Callers check matches against the database, so an index that is not
up to date can miss projects but not return wrong ones.
"""

import contextlib
import fcntl
import json
import logging
import os
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from maillage.core.security.session_scope import read_everything
from maillage.matching.text_index import DocumentMatch, IndexedDocument, TextIndex
from maillage.matching.word_lists import Language
from maillage.projects.models import Funder, Participation, Project
from maillage.projects.text_language import language_of

_log = logging.getLogger(__name__)
_EVENT_TABLES = ("projects_projectevent", "projects_participationevent", "projects_partyevent")
_NEAR_SHARE = 0.4
_BATCH_SIZE = 1_000


def organisation_mark(organisation_id: int) -> str:
    """The mark in the index of projects in which an organisation (id) of the register took part."""
    return f"body:{organisation_id}"


@dataclass(frozen=True, slots=True)
class ProjectIndexState:
    """The state of an index: its database, the last event of each table that it includes, and its folder."""

    database: str = ""
    events: list[int] = field(default_factory=list)
    folder: str = ""


@cache
def get_project_index() -> "ProjectIndex":
    """The index of this machine."""
    return ProjectIndex(settings.DATA / "projects")


class ProjectIndex:
    """The indexes in one folder; one process writes at a time.

    A search that notices changed projects writes up to `max_inline_changes` of them; more are left to a thread.
    """

    def __init__(self, root: Path, *, max_inline_changes: int = 200) -> None:
        self.max_inline_changes = max_inline_changes
        self._root = root
        self._lock = threading.Lock()
        self._open: tuple[ProjectIndexState, dict[Funder, TextIndex]] | None = None

    def search(
        self, texts: Mapping[Language, str], organisation_ids: Collection[int], limit: int
    ) -> list[DocumentMatch]:
        """The projects of some organisations (ids) nearest to a text, best first; empty while there is no index.

        Only those with at least `_NEAR_SHARE` of the best score of all projects of the funder: others share words by
        chance. The scores are shares of that best score.
        """
        self._refresh_if_changed()
        marks = [organisation_mark(organisation_id) for organisation_id in organisation_ids]
        matches: list[DocumentMatch] = []
        for index in self._current_indexes().values():
            for nearest in index.search(texts, limit=1, sees=None):
                found = index.search(texts, limit=limit, sees=marks)
                matches += [DocumentMatch(match.number, match.score / nearest.score) for match in found]
        near = [match for match in matches if match.score >= _NEAR_SHARE]
        return sorted(near, key=lambda match: -match.score)[:limit]

    def nearest(self, texts: Mapping[Language, str], limit: int, funder: Funder) -> list[DocumentMatch]:
        """The projects of a funder nearest to a text, best first; empty while there is no index."""
        self._refresh_if_changed()
        index = self._current_indexes().get(funder)
        return index.search(texts, limit=limit, sees=None) if index else []

    def refresh(self, *, wait: bool = True) -> None:
        """Update the index from the database; without `wait`, do nothing if another process is updating it."""
        with read_everything(), self._write_lock(wait=wait) as locked:
            now = _current_state()
            if (
                not locked
                or now is None
                or (now.database, now.events) == (self._state().database, self._state().events)
            ):
                return
            changed = _changed_ids(self._state(), now)
            indexes = self._current_indexes() if changed is not None else {}
            if changed is None or len(indexes) < len(Funder) or len(changed) > self.max_inline_changes:
                self._rebuild(now)
            else:
                for funder, index in indexes.items():
                    index.change(_documents(funder, changed), changed)
                self._save(ProjectIndexState(now.database, now.events, self._state().folder))

    def _refresh_if_changed(self) -> None:
        """Update the index if the database has changed: at once for few changes, in a thread for many."""
        with read_everything():
            now, state = _current_state(), self._state()
            # Without events, no project was ever loaded.
            if now is None or not any(now.events) or (now.database, now.events) == (state.database, state.events):
                return
            changed = _changed_ids(state, now)
        if changed is not None and len(changed) <= self.max_inline_changes:
            self.refresh(wait=False)
        else:
            threading.Thread(target=self._refresh_in_thread, name="index of projects", daemon=True).start()

    def _refresh_in_thread(self) -> None:
        try:
            self.refresh(wait=False)
        except OSError:
            _log.exception("The index of projects cannot be written.")
        finally:
            connections.close_all()

    def _current_indexes(self) -> dict[Funder, TextIndex]:
        """The index of each funder; none while there are no indexes."""
        state = self._state()
        with self._lock:
            if not state.folder:
                return {}
            if self._open is None or self._open[0].folder != state.folder:
                self._open = (state, {funder: TextIndex(self._root / state.folder / funder) for funder in Funder})
            elif self._open[0].events != state.events:
                for index in self._open[1].values():
                    index.reload()
                self._open = (state, self._open[1])
            return self._open[1]

    def _state(self) -> ProjectIndexState:
        try:
            state = ProjectIndexState(**json.loads((self._root / "state.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return ProjectIndexState()
        is_whole = all((self._root / state.folder / funder / "meta.json").is_file() for funder in Funder)
        return state if is_whole else ProjectIndexState()

    def _rebuild(self, now: ProjectIndexState) -> None:
        before, folder = self._state().folder, f"{os.getpid()}-{time.time_ns()}"
        try:
            for funder in Funder:
                TextIndex.build(self._root / folder / funder, _documents(funder, None))
            self._save(ProjectIndexState(now.database, now.events, folder))
        except BaseException:
            shutil.rmtree(self._root / folder, ignore_errors=True)
            raise
        # The previous folder is kept for processes that still read it.
        for old in self._root.iterdir():
            if old.is_dir() and old.name not in {before, folder}:
                shutil.rmtree(old, ignore_errors=True)

    def _save(self, state: ProjectIndexState) -> None:
        draft = self._root / f".state.{os.getpid()}"
        draft.write_text(json.dumps(asdict(state)), "utf-8")
        draft.replace(self._root / "state.json")

    @contextlib.contextmanager
    def _write_lock(self, *, wait: bool) -> Iterator[bool]:
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / "write.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True


def _current_state() -> ProjectIndexState | None:
    """The current state of the database; `None` while a past state is being read."""
    ends = ", ".join("seen.last_event(%s)" for _table in _EVENT_TABLES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT current_setting('search_path'), d.datname || '/' || d.oid, {ends}"  # noqa: S608 - our own names
            " FROM pg_database d WHERE d.datname = current_database()",
            _EVENT_TABLES,
        )
        path, database, *events = cursor.fetchone()
    return None if "as_known" in path else ProjectIndexState(database, events)


def _changed_ids(state: ProjectIndexState, now: ProjectIndexState) -> set[int] | None:
    """The ids of the projects that changed between two states; `None` if the first is not of the same database."""
    if state.database != now.database or any(end < last for end, last in zip(now.events, state.events, strict=False)):
        return None
    projects, participations, parties = state.events
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM projects_projectevent WHERE pgh_id > %s
               UNION SELECT project_id FROM projects_participationevent WHERE pgh_id > %s
               UNION SELECT p.project_id FROM projects_participation p
                   JOIN projects_partyevent e ON e.id = p.party_id WHERE e.pgh_id > %s""",
            [projects, participations, parties],
        )
        return {row[0] for row in cursor.fetchall()}


def _documents(funder: Funder, ids: Collection[int] | None) -> Iterator[IndexedDocument]:
    """The projects of a funder of these ids, or all, marked with the organisations of the register that took part."""
    projects = Project.objects.filter(funder=funder)
    tied = Participation.objects.filter(project__funder=funder).exclude(party__organisation=None)
    if ids is not None:
        projects, tied = projects.filter(pk__in=ids), tied.filter(project__in=ids)
    marks_by_project: dict[int, set[str]] = defaultdict(set)
    for project, organisation_id in (
        tied.order_by().values_list("project_id", "party__organisation_id").iterator(_BATCH_SIZE)
    ):
        marks_by_project[project].add(organisation_mark(organisation_id))
    fields = (
        "pk", "language", "title", "topic_title", "keywords", "objective", "committee_title", "subjects", "stems",
    )  # fmt: skip
    for pk, language, *texts in projects.values_list(*fields).iterator(_BATCH_SIZE):
        yield IndexedDocument(pk, _texts(language, *texts), frozenset(marks_by_project[pk]))


def _texts(
    language: str,
    title: str,
    topic: str,
    keywords: list[str],
    objective: str,
    committee: str,
    subjects: list[str],
    stems: list[str],
) -> dict[Language, str]:
    """What a project says, by language: committees and acronyms stand with French, stems with English."""
    if language == Language.EN:
        return {Language.EN: " ".join((title, topic, *keywords, objective, *stems))}
    texts = {Language.EN: [*stems, *subjects], Language.FR: [title, topic, *keywords, committee]}
    texts[Language(language_of(objective, Language.FR))].append(objective)
    return {one: " ".join(words) for one, words in texts.items()}
