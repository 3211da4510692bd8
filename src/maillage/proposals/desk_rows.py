"""What waits on the desk: open proposals of change, for those who may write the fact."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext

from maillage.core.actors import OFFICER
from maillage.core.rows.list_register import FACT_LISTS
from maillage.desk.providers import MAX_ROWS_OF_KIND, DeskKind, DeskReader, DeskRow, desk_rows
from maillage.proposals.models import Proposal, ProposalState


@desk_rows(DeskKind("proposal", gettext_lazy("Proposal"), "pen"))
def open_proposals(reader: DeskReader) -> Iterator[DeskRow]:
    """The proposals that wait for whoever writes their list, or for officers where it concerns nobody else."""
    found = Proposal.objects.visible_to(reader.actor).in_state(ProposalState.OPEN).filter(_waits_for(reader))
    for proposal in found.select_related("proposer").order_by("due_on", "pk")[:MAX_ROWS_OF_KIND]:
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


def _lists_of_officers() -> list[str]:
    return [fact_list.name for fact_list in FACT_LISTS.values() if set(fact_list.writers) <= {OFFICER}]
