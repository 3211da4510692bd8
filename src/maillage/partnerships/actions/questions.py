"""Asking the requester for more: the clock stands still until they answer."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import MANAGER, PILOT, SYSTEM, Actor
from maillage.partnerships.conversations import (
    REQUESTER_THREAD,
    WAITING,
    MessageContent,
    institute_author,
    save_message,
)
from maillage.partnerships.models import Message, Need, TeamRequest
from maillage.partnerships.need_access import lock_open_need
from maillage.partnerships.queries import addressed_organisation_ids, running_need_cases
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.models import Case


def _answering_organisations(*, need_id: int, **_others: object) -> Iterable[int]:
    return addressed_organisation_ids(need_id)


@action(MANAGER, PILOT, title=gettext_lazy("Ask the requester for more"), concerns=_answering_organisations)
def ask_requester(*, actor: Actor, at: dt.datetime, need_id: int, text: str) -> Message:
    """Ask the requester a question; the clock of the promise stands still until it is answered.

    Raises `ActionError` without a question, or where the need is not at work any more.
    """
    need, case = lock_open_need(need_id, actor)
    content = MessageContent(text)
    message = save_message(need, REQUESTER_THREAD, institute_author(need, actor), content, actor=actor, at=at)
    # A second question, or one of a network, stops nothing more.
    if stops_clock(case):
        apply_transition(actor=actor, at=at, case_id=case.pk, transition="ask")
    return message


def stops_clock(case: Case) -> bool:
    """Whether a question stops the clock of a case: a version written on this site may have no such state."""
    ask = case.definition.definition.transitions.get("ask")
    return ask is not None and case.state in ask.sources


@action(MANAGER, PILOT, title=gettext_lazy("Start the clock of a need again"), concerns=_answering_organisations)
def resume_need(*, actor: Actor, at: dt.datetime, need_id: int) -> Need:
    """Start the clock again, as after an answer by mail. Raises `ActionError` where it does not stand still."""
    need, case = lock_open_need(need_id, actor)
    if case.state != WAITING:
        raise ActionError(_("The clock of this need runs; there is nothing to start again."))
    start_clock(need, case, actor, at)
    return need


def start_clocks(need: Need, at: dt.datetime) -> None:
    """Start the clock of each case that waits for the requester, who has answered on the site."""
    for case in running_need_cases(need.pk):
        if case.state == WAITING:
            start_clock(need, case, SYSTEM, at)


def start_clock(need: Need, case: Case, actor: Actor, at: dt.datetime) -> None:
    """Put a case back to work: with the teams, if any are asked."""
    asked = TeamRequest.objects.filter(need=need).exists()
    apply_transition(actor=actor, at=at, case_id=case.pk, transition="rejoin" if asked else "resume")
