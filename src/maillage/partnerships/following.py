"""What belongs to each transition of a need, however it is fired: letters leave, networks are drawn in, clocks stop."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.kernel.actors import PILOT
from maillage.kernel.processes.guards import Situation, guard
from maillage.kernel.processes.models import Case
from maillage.kernel.processes.signals import prepares
from maillage.partnerships.mails import queue_mail
from maillage.partnerships.models import (
    Address,
    AddressRole,
    Answer,
    AnswerDelay,
    Need,
    Outcome,
    TeamRequest,
    working_days_promised,
)
from maillage.partnerships.readers import let_answer
from maillage.partnerships.stating import address
from maillage.people.queries import holders
from maillage.register.queries import networks_of


@guard(
    "answer-is-written",
    title=_("an answer is written"),
    remedy=_("Write the answer on the page of the need: the requester gets it as this is done."),
    elsewhere=True,
)
def _answer_is_written(situation: Situation) -> bool:
    return _draft(situation.case) is not None


@guard(
    "teams-are-asked",
    title=_("teams are asked"),
    remedy=_("Choose the teams to ask on the page of the need."),
    elsewhere=True,
)
def _teams_are_asked(situation: Situation) -> bool:
    need = _need_of(situation.case)
    return need is not None and TeamRequest.objects.filter(need=need).exists()


def _need_of(case: Case) -> Need | None:
    if case.record_kind != Need.kind_name() or case.record_id is None:
        return None
    found: Need | None = Need.objects.filter(pk=case.record_id).first()
    return found


def _draft(case: Case) -> Answer | None:
    found: Answer | None = Answer.objects.filter(
        need=case.record_id, organisation__in=case.bodies, sent_at=None
    ).first()
    return found


@prepares("need", "answer", "redirect", "decline")
def send_the_answer(situation: Situation) -> None:
    """The answer that was written is sent; a redirected need is put before the other body."""
    need, answer = _need_of(situation.case), _draft(situation.case)
    if need is None or answer is None:
        return
    answer.sent_at = situation.at
    answer.save(update_fields=["sent_at"])
    if answer.kind == Outcome.REDIRECTED and answer.redirected_to_id:
        _pass_on(need, answer.redirected_to_id, situation)
    queue_mail(need, answer.kind, answer)


def _pass_on(need: Need, organisation_id: int, situation: Situation) -> None:
    delay = working_days_promised(organisation_id, timezone.localdate(situation.at))
    address(need, organisation_id, at=situation.at, actor=situation.actor, delay=delay)
    let_answer(need, {organisation_id})


@prepares("need", "answer", "redirect", "decline", "withdraw")
def stop_the_clock(situation: Situation) -> None:
    """The promise is kept, or broken, by the first word to the requester; later ones change nothing of that."""
    answer = Answer.objects.filter(need=situation.case.record_id, sent_at=situation.at).first()
    outcome = answer.kind if answer else Outcome.WITHDRAWN
    Address.objects.filter(case=situation.case, dealt_at=None).update(dealt_at=situation.at, outcome=outcome)


@prepares("need", "escalate")
@prepares("complaint", "escalate")
def draw_in_the_networks(situation: Situation) -> None:
    """The networks of the institute that take needs get this one before them, and know who asks."""
    case, need = situation.case, _need_of(situation.case)
    if need is None or case.organisation_id is None:
        return
    day = timezone.localdate(situation.at)
    networks = _taking_networks(case.organisation_id, day)
    case.also_for = sorted({*case.also_for, *networks})
    for network in sorted(networks):
        given = {"role": AddressRole.NETWORK, "since": situation.at}
        Address.objects.get_or_create(need=need, organisation_id=network, defaults=given)
    let_answer(need, networks)


def _taking_networks(body: int, day: dt.date) -> set[int]:
    """The networks of a body that take needs: those that promise a delay, and those that have a pilot."""
    networks = networks_of(body, day)
    taking = set(AnswerDelay.objects.possible_on(day).values_list("organisation_id", flat=True))
    return {one for one in networks if one in taking or holders((PILOT,), [one], day)}


@prepares("need", "decline")
def let_the_networks_try(situation: Situation) -> None:
    """A need that no institute takes is put before its networks that take needs, each with its own delay."""
    case, need = situation.case, _need_of(situation.case)
    if need is None or case.organisation_id is None:
        return
    had = set(need.addresses.filter(role=AddressRole.ADDRESSEE).values_list("organisation_id", flat=True))
    drawn_in = set(need.addresses.filter(role=AddressRole.NETWORK).values_list("organisation_id", flat=True))
    for network in sorted(_taking_networks(case.organisation_id, timezone.localdate(situation.at)) - had - drawn_in):
        _pass_on(need, network, situation)


@prepares("complaint", "answer", "decide")
def tell_of_the_complaint(situation: Situation) -> None:
    """The answer to a complaint stands on the requester's page; a mail says so."""
    if need := _need_of(situation.case):
        queue_mail(need, "complaint")
