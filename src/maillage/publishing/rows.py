"""The lists of statements, with the sources of their checks, and of contradictions between records of any list."""

import datetime as dt
import re
from typing import Annotated

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.community.models import Agreement, Event
from maillage.core.json_types import Json
from maillage.core.models import Citation, Contradiction, ContradictionSubject, Fact, Stance
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import AnyFactList, FactList
from maillage.core.rows.list_register import FACT_LISTS, find_record, register_lists
from maillage.core.rows.outcomes import RowOutcome, find_first, find_records, update, upsert
from maillage.core.rows.row import Described, LastingRow, optional
from maillage.core.rows.sources import Origin, Sources, cite, get_source
from maillage.core.rows.values import Choice, Moment, Part, Raw, Text, Values, WholeNumber
from maillage.labels.models import Label
from maillage.offers.models import Offer
from maillage.publishing.models import Statement
from maillage.register.models import Organisation
from maillage.ventures.models import Startup

# The lists in which a key of `about` is looked up, in this order: a start-up is an organisation too.
ABOUT_LISTS: dict[str, type[Fact]] = {
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


class StatementRow(LastingRow):
    """A claim and the page that makes it, with the check of it and the pages that the check used."""

    n: Annotated[int, WholeNumber(1), Described(_("Number"), into="number")]
    text: Annotated[str, Text(long=True), Described(_("Claim in English"), into="claim_en")] = ""
    text_fr: Annotated[str, Text(long=True), Described(_("Claim in French"), into="claim_fr")] = ""
    about: Annotated[list[str], Part("texts"), Described(_("About"), _(
        "The keys of the records it is about, separated by “;”."), picks=tuple(ABOUT_LISTS))] = []  # fmt: skip
    check_: Annotated[str, Text(long=True), Described(_("Check in English"), into="check_en")] = optional("check")
    check_fr: Annotated[str, Text(long=True), Described(_("Check in French"))] = ""
    check_source: Annotated[Sources, Described(_("Sources of the check"), _(
        "Addresses of the pages that the check used, one on each line."))] = []  # fmt: skip
    status: Annotated[str, Text(40), Described(_("Status"), into="file_status")] = ""
    source: Sources = []


def stance_of_check(check: str) -> Stance | None:
    """The stance that the first words of a check give its sources; `None` where they support nothing."""
    return next((stance for words, stance in STANCES if words.match(check)), None)


def statement_about(row: StatementRow, _record: Statement | None) -> Values:
    """The records that a statement is about, as pairs of a list and a key."""
    return {"about": [_about(key) for key in row.about]} if row.has("about") else {}


def _about(key: str) -> list[str]:
    for name, model in ABOUT_LISTS.items():
        if find_first(model, {"key": key}):
            return [name, key]
    message = gettext("“%(key)s” is the key of nothing in %(lists)s; add it to its list or correct the key")
    raise RowError(message % {"key": key, "lists": ", ".join(ABOUT_LISTS)}, "about")


def cite_check(row: StatementRow, statement: Statement, origin: Origin) -> RowOutcome:
    """Cite the pages that the check used, with the stance that its first words give them, and the claim's sources."""
    outcome = cite(statement, row.source, origin, assertion=row.text)
    if row.has("check_source"):
        stance = _checked_stance(row.check_)
        if stance is not None:
            outcome |= cite(statement, row.check_source, origin, stance=stance, assertion=row.check_, of=CHECK_PROPERTY)
    return outcome | _save_french_citations(row, statement)


def _checked_stance(check: str) -> Stance | None:
    stance = stance_of_check(check)
    if stance is None and not check.lower().startswith("unverified"):
        message = gettext(
            "the first words of “check” do not tell what its sources do to the claim; begin it with confirmed, "
            "partly confirmed, plausible, dated, differs or unverified"
        )
        raise RowError(message, "check")
    return stance


def _save_french_citations(row: StatementRow, statement: Statement) -> RowOutcome:
    """Save the French text of citations where the row gives it, but for those that it gives whole."""
    outcome = RowOutcome.UNCHANGED
    cited = find_records(Citation, {"record_kind": statement.kind_name(), "record_id": statement.pk})
    for property_, words in (("", statement.claim_fr), (CHECK_PROPERTY, statement.check_fr)):
        whole = [get_source(citation["source"]) for citation in row.citations if citation.get("of", "") == property_]
        plain = [each for each in cited if each.property == property_ and each.source not in whole]
        for citation in plain if words else ():
            outcome |= update(citation, {"assertion_fr": words})
    return outcome


def read_about(statement: Statement) -> Values:
    """The keys of the records that a statement is about."""
    return {"about": [key for _list, key in statement.about]}


def is_plain_check(statement: Statement, citation: Citation) -> bool:
    """Whether a citation says what the claim, or the check, of its statement says."""
    assertions = (citation.assertion_en, citation.assertion_fr)
    if not citation.accepted:
        return False
    if citation.property == CHECK_PROPERTY:
        checked = (statement.check_en, statement.check_fr)
        return assertions == checked and citation.stance == stance_of_check(statement.check_en)
    claimed = (statement.claim_en, statement.claim_fr)
    return not citation.property and assertions == claimed and citation.stance == Stance.SUPPORTS


STATEMENTS = FactList(
    name="statements",
    title=_("Statements"),
    row=StatementRow,
    model=Statement,
    natural_key=("n",),
    values=statement_about,
    write_parts=cite_check,
    read_parts=read_about,
    is_plain_citation=is_plain_check,
    cited_in=(("", "source"), (CHECK_PROPERTY, "check_source")),
)


class ContradictionRow(LastingRow):
    """Two conflicting statements of sources, the records they are about, and how a person settled it."""

    topic: Annotated[str, Text(300), Described(_("Topic in English"), into="topic_en")]
    topic_fr: Annotated[str, Text(300), Described(_("Topic in French"))] = ""
    a: Annotated[str, Text(long=True), Described(_("One side, in English"), into="a_en")] = ""
    a_fr: Annotated[str, Text(long=True), Described(_("One side, in French"))] = ""
    b: Annotated[str, Text(long=True), Described(_("The other side, in English"), into="b_en")] = ""
    b_fr: Annotated[str, Text(long=True), Described(_("The other side, in French"))] = ""
    about: Annotated[Raw, Part("mappings"), Described(_("About"), _(
        "Each with “record”: [list, key], and if known “property”."), editable=False)] = ()  # fmt: skip
    settled_side: Annotated[str, Choice((("a", "a"), ("b", "b"))), Described(
        _("Side that holds"), editable=False, files_only=True)] = ""  # fmt: skip
    settled_reason: Annotated[str, Text(long=True), Described(
        _("Why it holds"), editable=False, files_only=True)] = ""  # fmt: skip
    settled_by: Annotated[str, Text(200), Described(_("Settled by"), editable=False, files_only=True)] = ""
    settled_at: Annotated[dt.datetime | None, Moment(), Described(_("Settled at"), editable=False, files_only=True)] = (
        None
    )
    source: Sources = []


def write_subjects(row: ContradictionRow, record: Contradiction, _origin: Origin) -> RowOutcome:
    """Write the records that a contradiction is about."""
    outcome = RowOutcome.UNCHANGED
    for subject in row.about or []:
        outcome |= _write_subject(record, subject)
    return outcome


def _write_subject(record: Contradiction, subject: Json) -> RowOutcome:
    if not isinstance(subject, dict) or not isinstance(subject.get("record"), list):
        message = gettext("each of “about” must be a mapping with “record”: [list, key], and if known “property”")
        raise RowError(message, "about")
    name, *identity = subject["record"]
    target = find_record(name, *identity)
    if target is None:
        message = gettext("no record of “%(list)s” has the key %(key)s; correct it")
        raise RowError(message % {"list": name, "key": " ".join(map(str, identity))}, "about")
    where = {"record_kind": target._meta.label_lower, "record_id": target.pk, "property": subject.get("property", "")}
    return upsert(ContradictionSubject, {"contradiction": record, **where}, {})[1]


def read_subjects(record: Contradiction) -> Values:
    """The records that a contradiction is about, each as its list and its natural key."""
    about = [_subject_row(subject) for subject in find_records(ContradictionSubject, {"contradiction": record})]
    return {"about": [row for row in about if row]}


def _subject_row(subject: ContradictionSubject) -> Values | None:
    """A subject as the list and the natural key of its record; `None` where no list holds records of its kind."""
    for fact_list in FACT_LISTS.values():
        if fact_list.model.kind_name() == subject.record_kind:
            record = fact_list.records().filter(pk=subject.record_id).first()
            return _named_subject(fact_list, record, subject.property) if record else None
    return None


def _named_subject(fact_list: AnyFactList, record: Model, property_: str) -> Values:
    """A record by its natural key, or by its lasting key where another record has the beginning of the natural one."""
    identity = fact_list.identity(record)
    if fact_list.find(*identity) != record:
        identity = [str(record.serializable_value("uid"))]
    return {"record": [fact_list.name, *identity]} | ({"property": property_} if property_ else {})


CONTRADICTIONS = FactList(
    name="contradictions",
    title=_("Contradictions"),
    row=ContradictionRow,
    model=Contradiction,
    natural_key=("topic",),
    write_parts=write_subjects,
    read_parts=read_subjects,
)

# Contradictions may speak of records of every list, so they come last.
register_lists(STATEMENTS, CONTRADICTIONS)
