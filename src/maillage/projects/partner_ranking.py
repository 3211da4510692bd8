"""The learned ranking of partners as it is served: learned by the worker, loaded once by each process.

Until a ranking has been learned from the projects as they are now, callers use the vote of the nearest projects.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import DatabaseError, connections, transaction

from maillage.core.actors import PUBLIC
from maillage.projects.partner_evidence import evidence_from_register

if TYPE_CHECKING:
    from maillage.matching.partners.ranker import PartnerRanker, RankedParties
    from maillage.matching.partners.translation import Translator
    from maillage.matching.vocabulary import Vocabulary

LEARN_TASK: Final = "projects.learn_partners"
JOB_QUEUE: Final = "partners"
"""A queue of its own: learning takes minutes, and no mail may wait for it."""

MIN_PROJECTS: Final = 300
"""From fewer projects the worker learns nothing: the vote is as good."""

_PROGRESS_FILE: Final = "progress.json"
_log = logging.getLogger(__name__)


def partner_folder() -> Path:
    """Where the learned ranking is kept."""
    return Path(settings.DATA) / "partners"


@dataclass(frozen=True, slots=True)
class LearningState:
    """How far the worker is: steps done of all; `total` is 0 while it is not learning."""

    done: int = 0
    total: int = 0


def learning_state() -> LearningState:
    """How far the worker is with learning the ranking."""
    try:
        return LearningState(**json.loads((partner_folder() / _PROGRESS_FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return LearningState()


def learn_partner_ranking() -> int:
    """Learn the ranking if the projects have changed since it was learned; returns the number of projects."""
    from maillage.matching.partners.ranker import load_or_learn_ranker, ranker_path

    evidence, folder = evidence_from_register(PUBLIC), partner_folder()
    if len(evidence.projects) < MIN_PROJECTS or ranker_path(folder, evidence).exists():
        return len(evidence.projects)
    folder.mkdir(parents=True, exist_ok=True)
    progress = folder / _PROGRESS_FILE
    try:
        load_or_learn_ranker(evidence, folder, lambda _step, done, total: _tell(progress, LearningState(done, total)))
    finally:
        progress.unlink(missing_ok=True)
    return len(evidence.projects)


def _tell(path: Path, state: LearningState) -> None:
    draft = path.with_suffix(".draft.json")
    draft.write_text(json.dumps(asdict(state)), "utf-8")
    draft.replace(path)


def learn_on_commit() -> None:
    """Have the worker learn the ranking anew once the imported projects are committed."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    def defer() -> None:
        try:
            app.configure_task(LEARN_TASK, queue=JOB_QUEUE, queueing_lock=LEARN_TASK).defer()
        except AlreadyEnqueued:
            _log.info("The ranking of partners is due to be learned already.")

    transaction.on_commit(defer, robust=True)


@dataclass
class ServedRanking:
    """A loaded ranker with the translator of French needs, made anew for another vocabulary."""

    ranker: PartnerRanker
    _translator: tuple[Vocabulary, Translator] | None = field(default=None, repr=False)

    def rank(self, text: str, vocabulary: Vocabulary, members: Sequence[str] = (), limit: int = 100) -> RankedParties:
        """The parties (numbers at their source) for a need in French or English, best first, with their scores."""
        english = self._english(vocabulary).english(text)
        return next(self.ranker.rank([english], limit, [list(members)]))

    def _english(self, vocabulary: Vocabulary) -> Translator:
        from maillage.matching.partners.translation import Translator

        if self._translator is None or self._translator[0] is not vocabulary:
            stems = self.ranker.reader.index.held_stems()
            self._translator = vocabulary, Translator.of(vocabulary, stems)
        return self._translator[1]


class RankingLoader:
    """Loads the learned ranking in a thread, once for each file; answers nothing until it is loaded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file: Path | None = None
        self._served: ServedRanking | None = None

    def served(self, *, wait: bool = False) -> ServedRanking | None:
        """The ranking learned last, or `None` while there is none or it is being loaded; `wait` loads it now."""
        newest = _newest_file()
        with self._lock:
            if newest == self._file:
                return self._served
            self._file = newest
        if newest is None:
            self._served = None
        elif wait:
            self._served = _load(newest)
        else:
            threading.Thread(target=self._load_in_thread, args=(newest,), name="partners", daemon=True).start()
        return self._served

    def _load_in_thread(self, file: Path) -> None:
        try:
            served = _load(file)
            with self._lock:
                if file == self._file:  # else a newer one is loaded, or being loaded
                    self._served = served
        except DatabaseError:
            _log.exception("The projects cannot be read now; the learned ranking of partners is loaded later.")
            with self._lock:
                self._file = None if file == self._file else self._file
        except (OSError, ValueError, KeyError):
            _log.exception("The learned ranking of partners cannot be read; the vote is used.")
        finally:
            connections.close_all()


def _newest_file() -> Path | None:
    files = sorted(partner_folder().glob("partners-*.npz"), key=lambda path: path.stat().st_mtime_ns)
    return files[-1] if files else None


def _load(file: Path) -> ServedRanking | None:
    """The ranking of a file, if it was learned from the projects as they are now."""
    from maillage.matching.partners.ranker import PartnerRanker, ranker_path

    evidence = evidence_from_register(PUBLIC)
    if ranker_path(file.parent, evidence) != file:
        return None
    ranker = PartnerRanker.load(file, evidence)
    return ServedRanking(ranker) if ranker.models else None


@cache
def get_ranking_loader() -> RankingLoader:
    """The loader of this process."""
    return RankingLoader()
