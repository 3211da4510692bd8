"""What a proposal changes, in words: for those who answer it, and for who proposed it."""

from collections.abc import Iterator
from dataclasses import dataclass

from maillage.core.request import Request
from maillage.core.rows.list_register import FACT_LISTS
from maillage.proposals.models import Proposal
from maillage.proposals.proposed_values import ProposedField
from maillage.proposals.queries import ProposalOnFact
from maillage.web.facts.changes import Change, row_changes, value_words


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A field of a proposal in words.

    `before` is what was there when it was proposed, `replaced` what the proposal replaces: the value of now while it
    waits, and that of then once it is answered, as the fact may say by now what was proposed.
    """

    title: str
    before: str
    replaced: str
    proposed: str
    has_moved: bool
    is_done: bool


def proposed_changes(request: Request, on_fact: ProposalOnFact) -> Iterator[ProposedChange]:
    """The fields of a proposal, each with what it replaces."""
    for field in on_fact.fields:
        if field.field.name == "source":
            words = value_words(request, field.field, field.proposed)
            yield ProposedChange(field.field.title, "", "", words, has_moved=False, is_done=False)
        else:
            yield _change(request, field, is_open=on_fact.proposal.is_open)


def _change(request: Request, field: ProposedField, *, is_open: bool) -> ProposedChange:
    before, now, proposed = (
        value_words(request, field.field, value) for value in (field.before, field.now, field.proposed)
    )
    replaced = now if is_open else before
    return ProposedChange(field.field.title, before, replaced, proposed, field.has_moved, field.is_done)


def written_otherwise(request: Request, proposal: Proposal) -> list[Change]:
    """What was written instead of what was proposed, if the two differ."""
    if proposal.written is None or proposal.written == proposal.values:
        return []
    return list(row_changes(request, FACT_LISTS[proposal.list_name], proposal.before, proposal.written))
