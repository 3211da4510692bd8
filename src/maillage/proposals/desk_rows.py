"""What waits on the desk: open proposals of change for those who write the fact, documents for its other parties."""

import functools
import operator
from collections.abc import Collection, Iterable, Iterator

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext

from maillage.core.actors import OFFICER
from maillage.core.models import Citation
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.security.visibility import organisation_ids_by_record, visible_records, visible_through
from maillage.desk.providers import DeskKind, DeskReader, DeskRow, desk_rows
from maillage.proposals.models import Proposal, ProposalState
from maillage.register.fact_addresses import fact_address


@desk_rows(DeskKind("proposal", gettext_lazy("Proposal"), "pen"))
def open_proposals(reader: DeskReader) -> Iterator[DeskRow]:
    """The proposals that wait for whoever writes their list, or for officers where it concerns nobody else."""
    found = Proposal.objects.visible_to(reader.actor).in_state(ProposalState.OPEN).filter(_waits_for(reader))
    for proposal in reader.first(found.select_related("proposer").order_by("due_on", "pk"), "proposal"):
        roles = FACT_LISTS[proposal.list_name].writers if proposal.list_name in FACT_LISTS else ()
        mandated = frozenset(roles) - {OFFICER} if proposal.readers else frozenset()
        yield DeskRow(
            kind="proposal",
            number=proposal.pk,
            title=proposal.title,
            url=reverse("proposal", args=[proposal.pk]),
            act=pgettext("act on the desk", "Answer"),
            roles=mandated or frozenset({OFFICER}),
            organisation_ids=tuple(proposal.readers),
            about=str(proposal.get_kind_display()),
            due=proposal.due_on,
            since=proposal.proposed_at,
        )


def _waits_for(reader: DeskReader) -> Q:
    condition = Q(pk__in=())
    if reader.attended is None and reader.actor.is_officer:
        condition |= Q(readers=[]) | Q(list_name__in=_lists_of_officers())
    for fact_list in FACT_LISTS.values():
        reach = reader.reach(*(set(fact_list.writers) - {OFFICER}))
        if reader.attended is not None:
            condition |= Q(list_name=fact_list.name) & ~Q(readers=[]) & ~Q(readers__overlap=sorted(reach))
        elif reach:
            condition |= Q(list_name=fact_list.name, readers__overlap=sorted(reach))
    return condition


@desk_rows(DeskKind("document", gettext_lazy("Document"), "check"))
def documents_to_accept(reader: DeskReader) -> Iterator[DeskRow]:
    """What an organisation cites about itself, for the other parties of the fact, or for officers where it has none."""
    waiting = Citation.objects.filter(accepted=False, brought_by__isnull=False)
    kinds = set(waiting.order_by().values_list("record_kind", flat=True).distinct())
    for fact_list in FACT_LISTS.values():
        if fact_list.model.kind_name() in kinds:
            kinds.remove(fact_list.model.kind_name())
            yield from _documents_of_list(fact_list, waiting, reader)


def _documents_of_list(fact_list: AnyFactList, waiting: QuerySet[Citation], reader: DeskReader) -> Iterator[DeskRow]:
    model: type[Model] = fact_list.model
    roles = frozenset(fact_list.writers) - {OFFICER}
    records = visible_records(model, reader.actor)
    cited = waiting.filter(record_kind=fact_list.model.kind_name(), record_id__in=records.values("pk"))
    cited = cited.filter(_waits_to_be_accepted(reader, model, roles))
    citations = reader.first(cited.select_related("source").order_by("pk"), "document")
    ids = {citation.record_id for citation in citations}
    by_id, parties = records.in_bulk(ids), organisation_ids_by_record(model, ids)
    for citation in citations:
        record, others = by_id.get(citation.record_id), parties[citation.record_id] - {citation.brought_by}
        if record is None:
            continue  # The fact was withdrawn, or hidden from the reader, since its citations were read.
        yield DeskRow(
            kind="document",
            number=citation.pk,
            title=str(citation.source),
            url=f"{fact_address(record)}#sources",
            act=pgettext("act on the desk", "Accept"),
            roles=roles if others else frozenset({OFFICER}),
            organisation_ids=tuple(sorted(others)),
            about=str(record),
        )


def _waits_to_be_accepted(reader: DeskReader, model: type[Model], roles: Collection[str]) -> Q:
    """The condition that the reader may accept a citation, or with `attended` that no other party of its fact can.

    Asked of the database, lest the first documents that a desk holds be those of others.
    """
    others = [_other_parties(model, path) for path in visible_through(model)]
    any_party = _any(Q(Exists(parties)) for parties in others)
    own_party = _any(Q(Exists(parties.filter(other_party__in=reader.reach(*roles)))) for parties in others)
    if reader.attended is not None:
        return any_party & ~own_party
    if reader.actor.is_officer:
        return own_party | ~any_party
    # Who acts for the organisation that cites a document, by whichever mandate, does not accept it for another.
    return own_party & ~Q(brought_by__in=reader.actor.reach)


def _other_parties(model: type[Model], path: str) -> QuerySet[Model]:
    """The organisations (`other_party`) at a path from the fact of a citation, without the one that cites."""
    records: QuerySet[Model] = model._default_manager.filter(pk=OuterRef("record_id"))
    parties: QuerySet[Model] = records.order_by().annotate(other_party=F(path)).exclude(other_party=None)
    return parties.exclude(other_party=OuterRef("brought_by"))


def _any(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.or_, conditions, Q(pk__in=()))


def _lists_of_officers() -> list[str]:
    return [fact_list.name for fact_list in FACT_LISTS.values() if set(fact_list.writers) <= {OFFICER}]
