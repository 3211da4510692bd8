"""How statements and contradictions are listed, exported and shown."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.kernel.addresses import record_address
from maillage.kernel.listing import (
    Column,
    FactRow,
    Filter,
    Folded,
    Listing,
    Records,
    Said,
    Sort,
    Text,
    data_columns,
    distinct,
    present,
    register,
    said,
    spoken,
)
from maillage.kernel.models import Contradiction
from maillage.publishing.models import Statement

# The file's own words for what a first check found; another word of a later file is shown as it stands.
_FILE_STATUSES: dict[str, Text] = {
    "confirmed": _("confirmed"),
    "partly-confirmed": _("partly confirmed"),
    "not-checked": _("not checked"),
    "unverified": _("could not be verified"),
    "stale-or-dated": _("out of date"),
    "contradicted-or-inconsistent": _("contradicted or inconsistent"),
}


def file_status_words(status: str) -> Text:
    """What the file said of a claim, for a reader."""
    return _FILE_STATUSES.get(status, status)


def _claim(statement: Statement) -> Said | None:
    return said(statement, "claim", statement.get_absolute_url())


def _told(statement: Statement) -> Said:
    """Where the sentence stands, opened on what it rests on."""
    return Said(str(_("on the ecosystem page")), f"{reverse('home')}?why={statement.number}#why")


def _statement_facts(statement: Statement) -> list[FactRow]:
    return present(
        FactRow("claim", _("Claim as first read"), said(statement, "claim")),
        FactRow("", _("Told"), _told(statement)),
        FactRow("", _("Told under"), said(statement.section, "title") if statement.section else ""),
        FactRow("check", _("What the check found"), said(statement, "check")),
        FactRow("", _("First check"), file_status_words(statement.file_status)),
    )


STATEMENTS = register(
    Listing(
        name="statements",
        model=Statement,
        title=_("Statements"),
        one=_("statement"),
        intro=_("The sentences of the ecosystem page, as first read, each with its sources."),
        columns=(
            Column("claim", _("Claim as first read"), _claim),
            Column("number", _("Number"), lambda statement: statement.number, figure=True),
            Column("section", _("Told under"), lambda s: said(s.section, "title") if s.section else ""),
            Column("status", _("First check"), lambda statement: file_status_words(statement.file_status)),
            *data_columns(file_status=lambda statement: statement.file_status),
        ),
        sorts=(
            Sort("number", _("by number"), ("number",)),
            Sort("claim", _("by text"), (spoken("claim"),)),
        ),
        filters=(distinct("status", _("First check"), "file_status", Statement, file_status_words),),
        text=(Folded("claim_en"), Folded("claim_fr"), Folded("check_en"), Folded("check_fr")),
        slug="number",
        select_related=("section",),
        heading=lambda s: _("Statement %(number)s") % {"number": s.number},
        facts=_statement_facts,
    )
)


def _topic(contradiction: Contradiction) -> Said | None:
    return said(contradiction, "topic", record_address("contradictions", contradiction.pk))


def _state(contradiction: Contradiction) -> object:
    return _("open") if contradiction.is_open else _("settled")


def _by_state(records: Records, value: str) -> Records:
    return records.filter(settled_side="") if value == "open" else records.exclude(settled_side="")


CONTRADICTIONS = register(
    Listing(
        name="contradictions",
        model=Contradiction,
        title=_("Contradictions"),
        one=_("contradiction"),
        intro=_("Where sources disagree. Both sides stay visible, also after a person has settled it with a reason."),
        columns=(
            Column("topic", _("Topic"), _topic),
            Column("a", _("One side"), lambda contradiction: said(contradiction, "a")),
            Column("b", _("The other side"), lambda contradiction: said(contradiction, "b")),
            Column("state", _("State"), _state),
            *data_columns(
                settled_side=lambda contradiction: contradiction.settled_side,
                settled_reason=lambda contradiction: contradiction.settled_reason,
                settled_at=lambda contradiction: contradiction.settled_at,
            ),
        ),
        sorts=(
            Sort("state", _("open first"), ("settled_side", spoken("topic"))),
            Sort("topic", _("by topic"), (spoken("topic"),)),
        ),
        filters=(Filter("state", _("State"), lambda: [("open", _("open")), ("settled", _("settled"))], _by_state),),
        heading=lambda contradiction: said(contradiction, "topic"),
        text=(Folded("topic_en"), Folded("topic_fr"), Folded("a_en"), Folded("b_en"), Folded("a_fr"), Folded("b_fr")),
    )
)
