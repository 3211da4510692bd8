"""The lists of statements and of contradictions."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import Actor
from maillage.core.addresses import record_address
from maillage.core.folded_text import FoldedText
from maillage.core.models import Contradiction
from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import Filter, distinct_values_filter, missing_value_filter
from maillage.listing.listing import FactRow, Listing, non_empty_rows, register_listing
from maillage.listing.sorts import Sort, localised_sort_key
from maillage.listing.values import LocalisedText, Records, Text, localised_text
from maillage.publishing.models import Statement, ecosystem_address
from maillage.publishing.queries import marked_sentences
from maillage.publishing.sentences import is_written_here

# The statuses of a first check in the file of statements; an unknown status is shown as it is.
_FILE_STATUSES: dict[str, Text] = {
    "confirmed": _("confirmed"),
    "partly-confirmed": _("partly confirmed"),
    "not-checked": _("not checked"),
    "unverified": _("could not be verified"),
    "stale-or-dated": _("out of date"),
    "contradicted-or-inconsistent": _("contradicted or inconsistent"),
}


def file_status_words(status: str) -> Text:
    """The status that the file gives a claim, in the reader's language."""
    return _FILE_STATUSES.get(status, status)


def _claim_link(statement: Statement) -> LocalisedText | None:
    if statement.reads_as:
        return LocalisedText(statement.reads_as, statement.get_absolute_url())
    return localised_text(statement, "claim", statement.get_absolute_url())


def _fill_in_sentences(statements: Sequence[Statement], actor: Actor, day: dt.date) -> None:
    """Let the sentences that were written here, whose claims have no values, say what they say on that day."""
    rows = [statement for statement in statements if is_written_here(statement)]
    marked = marked_sentences(rows, actor=actor, day=day, today=timezone.localdate())
    for row in rows:
        row.reads_as = marked[row.number].evaluated.text


def _page_link(statement: Statement) -> LocalisedText | str:
    """A link to the sentence on the ecosystem page, with its explanation open; empty where it is on none."""
    if statement.section is None:
        return ""
    address = ecosystem_address(statement.section.organisation)
    return LocalisedText(str(_("on the ecosystem page")), f"{address}?why={statement.number}#why")


def _statement_facts(statement: Statement) -> list[FactRow]:
    claim = None if is_written_here(statement) else localised_text(statement, "claim")
    return non_empty_rows(
        FactRow("claim", _("Claim as first read"), claim),
        FactRow("", _("Published"), _page_link(statement)),
        FactRow("", _("Section"), localised_text(statement.section, "title") if statement.section else ""),
        FactRow("check", _("What the check found"), localised_text(statement, "check")),
        FactRow("", _("First check"), file_status_words(statement.file_status)),
    )


STATEMENTS = register_listing(
    Listing(
        name="statements",
        searchable=False,
        model=Statement,
        title=_("Statements"),
        singular=_("statement"),
        intro=_("The sentences of the ecosystem pages, as first read, each with its sources."),
        columns=(
            Column("claim", _("Claim as first read"), _claim_link),
            Column("number", _("Number"), lambda statement: statement.number, figure=True),
            Column("section", _("Section"), lambda s: localised_text(s.section, "title") if s.section else ""),
            Column("status", _("First check"), lambda statement: file_status_words(statement.file_status)),
            *data_columns(file_status=lambda statement: statement.file_status),
        ),
        sorts=(
            Sort("number", _("by number"), ("number",)),
            Sort("claim", _("by text"), (localised_sort_key("claim"),)),
        ),
        filters=(
            distinct_values_filter("status", _("First check"), "file_status", Statement, file_status_words),
            missing_value_filter("unpublished", _("On no page"), "section"),
        ),
        organisation_paths=("section__organisation",),
        text=(FoldedText("claim_en"), FoldedText("claim_fr"), FoldedText("check_en"), FoldedText("check_fr")),
        slug="number",
        select_related=("section__organisation",),
        heading=lambda s: _("Statement %(number)s") % {"number": s.number},
        facts=_statement_facts,
        prepare=_fill_in_sentences,
    )
)


def _topic(contradiction: Contradiction) -> LocalisedText | None:
    return localised_text(contradiction, "topic", record_address("contradictions", contradiction.pk))


def _state(contradiction: Contradiction) -> object:
    return _("open") if contradiction.is_open else _("settled")


def _by_state(records: Records, value: str) -> Records:
    return records.filter(settled_side="") if value == "open" else records.exclude(settled_side="")


CONTRADICTIONS = register_listing(
    Listing(
        name="contradictions",
        searchable=False,
        model=Contradiction,
        title=_("Contradictions"),
        singular=_("contradiction"),
        intro=_("Where sources disagree. Both sides stay visible, also after a person has settled it with a reason."),
        columns=(
            Column("topic", _("Topic"), _topic),
            Column("a", _("One side"), lambda contradiction: localised_text(contradiction, "a")),
            Column("b", _("The other side"), lambda contradiction: localised_text(contradiction, "b")),
            Column("state", _("State"), _state),
            *data_columns(
                settled_side=lambda contradiction: contradiction.settled_side,
                settled_reason=lambda contradiction: contradiction.settled_reason,
                settled_at=lambda contradiction: contradiction.settled_at,
            ),
        ),
        sorts=(
            Sort("state", _("open first"), ("settled_side", localised_sort_key("topic"))),
            Sort("topic", _("by topic"), (localised_sort_key("topic"),)),
        ),
        filters=(Filter("state", _("State"), lambda: [("open", _("open")), ("settled", _("settled"))], _by_state),),
        heading=lambda contradiction: localised_text(contradiction, "topic"),
        text=(
            FoldedText("topic_en"),
            FoldedText("topic_fr"),
            FoldedText("a_en"),
            FoldedText("b_en"),
            FoldedText("a_fr"),
            FoldedText("b_fr"),
        ),
    )
)
