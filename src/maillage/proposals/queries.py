"""Proposals that an actor may read or answer, and what the register says of their facts now."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Model, Q
from django.utils import timezone

from maillage.core.actions.facts import may_write, organisations_of_values
from maillage.core.actors import OFFICER, Actor
from maillage.core.models import WithdrawnFact
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.values import Values
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import Visibility, organisation_ids_of
from maillage.people.queries import mandate_holder_ids
from maillage.proposals.models import Proposal, ProposalQuerySet, ProposalState
from maillage.proposals.proposed_values import ProposedField, compare_values

_MAX_SHOWN = 20


def proposals_to_answer(actor: Actor, at: dt.datetime) -> ProposalQuerySet:
    """The proposals, answered or not, that this actor may answer: officers all, others those of lists they write."""
    confirmed = Proposal.objects.exclude(state=ProposalState.UNCONFIRMED)
    if actor.is_officer:
        return confirmed
    names = [fact_list.name for fact_list in FACT_LISTS.values() if may_write(fact_list, actor, at)]
    return confirmed.filter(readers__overlap=sorted(actor.reach), list_name__in=names)


def may_answer(actor: Actor, at: dt.datetime, proposal: Proposal) -> bool:
    """Whether the actor is one of those who answer a proposal."""
    return proposals_to_answer(actor, at).filter(pk=proposal.pk).exists()


def organisations_concerned(proposal: Proposal) -> set[int]:
    """The ids of the organisations whose managers may answer: those of the fact; none if only named persons read it."""
    fact_list = FACT_LISTS[proposal.list_name]
    if proposal.fact_uid is None:
        return organisations_of_values(fact_list, proposal.values)
    record = find_fact(fact_list, proposal)
    if record is None or getattr(record, "visibility", "") == Visibility.NAMED:
        return set()
    return set(organisation_ids_of(type(record), record.pk))


def answering_person_ids(proposal: Proposal, at: dt.datetime) -> set[int]:
    """The persons who are told: those with a mandate by which they may answer, or else the officers of the site."""
    roles, day = FACT_LISTS[proposal.list_name].writers, timezone.localdate(at)
    mandated = mandate_holder_ids(set(roles) - {OFFICER}, proposal.readers, day)
    return mandated or mandate_holder_ids((OFFICER,), (), day)


def find_fact(fact_list: AnyFactList, proposal: Proposal, actor: Actor | None = None) -> Model | None:
    """The fact that a proposal is about, if the actor may read it; `None` also for a new fact."""
    if proposal.fact_uid is None:
        return None
    records = fact_list.records()
    if actor is not None and hasattr(records, "visible_to"):
        records = records.visible_to(actor)
    return records.filter(uid=proposal.fact_uid).first()


@dataclass(frozen=True, slots=True)
class ProposalOnFact:
    """A proposal beside its fact as it is now.

    `record` is `None` for a new fact, and for one that was `withdrawn` or that the reader may not see. `fields` are
    those of the proposal, `others` the open proposals on the same fact, the first ones first.
    """

    proposal: Proposal
    fact_list: AnyFactList
    record: Model | None
    withdrawn: WithdrawnFact | None
    fields: list[ProposedField]
    others: list[Proposal]

    @property
    def is_gone(self) -> bool:
        """Whether the fact is no longer there to be changed."""
        return self.proposal.fact_uid is not None and self.proposal.is_open and self.record is None

    @property
    def merged_into(self) -> Model | None:
        """The record into which that of the fact was merged."""
        return getattr(self.record, "merged_into", None)

    @property
    def may_be_accepted(self) -> bool:
        return self.proposal.is_open and not self.is_gone and self.merged_into is None

    @property
    def moved(self) -> list[ProposedField]:
        """The fields that were changed since the proposal, otherwise than it proposes."""
        return [field for field in self.fields if self.proposal.is_open and field.has_moved]

    @property
    def rivals(self) -> list[Proposal]:
        """The other open proposals on one of the same fields."""
        keys = {field.field.key for field in self.fields if field.field.name != "source"}
        return [other for other in self.others if keys & set(other.values)]


def proposal_on_fact(proposal: Proposal, actor: Actor) -> ProposalOnFact:
    """A proposal beside its fact, as far as the actor may read it."""
    fact_list = FACT_LISTS[proposal.list_name]
    record = find_fact(fact_list, proposal, actor)
    now: Values = fact_list.to_row(record) if record is not None else dict(proposal.before)
    return ProposalOnFact(
        proposal,
        fact_list,
        record,
        _withdrawal(proposal) if record is None else None,
        compare_values(fact_list, proposal.values, proposal.before, now),
        list(_others(proposal, actor)),
    )


def _withdrawal(proposal: Proposal) -> WithdrawnFact | None:
    """The withdrawal of the fact, which those who answer for it may know of."""
    if proposal.fact_uid is None:
        return None
    with read_everything():
        withdrawn = WithdrawnFact.objects.filter(uid=proposal.fact_uid, restored_at=None)
        return withdrawn.order_by("-withdrawn_at", "-pk").first()


def _others(proposal: Proposal, actor: Actor) -> ProposalQuerySet:
    if proposal.fact_uid is None:
        return Proposal.objects.none()
    same_fact = Q(fact_uid=proposal.fact_uid, state=ProposalState.OPEN)
    return Proposal.objects.visible_to(actor).filter(same_fact).exclude(pk=proposal.pk).order_by("pk")[:_MAX_SHOWN]
