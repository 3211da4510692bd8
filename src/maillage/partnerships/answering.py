"""Dealing with a need: asking the teams, and giving the requester a proposal, a redirection, or a reasoned no."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel import wording
from maillage.kernel.actions import Forbidden, Impossible, action
from maillage.kernel.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.kernel.periods import Certainty
from maillage.kernel.processes.actions import fire
from maillage.kernel.processes.models import Case
from maillage.kernel.text import lines
from maillage.offers.models import Offer
from maillage.partnerships.composing import holders
from maillage.partnerships.models import (
    Address,
    AddressRole,
    Answer,
    Need,
    Outcome,
    Proposed,
    Requester,
    TeamRequest,
    Word,
)
from maillage.partnerships.queries import bodies_before, running_cases
from maillage.partnerships.readers import answering, let_know_who_asks
from maillage.partnerships.stating import may_be_addressed
from maillage.register.recognition import known_labels

MOST_ASKED = 30
MOST_PROPOSED = 20
LONGEST_LETTER = 20_000


@dataclass(frozen=True, slots=True)
class Brought:
    """An offer of the team proposed (its id), and the capabilities it brings (keys of concepts)."""

    offer_id: int
    brings: list[str]


def _answering(*, need_id: int, **_others: Any) -> Iterable[int]:
    return bodies_before(need_id)


def _provider_asked(*, request_id: int, **_others: Any) -> Iterable[int]:
    return TeamRequest.objects.filter(pk=request_id).values_list("offer__provider_id", flat=True)


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Ask the teams"), concerns=_answering)
def ask_teams(
    *, actor: Actor, at: dt.datetime, need_id: int, offers: list[int], message: str = ""
) -> list[TeamRequest]:
    """Ask the providers of some offers (ids) whether they take part.

    They read the need; who states it only where that is not confidential.

    Raises `Impossible` for none or too many, or for an offer that has ended.
    """
    need, case = _open(need_id, actor)
    chosen = _in_force(offers, timezone.localdate(at), MOST_ASKED, actor)
    for offer in chosen:
        readers = sorted({*answering(need), offer.provider_id})
        values = {"message": lines(message)[:LONGEST_LETTER], "asked_at": at, "readers": readers}
        TeamRequest.objects.update_or_create(need=need, offer=offer, defaults=values)
        given = {"role": AddressRole.ASKED, "since": at}
        Address.objects.get_or_create(need=need, organisation=offer.provider, defaults=given)
    if not need.is_confidential:
        let_know_who_asks(need, {offer.provider_id for offer in chosen})
    # Before the network it stays there, whoever is asked.
    if case.state in case.definition.definition.transitions["route"].sources:
        fire(actor=actor, at=at, case_id=case.pk, transition="route")
    return list(need.requests.filter(offer__in=chosen))


@action(LEAD, MANAGER, title=gettext_lazy("Reply to a request for a team"), concerns=_provider_asked)
def reply_to_request(
    *,
    actor: Actor,
    at: dt.datetime,
    request_id: int,
    takes_part: bool,
    free_from: dt.date | None = None,
    note: str = "",
) -> TeamRequest:
    """Say yes or no, and from when. It can be said anew until the need is answered. Raises `Impossible` after that."""
    request: TeamRequest = TeamRequest.objects.select_for_update(of=("self",)).select_related("need").get(pk=request_id)
    if not request.need.addresses.filter(role=AddressRole.ADDRESSEE, dealt_at=None).exists():
        raise Impossible(_("This need has been dealt with; there is nothing to reply to any more."))
    request.word = Word.YES if takes_part else Word.NO
    request.free_from, request.note, request.replied_at = free_from, note.strip()[:LONGEST_LETTER], at
    request.save()
    return request


@action(
    MANAGER,
    PILOT,
    title=gettext_lazy("Answer a need"),
    concerns=_answering,
    changes=("partnerships.need", "need_id"),
)
def answer_need(*, actor: Actor, at: dt.datetime, need_id: int, letter: str, team: list[Brought]) -> Answer:
    """Send the requester a proposal: a letter, and the offers of the team with what each brings.

    Raises `Impossible` for an empty letter or team, an offer that has ended, or a label asked for that the team no
    longer holds.
    """
    need, case = _open(need_id, actor)
    chosen = _in_force([one.offer_id for one in team], timezone.localdate(at), MOST_PROPOSED, actor)
    _refuse_unwilling(need, chosen)
    _refuse_lapsed(need, chosen, at, actor)
    answer = _written(need, case, Outcome.ANSWERED, letter, at, actor)
    asked = set(need.asked.values_list("concept", flat=True))
    brings = {one.offer_id: [key for key in dict.fromkeys(one.brings) if key in asked] for one in team}
    Proposed.objects.bulk_create(Proposed(answer=answer, offer=offer, brings=brings[offer.pk]) for offer in chosen)
    fire(actor=actor, at=at, case_id=case.pk, transition="answer")
    answer.refresh_from_db()
    return answer


@action(
    MANAGER,
    PILOT,
    title=gettext_lazy("Redirect a need"),
    concerns=_answering,
    changes=("partnerships.need", "need_id"),
)
def redirect_need(*, actor: Actor, at: dt.datetime, need_id: int, organisation_id: int, letter: str) -> Answer:
    """Pass a need on to another body that takes needs; its own delay begins, and the requester is told of both.

    Raises `Impossible` without a word to the requester, for a body that takes no needs or had this one already.
    """
    need, case = _open(need_id, actor)
    other = may_be_addressed(organisation_id, timezone.localdate(at))
    if need.addresses.filter(organisation=other, role=AddressRole.ADDRESSEE).exists():
        raise Impossible(_("%s had this need before it already; choose another body.") % other)
    answer = _written(need, case, Outcome.REDIRECTED, letter, at, actor, redirected_to=other)
    fire(actor=actor, at=at, case_id=case.pk, transition="redirect")
    answer.refresh_from_db()
    return answer


@action(
    MANAGER,
    PILOT,
    title=gettext_lazy("Decline a need"),
    concerns=_answering,
    changes=("partnerships.need", "need_id"),
)
def decline_need(*, actor: Actor, at: dt.datetime, need_id: int, reason: str) -> Answer:
    """Say why a need cannot be met. Raises `Impossible` without a reason: the requester reads it."""
    need, case = _open(need_id, actor)
    answer = _written(need, case, Outcome.DECLINED, reason, at, actor)
    fire(actor=actor, at=at, case_id=case.pk, transition="decline", reason=reason)
    answer.refresh_from_db()
    return answer


@action(title=gettext_lazy("Note that a requester cannot be reached"), over_api=False)
def note_undelivered(*, actor: Actor, at: dt.datetime, need_id: int, why: str) -> None:
    """The requester's mail server took a mail at no attempt; the institute's page of the need says so."""
    Requester.objects.filter(need=need_id).update(undelivered=why)


def _open(need_id: int, actor: Actor) -> tuple[Need, Case]:
    """The need, held until the transaction ends, and the case in which the actor deals with it. Raises `Impossible`."""
    need: Need = Need.objects.select_for_update().get(pk=need_id)
    running = running_cases(need_id)
    if not running:
        raise Impossible(_("This need has been dealt with; reload its page."))
    own = [case for case in running if actor.is_officer or actor.reach & set(case.bodies)]
    if not own:
        raise Forbidden(_("This need is before another body by now."))
    return need, own[0]


def _in_force(offers: Collection[int], day: dt.date, most: int, actor: Actor) -> list[Offer]:
    """The offers chosen, of those that the actor reads. Raises `Impossible`."""
    wanted = set(offers)
    if not 1 <= len(wanted) <= most:
        raise Impossible(_("Choose from 1 to %d offers.") % most)
    found = list(Offer.objects.visible_to(actor).filter(pk__in=wanted).select_related("provider").order_by("pk"))
    ended = [str(offer) for offer in found if offer.in_force(day) is Certainty.NO]
    if ended:
        raise Impossible(_("Ended by now: %s. Choose again.") % ", ".join(ended))
    if len(found) < len(wanted):
        raise Impossible(_("One of these offers is not there any more; choose again."))
    return found


def _refuse_unwilling(need: Need, offers: list[Offer]) -> None:
    """Nobody is proposed who has said no."""
    no = need.requests.filter(offer__in=offers, word=Word.NO).select_related("offer__provider")
    if names := sorted({one.offer.provider.short_name for one in no}):
        raise Impossible(_("Does not take part, as it replied: %s. Choose others.") % ", ".join(names))


def _refuse_lapsed(need: Need, offers: list[Offer], at: dt.datetime, actor: Actor) -> None:
    """A label asked for must be held by each of the team on the day it is asked for, as `composing.holders` has it."""
    if not need.label_key:
        return
    day = need.label_on or timezone.localdate(at)
    holding = holders(need.label_key, {offer.provider_id for offer in offers}, day, actor)
    lacking = sorted({offer.provider.short_name for offer in offers if offer.provider_id not in holding})
    if lacking:
        told = _(
            "Not under the label “%(label)s” on %(day)s: %(who)s. It lapsed, or was never held: change the team, or "
            "agree on other terms with the requester."
        )
        names = ", ".join(lacking)
        label = dict(known_labels(actor)).get(need.label_key, need.label_key)
        raise Impossible(told % {"label": label, "day": wording.day(day), "who": names})


def _written(need: Need, case: Case, kind: Outcome, letter: str, at: dt.datetime, actor: Actor, **more: Any) -> Answer:
    """The answer, in the name of the body that the actor acts for: a network that was drawn in signs for itself."""
    text = lines(letter)
    if not text:
        raise Impossible(_("Write to the requester: a silent answer is none."))
    if len(text) > LONGEST_LETTER:
        raise Impossible(_("Shorten the letter to %d characters.") % LONGEST_LETTER)
    # A draft whose sending was refused before is none.
    Answer.objects.filter(need=need, sent_at=None).delete()
    own = actor.acting.organisation_id if actor.acting else None
    signing = own if own in case.bodies else case.organisation_id
    values = {"kind": kind, "letter": text, "written_at": at, "organisation_id": signing, "readers": answering(need)}
    made: Answer = Answer.objects.create(need=need, **values, **more)
    return made
