"""Statements from files: the claims with their checks, and the sentences in which they are told."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.community.models import Agreement, Event
from maillage.kernel.actions import action
from maillage.kernel.actors import OFFICER, Actor
from maillage.kernel.exporting import texts
from maillage.kernel.loading import BadFile, ListLoader, Outcome, Refused, Row, cite, given, upsert
from maillage.kernel.models import Citation, Stance
from maillage.labels.models import Label
from maillage.offers.models import Offer
from maillage.publishing.models import Section, Statement
from maillage.publishing.sentences import Entry, read_sections
from maillage.register.models import Organisation
from maillage.ventures.models import Startup

# The lists in which a key of `about` is looked for, in this order: a start-up is first of all an organisation.
ABOUT_LISTS: dict[str, type[Any]] = {
    "organisations": Organisation,
    "labels": Label,
    "agreements": Agreement,
    "events": Event,
    "offers": Offer,
    "startups": Startup,
}
# The property under which the sources of a check are cited; those of the claim itself have none.
CHECK = "check"

# What a check does to its claim, read from the words it begins with; the first line that fits decides. The status of
# the row plays no part: it is kept to compare with the mark that follows from the citations.
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


def stance_of(check: str) -> Stance | None:
    """The stance that a check's leading words give its sources; `None` where they vouch for nothing."""
    return next((stance for words, stance in STANCES if words.match(check)), None)


def write_statement(row: Row) -> Outcome:
    """One row of `statements`: the claim with the page that makes it, and the check with the pages it was made on."""
    values: dict[str, Any] = given(row, **_TEXTS)
    if "about" in row.values:
        values["about"] = [_about(key) for key in row.texts("about")]
    statement, outcome = upsert(Statement, {"number": _number(row)}, values)
    outcome |= cite(row, statement, says=row.text("text")) | _cite_check(row, statement)
    return outcome | _say_in_french(statement)


def _number(row: Row) -> int:
    number = row.values["n"]
    if not isinstance(number, int) or number < 1:
        raise Refused(_("“n” must be a number from 1, not “%(value)s”") % {"value": number}, "n")
    return number


def _about(key: str) -> list[str]:
    for name, model in ABOUT_LISTS.items():
        if model.objects.filter(key=key).exists():
            return [name, key]
    told = _("“%(key)s” is the key of nothing in %(lists)s; add it to its list or correct the key")
    raise Refused(told % {"key": key, "lists": ", ".join(ABOUT_LISTS)}, "about")


def _cite_check(row: Row, statement: Statement) -> Outcome:
    if "check_source" not in row.values:
        return Outcome.UNCHANGED
    check = row.text("check")
    stance = stance_of(check)
    if stance is not None:
        return cite(row, statement, name="check_source", stance=stance, says=check, of=CHECK)
    if not check.lower().startswith("unverified"):
        told = _(
            "the first words of “check” do not tell what its sources do to the claim; begin it with confirmed, "
            "partly confirmed, plausible, dated, differs or unverified"
        )
        raise Refused(told, "check")
    return Outcome.UNCHANGED


def _say_in_french(statement: Statement) -> Outcome:
    """What the citations say, in French where the row gives it."""
    outcome = Outcome.UNCHANGED
    cited = Citation.objects.filter(record_kind=statement.kind_name(), record_id=statement.pk)
    for property_, words in (("", statement.claim_fr), (CHECK, statement.check_fr)):
        if words and cited.filter(property=property_).exclude(says_fr=words).update(says_fr=words):
            outcome = Outcome.UPDATED
    return outcome


def statement_row(statement: Statement) -> dict[str, Any]:
    """The row of `statements` that would make this one."""
    cited = Citation.objects.filter(record_kind=statement.kind_name(), record_id=statement.pk, property=CHECK)
    sources = list(cited.order_by("pk").values_list("source__url", flat=True))
    row = {"n": statement.number, **texts(statement, _TEXTS), "about": [key for _list, key in statement.about]}
    return row | ({"check_source": sources} if sources else {})


STATEMENTS = ListLoader(
    name="statements",
    model=Statement,
    identity=("n",),
    lookup=("number",),
    fields=frozenset({*_TEXTS.values(), "n", "about", "check_source", "source"}),
    write=write_statement,
    row_of=statement_row,
)


@dataclass(slots=True)
class Published:
    """What became of a file of sentences."""

    told: int = 0
    changed: int = 0
    withdrawn: int = 0


@action(OFFICER, title=gettext_lazy("Publish the sentences of the ecosystem page"), over_api=False)
def publish_sentences(*, actor: Actor, at: dt.datetime, path: Path) -> Published:
    """Tell the statements in the sentences of a file, in its order; a statement without one is no longer told.

    Raises `BadFile` with every problem and its line; nothing is changed then.
    """
    sections = read_sections(path)
    statements = {statement.number: statement for statement in Statement.objects.select_related("section")}
    unknown = [entry for section in sections for entry in section.entries if entry.number not in statements]
    if unknown:
        place = f"{path}:{unknown[0].line}"
        raise BadFile(f"{place}: there is no statement {unknown[0].number}; load it first or correct “n”")
    published = Published()
    for position, entry in enumerate(sections):
        identity, titles = {"key": entry.key}, {"title_fr": entry.title_fr, "title_en": entry.title_en}
        section, _outcome = upsert(Section, identity, {**titles, "position": position})
        for order, sentence in enumerate(entry.entries):
            _tell(statements.pop(sentence.number), section, order, sentence, published)
    _withdraw(statements, published)
    Section.objects.exclude(key__in=[section.key for section in sections]).delete()
    return published


def _tell(statement: Statement, section: Section, position: int, entry: Entry, published: Published) -> None:
    bind, holds = entry.values.get("bind") or {}, entry.values["holds"]
    values = {"section": section, "position": position, "bind": bind, "holds": holds, "sentence": entry.templates()}
    published.told += 1
    published.changed += _change(statement, values)


def _withdraw(statements: dict[int, Statement], published: Published) -> None:
    for statement in statements.values():
        published.withdrawn += _change(statement, {"section": None, "bind": {}, "holds": {}, "sentence": {}})


def _change(statement: Statement, values: dict[str, Any]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(statement, name) != value}
    for name, value in changed.items():
        setattr(statement, name, value)
    if changed:
        statement.save(update_fields=list(changed))
    return bool(changed)
