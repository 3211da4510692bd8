"""The loaders of statements, with the sources of their checks, and of contradictions between records of any list."""

import re
from typing import Any

from django.utils.translation import gettext as _

from maillage.community.models import Agreement, Event
from maillage.core.list_export import export_texts
from maillage.core.list_loader import ListLoader
from maillage.core.list_registry import LOADERS, find_record, register_loaders
from maillage.core.list_rows import FileRow, RowError, RowOutcome
from maillage.core.models import Citation, Contradiction, ContradictionSubject, Stance
from maillage.core.row_writing import cite_sources, row_values, upsert
from maillage.labels.models import Label
from maillage.offers.models import Offer
from maillage.publishing.models import Statement
from maillage.register.models import Organisation
from maillage.ventures.models import Startup

# The lists in which a key of `about` is looked up, in this order: a start-up is an organisation too.
ABOUT_LISTS: dict[str, type[Any]] = {
    "organisations": Organisation,
    "labels": Label,
    "agreements": Agreement,
    "events": Event,
    "offers": Offer,
    "startups": Startup,
}
# The property under which the sources of a check are cited; sources of the claim have an empty property.
CHECK_PROPERTY = "check"

# The stance of a check's sources, by the words the check begins with; the first match decides. The status of
# the row is not used: it is kept to compare it with the mark computed from the citations.
STANCES: tuple[tuple[re.Pattern[str], Stance | None], ...] = tuple(
    (re.compile(words, re.IGNORECASE), stance)
    for words, stance in (
        (r"unverified\b", None),
        (r"partly confirmed\b", Stance.PARTLY),
        (r"confirmed\b", Stance.SUPPORTS),
        (r"(?:\w+ ){1,3}confirmed\b", Stance.PARTLY),  # something named is confirmed, not the whole
        (r"(?:compatible|plausible)\b", Stance.PARTLY),
        (r"(?:\w+ ){1,3}(?:identified|documented)\b", Stance.PARTLY),
        (r"(?:\w+ ){1,3}also\b", Stance.PARTLY),  # the source adds to the claim
        (r"(?:differs|contradict)", Stance.DISPUTES),
        (r"(?:dated|stale|past|present tense|needs a date|out of date|time-relative)\b", Stance.DATES),
        (r"(?:[\w'’]+ ){1,4}now\b", Stance.DATES),  # the source says another thing now
    )
)

_TEXTS = {
    "claim_en": "text", "claim_fr": "text_fr", "check_en": "check", "check_fr": "check_fr", "file_status": "status",
}  # fmt: skip


def stance_of_check(check: str) -> Stance | None:
    """The stance that the first words of a check give its sources; `None` where they support nothing."""
    return next((stance for words, stance in STANCES if words.match(check)), None)


def write_statement(row: FileRow) -> RowOutcome:
    """Write one row of `statements`: the claim and the page that makes it, the check and the pages it used."""
    values: dict[str, Any] = row_values(row, **_TEXTS)
    if "about" in row.values:
        values["about"] = [_about(key) for key in row.texts("about")]
    statement, outcome = upsert(Statement, {"number": _number(row)}, values)
    outcome |= cite_sources(row, statement, statement=row.text("text")) | _cite_check(row, statement)
    return outcome | _save_french_citations(statement)


def _number(row: FileRow) -> int:
    number = row.values["n"]
    if not isinstance(number, int) or number < 1:
        raise RowError(_("“n” must be a number from 1, not “%(value)s”") % {"value": number}, "n")
    return number


def _about(key: str) -> list[str]:
    for name, model in ABOUT_LISTS.items():
        if model.objects.filter(key=key).exists():
            return [name, key]
    message = _("“%(key)s” is the key of nothing in %(lists)s; add it to its list or correct the key")
    raise RowError(message % {"key": key, "lists": ", ".join(ABOUT_LISTS)}, "about")


def _cite_check(row: FileRow, statement: Statement) -> RowOutcome:
    if "check_source" not in row.values:
        return RowOutcome.UNCHANGED
    check = row.text("check")
    stance = stance_of_check(check)
    if stance is not None:
        return cite_sources(row, statement, name="check_source", stance=stance, statement=check, of=CHECK_PROPERTY)
    if not check.lower().startswith("unverified"):
        message = _(
            "the first words of “check” do not tell what its sources do to the claim; begin it with confirmed, "
            "partly confirmed, plausible, dated, differs or unverified"
        )
        raise RowError(message, "check")
    return RowOutcome.UNCHANGED


def _save_french_citations(statement: Statement) -> RowOutcome:
    """Save the French text of citations where the row gives it."""
    outcome = RowOutcome.UNCHANGED
    cited = Citation.objects.filter(record_kind=statement.kind_name(), record_id=statement.pk)
    for property_, words in (("", statement.claim_fr), (CHECK_PROPERTY, statement.check_fr)):
        if words and cited.filter(property=property_).exclude(says_fr=words).update(says_fr=words):
            outcome = RowOutcome.UPDATED
    return outcome


def statement_row(statement: Statement) -> dict[str, object]:
    """The row of `statements` for this statement."""
    cited = Citation.objects.filter(record_kind=statement.kind_name(), record_id=statement.pk, property=CHECK_PROPERTY)
    sources = list(cited.order_by("pk").values_list("source__url", flat=True))
    row = {"n": statement.number, **export_texts(statement, _TEXTS), "about": [key for _list, key in statement.about]}
    return row | ({"check_source": sources} if sources else {})


STATEMENTS = ListLoader(
    name="statements",
    model=Statement,
    identity=("n",),
    lookup=("number",),
    fields=frozenset({*_TEXTS.values(), "n", "about", "check_source", "source"}),
    write=write_statement,
    to_row=statement_row,
)

_SIDE_TEXTS = {"a_en": "a", "a_fr": "a_fr", "b_en": "b", "b_fr": "b_fr", "topic_fr": "topic_fr"}


def write_contradiction(row: FileRow) -> RowOutcome:
    """Write one row of `contradictions`: a topic, its two sides, and the records (`about`) it concerns."""
    record, outcome = upsert(Contradiction, {"topic_en": row.text("topic")}, row_values(row, **_SIDE_TEXTS))
    for subject in row.values.get("about") or []:
        outcome |= _write_subject(record, subject)
    return outcome | cite_sources(row, record)


def _write_subject(record: Contradiction, subject: object) -> RowOutcome:
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


def contradiction_row(record: Contradiction) -> dict[str, object]:
    """The row of `contradictions` that would make this record."""
    about = [_subject_row(subject) for subject in record.subjects.order_by("pk")]
    return {"topic": record.topic_en, **export_texts(record, _SIDE_TEXTS), "about": [row for row in about if row]}


def _subject_row(subject: ContradictionSubject) -> dict[str, Any] | None:
    """A subject as the list and the identity of its record; `None` where no list holds records of its kind."""
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

# Contradictions may speak of records of every list, so they come last.
register_loaders(STATEMENTS, CONTRADICTIONS)
