"""The ranking of laboratories in memory: one for the process, made anew once what it was read from has changed.

A register of a few hundred laboratories is read within the request. A larger one takes some ten seconds: a thread reads
it, and until then an older ranking serves, or none.
"""

import datetime as dt
import gc
import logging
import threading
from functools import cache
from typing import Final

from django.db import DatabaseError, connections
from django.utils import timezone

from maillage.core.history import moment_read
from maillage.matching.laboratories.ranker import LaboratoryRanker
from maillage.matching.laboratories.translation import english_translator
from maillage.matching.vocabulary import Vocabulary
from maillage.offers.offer_matcher import get_vocabulary, last_change
from maillage.partnerships.laboratory_evidence import READ_MODELS, laboratories, laboratory_evidence
from maillage.projects.models import Project

FEW_LABORATORIES: Final = 500
_FEW_PROJECTS: Final = 2_000

Version = tuple[object, ...]
_log = logging.getLogger(__name__)


class LaboratoryRankerLoader:
    """Makes the ranker of the register as it is now, and keeps it until the register changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: Version | None = None
        self._ranker: LaboratoryRanker | None = None
        self._is_making = False

    def ranker(self, *, wait: bool = False) -> LaboratoryRanker | None:
        """The ranker; `None` while the first one of a large register is being made, unless the caller can `wait`.

        It is that of today, also where the register is read as it was known earlier.
        """
        if moment_read() is not None:
            return self._ranker
        vocabulary, day = get_vocabulary(), timezone.localdate()
        # A vocabulary is kept as long as it is in use, so that its id is nobody else's.
        version = (*map(last_change, READ_MODELS), id(vocabulary), day.year)
        with self._lock:
            if version == self._version:
                return self._ranker
            if wait or _is_small():
                self._ranker, self._version = _make(vocabulary, day), version
            elif not self._is_making:  # one at a time, however fast the register changes
                self._is_making = True
                arguments = (version, vocabulary, day)
                threading.Thread(target=self._make_in_thread, args=arguments, name="laboratories", daemon=True).start()
            return self._ranker

    def _make_in_thread(self, version: Version, vocabulary: Vocabulary, day: dt.date) -> None:
        try:
            ranker = _make(vocabulary, day)
            with self._lock:
                self._ranker, self._version = ranker, version
        except DatabaseError:
            _log.exception("The laboratories cannot be read now; the next search tries again.")
        finally:
            with self._lock:
                self._is_making = False
            connections.close_all()


def _is_small() -> bool:
    few = laboratories().order_by().values("pk")[: FEW_LABORATORIES + 1].count() <= FEW_LABORATORIES
    return few and Project.objects.order_by().values("pk")[: _FEW_PROJECTS + 1].count() <= _FEW_PROJECTS


def _make(vocabulary: Vocabulary, day: dt.date) -> LaboratoryRanker:
    evidence = laboratory_evidence(day)
    # A ranker knows what was known before its year: that of next year knows all of this one.
    ranker = LaboratoryRanker.of(evidence, day.year + 1, english_translator(evidence, vocabulary))
    gc.freeze()  # long-lived: the garbage collector need not scan it during requests
    return ranker


@cache
def get_laboratory_loader() -> LaboratoryRankerLoader:
    """The loader of this process."""
    return LaboratoryRankerLoader()
