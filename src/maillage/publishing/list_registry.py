"""All lists of the register, in the order in which a file of them is loaded."""

from typing import IO, Any

from django.utils.translation import gettext as _

from maillage.clinical.loaders import TRIALS
from maillage.community.loaders import AGREEMENTS, EVENTS, FUNDING
from maillage.core.actors import Actor
from maillage.core.list_export import export_texts, write_lists
from maillage.core.list_loader import FileRow, ListLoader, RowError, RowOutcome, cite_sources, row_values, upsert
from maillage.core.models import Contradiction, ContradictionSubject
from maillage.labels.loaders import AWARD_LOADER, LABEL_LOADER, PARAMETER_LOADER, WAVE_LOADER
from maillage.offers.loaders import OFFER_LOADER
from maillage.partnerships.loaders import ANSWER_DELAYS
from maillage.publishing.loaders import STATEMENTS
from maillage.register.loaders import MEMBERSHIP_LOADER, OFFICE_LOADER, ORGANISATION_LOADER
from maillage.ventures.loaders import STARTUPS

_SIDE_TEXTS = {"a_en": "a", "a_fr": "a_fr", "b_en": "b", "b_fr": "b_fr", "topic_fr": "topic_fr"}


def write_contradiction(row: FileRow) -> RowOutcome:
    """Write one row of `contradictions`: a topic, its two sides, and the records (`about`) it concerns."""
    record, outcome = upsert(Contradiction, {"topic_en": row.text("topic")}, row_values(row, **_SIDE_TEXTS))
    for subject in row.values.get("about") or []:
        outcome |= _write_subject(record, subject)
    return outcome | cite_sources(row, record)


def _write_subject(record: Contradiction, subject: Any) -> RowOutcome:
    if not isinstance(subject, dict) or not isinstance(subject.get("record"), list):
        message = _("each of “about” must be a mapping with “record”: [list, key], and if known “property”")
        raise RowError(message, "about")
    name, *identity = subject["record"]
    target = find_record(name, *identity)
    if target is None:
        message = _("no record of “%(list)s” has the key %(key)s; correct it")
        raise RowError(message % {"list": name, "key": " ".join(map(str, identity))}, "about")
    where = {"record_kind": target.kind_name(), "record_id": target.pk, "property": subject.get("property", "")}
    return upsert(ContradictionSubject, {"contradiction": record, **where}, {})[1]


def contradiction_row(record: Contradiction) -> dict[str, Any]:
    """The row of `contradictions` for this contradiction."""
    about = [_subject_row(subject) for subject in record.subjects.order_by("pk")]
    return {
        "topic": record.topic_en,
        **export_texts(record, _SIDE_TEXTS),
        "about": [subject for subject in about if subject],
    }


def _subject_row(subject: ContradictionSubject) -> dict[str, Any] | None:
    """The list and identity of the record that a contradiction concerns."""
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
    fields=frozenset({*_SIDE_TEXTS.values(), "topic", "source", "about"}),
    write=write_contradiction,
    to_row=contradiction_row,
)

LOADERS: dict[str, ListLoader] = {
    loader.name: loader
    for loader in (
        ORGANISATION_LOADER,
        LABEL_LOADER,
        AWARD_LOADER,
        WAVE_LOADER,
        PARAMETER_LOADER,
        MEMBERSHIP_LOADER,
        AGREEMENTS,
        FUNDING,
        EVENTS,
        OFFICE_LOADER,
        OFFER_LOADER,
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


def export_lists(out: IO[str], *, actor: Actor) -> dict[str, int]:
    """Write every list this actor may read as a file that `load_lists` accepts; returns the rows of each list."""
    return write_lists(out, LOADERS, actor=actor)
