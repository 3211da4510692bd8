"""Every list of the register, in the order in which a file of them is loaded."""

import datetime as dt
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.clinical.loaders import TRIALS
from maillage.community.loaders import AGREEMENTS, EVENTS, FUNDING
from maillage.kernel.actions import action
from maillage.kernel.actors import OFFICER, Actor
from maillage.kernel.exporting import texts, write_lists
from maillage.kernel.loading import ListLoader, Outcome, Progress, Refused, Report, Row, cite, given, load_file, upsert
from maillage.kernel.models import Contradiction, ContradictionSubject
from maillage.labels.loaders import AWARDS, LABELS, PARAMETERS, WAVES
from maillage.offers.loaders import OFFERS
from maillage.partnerships.loaders import ANSWER_DELAYS
from maillage.publishing.loaders import STATEMENTS
from maillage.register.loaders import MEMBERSHIPS, OFFICES, ORGANISATIONS
from maillage.ventures.loaders import STARTUPS

_SIDES = {"a_en": "a", "a_fr": "a_fr", "b_en": "b", "b_fr": "b_fr", "topic_fr": "topic_fr"}


def write_contradiction(row: Row) -> Outcome:
    """One row of `contradictions`: a topic, its two sides, and the records (`about`) it speaks of."""
    record, outcome = upsert(Contradiction, {"topic_en": row.text("topic")}, given(row, **_SIDES))
    for subject in row.values.get("about") or []:
        outcome |= _write_subject(record, subject)
    return outcome | cite(row, record)


def _write_subject(record: Contradiction, subject: Any) -> Outcome:
    if not isinstance(subject, dict) or not isinstance(subject.get("record"), list):
        told = _("each of “about” must be a mapping with “record”: [list, key], and if known “property”")
        raise Refused(told, "about")
    name, *identity = subject["record"]
    target = find_record(name, *identity)
    if target is None:
        told = _("no record of “%(list)s” has the key %(key)s; correct it")
        raise Refused(told % {"list": name, "key": " ".join(map(str, identity))}, "about")
    where = {"record_kind": target.kind_name(), "record_id": target.pk, "property": subject.get("property", "")}
    return upsert(ContradictionSubject, {"contradiction": record, **where}, {})[1]


def contradiction_row(record: Contradiction) -> dict[str, Any]:
    """The row of `contradictions` that would make this one."""
    about = [_subject_row(subject) for subject in record.subjects.order_by("pk")]
    return {"topic": record.topic_en, **texts(record, _SIDES), "about": [found for found in about if found]}


def _subject_row(subject: ContradictionSubject) -> dict[str, Any] | None:
    """A record as its list and identity."""
    for loader in LOADERS.values():
        if loader.model.kind_name() == subject.record_kind:
            values = loader.model.objects.filter(pk=subject.record_id).values_list(*loader.lookup).first()
            return {"record": [loader.name, *values], "property": subject.property} if values else None
    return None


CONTRADICTIONS = ListLoader(
    name="contradictions",
    model=Contradiction,
    identity=("topic",),
    lookup=("topic_en",),
    fields=frozenset({*_SIDES.values(), "topic", "source", "about"}),
    write=write_contradiction,
    row_of=contradiction_row,
)

LOADERS: dict[str, ListLoader] = {
    loader.name: loader
    for loader in (
        ORGANISATIONS,
        LABELS,
        AWARDS,
        WAVES,
        PARAMETERS,
        MEMBERSHIPS,
        AGREEMENTS,
        FUNDING,
        EVENTS,
        OFFICES,
        OFFERS,
        ANSWER_DELAYS,
        TRIALS,
        STARTUPS,
        STATEMENTS,
        CONTRADICTIONS,
    )
}


def find_record(name: str, *identity: object) -> Any | None:
    """The record of a list by its identity: `find_record("awards", "carnot", "opale")`; `None` if there is none."""
    loader = LOADERS.get(name)
    return loader.find(*identity) if loader else None


@action(OFFICER, title=gettext_lazy("Load a file of lists"), over_api=False)
def load_lists(
    *, actor: Actor, at: dt.datetime, path: Path, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Load every list of a YAML file; see `kernel.loading.load_file` for the report and the errors."""
    return load_file(path, LOADERS, read_on=at.date(), dry_run=dry_run, progress=progress)


def export_lists(out: IO[str], *, actor: Actor) -> dict[str, int]:
    """Write every list this actor may read as a file that `load_lists` takes; returns the rows of each list."""
    return write_lists(out, LOADERS, actor=actor)
