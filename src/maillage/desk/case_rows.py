"""The rows of cases: whoever may apply a transition in the state of the case is waited for."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.actors import MANDATED_ROLES
from maillage.desk.providers import (
    DESK_KINDS,
    MAX_ROWS_OF_KIND,
    DeskKind,
    DeskReader,
    DeskRow,
    case_addresses,
    desk_rows,
)
from maillage.register.queries import short_names
from maillage.workflow.models import Case, concerning_q, waits_for_q
from maillage.workflow.queries import order_by_urgency


@desk_rows(DeskKind("case", gettext_lazy("Case"), "folder"))
def waiting_cases(reader: DeskReader) -> Iterator[DeskRow]:
    """The running cases that wait for a role of the reader."""
    cases = Case.objects.visible_to(reader.actor).running().filter(_waits_for(reader)).select_related("definition")
    found = list(order_by_urgency(cases)[:MAX_ROWS_OF_KIND])
    names = short_names([case.organisation_id for case in found if case.organisation_id], actor=reader.actor)
    own_roles = reader.actor.roles | {mandate.role for mandate in reader.mandates}
    roles = own_roles if reader.attended is None else frozenset(MANDATED_ROLES)
    addresses = case_addresses(found)
    for case in found:
        yield _case_row(case, addresses[case.pk], names.get(case.organisation_id or 0, ""), roles)


def _waits_for(reader: DeskReader) -> Q:
    by_site_role = Q(roles__overlap=sorted(reader.actor.roles))
    if reader.attended is not None:
        return ~by_site_role & _waits_for_nobody(reader)
    condition = by_site_role
    for role in {mandate.role for mandate in reader.mandates}:
        condition |= waits_for_q(role, reader.reach(role))
    return condition


def _waits_for_nobody(reader: DeskReader) -> Q:
    condition = Q(roles__overlap=sorted(MANDATED_ROLES))
    for role in MANDATED_ROLES:
        condition &= ~(Q(roles__contains=[role]) & concerning_q(reader.reach(role)))
    return condition


def _case_row(case: Case, address: str, organisation: str, roles: frozenset[str]) -> DeskRow:
    process = case.definition.name
    return DeskRow(
        kind=process if process in DESK_KINDS else "case",
        number=case.pk,
        title=case.title,
        url=address,
        act=_first_act(case, roles),
        roles=frozenset(case.roles),
        organisation_ids=tuple(case.organisation_ids),
        about=" · ".join(filter(None, (str(case.current_state.title), organisation))),
        due=case.due_day,
        since=case.entered_at,
    )


def _first_act(case: Case, roles: frozenset[str]) -> str:
    """The first transition of its state that one of the roles may apply."""
    leaving = case.definition.definition.leaving(case.state)
    return next((str(transition.title) for transition in leaving if roles & set(transition.roles)), _("Open"))
