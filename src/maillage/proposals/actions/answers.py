"""Answers to proposals of change, by those who may write the fact."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actions.facts import (
    WRITERS,
    correct_fact,
    end_fact,
    list_for,
    record_fact,
    withdraw_fact,
)
from maillage.core.actors import Actor
from maillage.core.models import LastingKey
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.sources import SourceInput
from maillage.core.rows.values import Values
from maillage.core.text import normalise_lines
from maillage.proposals.documents import keep_with_fact
from maillage.proposals.mails import queue_proposer_mail
from maillage.proposals.models import Proposal, ProposalKind, ProposalState
from maillage.proposals.proposed_values import with_made_keys
from maillage.proposals.queries import find_fact

_PROPOSAL = (Proposal.kind_name(), "proposal_id")
MAX_ANSWER_LENGTH = 5_000


def _organisations_of_proposal(*, proposal_id: int, **_rest: object) -> Iterable[int]:
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    return proposal.readers if proposal else ()


def _open_proposal(actor: Actor, at: dt.datetime, proposal_id: int) -> Proposal:
    """The proposal, locked. Raises `ActionError` unless it waits for an answer."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    list_for(actor, at, proposal.list_name)
    if proposal.state != ProposalState.OPEN:
        raise ActionError(_("This proposal is answered already, or was taken back; reload the page."))
    return proposal


@action(
    *WRITERS,
    title=gettext_lazy("Accept a proposal of change"),
    concerns=_organisations_of_proposal,
    changes=_PROPOSAL,
)
def accept_proposal(
    *,
    actor: Actor,
    at: dt.datetime,
    proposal_id: int,
    reason: Reason,
    values: Values | None = None,
    answer: str = "",
) -> Proposal:
    """Write what is proposed in the name of the actor; `values` replace those of the proposal. The proposer is told.

    A proposal in words writes nothing by itself. Raises `ActionError` as the action on the fact does.
    """
    proposal = _open_proposal(actor, at, proposal_id)
    written = proposal.values if values is None else values
    record = _apply(proposal, written, actor, at, reason)
    if record is not None:
        proposal.fact_uid, proposal.title = record.uid, str(record)[:400]
        keep_with_fact(proposal, record, actor)
    proposal.written = written
    _answer(proposal, ProposalState.ACCEPTED, actor, at, answer)
    return proposal


def _apply(proposal: Proposal, values: Values, actor: Actor, at: dt.datetime, reason: str) -> LastingKey | None:
    """Run the action of a proposal on its fact; returns the record, or `None` where nothing is written."""
    name = proposal.list_name
    if proposal.kind == ProposalKind.RECORD:
        return record_fact(actor=actor, at=at, list_name=name, values=with_made_keys(FACT_LISTS[name], values))
    if find_fact(FACT_LISTS[name], proposal, actor) is None:
        raise ActionError(_("The fact was withdrawn, or is not for you: the proposal can only be refused."))
    fact: Values = {"actor": actor, "at": at, "list_name": name, "fact_id": str(proposal.fact_uid)}
    if proposal.kind == ProposalKind.WITHDRAW:
        withdraw_fact(**fact, reason=reason)
        return None
    if proposal.kind == ProposalKind.END:
        return end_fact(**fact, reason=reason, end=_end(FACT_LISTS[name], values), source=_source(values))
    return correct_fact(**fact, reason=reason, values=values) if values else None


def _end(fact_list: AnyFactList, values: Values) -> str:
    return str(values.get(fact_list.end_field.key, "")) if fact_list.end_field else ""


def _source(values: Values) -> SourceInput:
    """The first source that is given; empty without one."""
    source: SourceInput = next(iter(values.get("source") or []), "")
    return source


def _answer(proposal: Proposal, state: str, actor: Actor, at: dt.datetime, answer: str) -> None:
    proposal.state, proposal.answer = state, normalise_lines(answer)[:MAX_ANSWER_LENGTH]
    proposal.decided_at, proposal.decided_by = at, actor.name
    proposal.save()
    queue_proposer_mail(proposal, state)


@action(
    *WRITERS,
    title=gettext_lazy("Refuse a proposal of change"),
    concerns=_organisations_of_proposal,
    changes=_PROPOSAL,
)
def refuse_proposal(*, actor: Actor, at: dt.datetime, proposal_id: int, reason: Reason) -> Proposal:
    """Leave the fact as it is; the proposer is told why."""
    proposal = _open_proposal(actor, at, proposal_id)
    _answer(proposal, ProposalState.REFUSED, actor, at, reason)
    return proposal
