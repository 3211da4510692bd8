"""The rows of cases: whoever may apply a transition in the state of the case is waited for."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.actors import MANDATED_ROLES
from maillage.desk.providers import (
    CASE_KINDS,
    CasePage,
    DeskKind,
    DeskReader,
    DeskRow,
    case_page_by_id,
    desk_rows,
)
from maillage.workflow.models import Case, concerning_q, waits_for_q
from maillage.workflow.queries import order_by_urgency


@desk_rows(DeskKind("case", gettext_lazy("Case"), "folder"))
def waiting_cases(reader: DeskReader) -> Iterator[DeskRow]:
    """The running cases that wait for a role of the reader."""
    cases = Case.objects.visible_to(reader.actor).running().filter(_waits_for(reader)).select_related("definition")
    found = reader.first(order_by_urgency(cases), "case", *CASE_KINDS)
    own_roles = reader.actor.roles | {mandate.role for mandate in reader.mandates}
    roles = own_roles if reader.attended is None else frozenset(MANDATED_ROLES)
    pages = case_page_by_id(found, reader.actor)
    for case in found:
        yield _case_row(case, pages[case.pk], roles)


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


def _case_row(case: Case, page: CasePage, roles: frozenset[str]) -> DeskRow:
    process = case.definition.name
    return DeskRow(
        kind=process if process in CASE_KINDS else "case",
        number=case.pk,
        title=case.title,
        url=page.url,
        act=_first_act(case, roles),
        roles=frozenset(case.roles),
        organisation_ids=tuple(case.organisation_ids),
        about=" · ".join(filter(None, (page.about, str(case.current_state.title)))),
        due=case.due_day,
        since=case.entered_at,
    )


def _first_act(case: Case, roles: frozenset[str]) -> str:
    """The first transition that one of the roles may apply; one to another state rather than one that stays."""
    allowed = [one for one in case.definition.definition.leaving(case.state) if roles & set(one.roles)]
    allowed.sort(key=lambda transition: transition.target == case.state)
    return str(allowed[0].title) if allowed else _("Open")
