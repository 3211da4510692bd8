"""Dealing with a need: asking teams, and sending a proposal, a redirection, or a reasoned no."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.action_registry import ActionError, ActionForbiddenError, Reason, action
from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.core.partial_updates import UNSET, Unset, present_values, strip_text, value_or
from maillage.core.periods import TruthOnDay
from maillage.core.text import normalise_lines
from maillage.offers.models import Offer
from maillage.partnerships.models import (
    Answer,
    Need,
    NeedAddress,
    NeedAddressRole,
    NeedOutcome,
    ProposedOffer,
    Requester,
    TeamReply,
    TeamRequest,
)
from maillage.partnerships.need_access import grant_requester_access
from maillage.partnerships.need_inputs import ProposedOfferInput
from maillage.partnerships.queries import (
    addressed_organisation_ids,
    answering_organisation_ids,
    get_addressee,
    running_need_cases,
)
from maillage.partnerships.team_matching import label_holders
from maillage.register.label_provider import list_known_labels
from maillage.register.models import Organisation
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.models import Case

MAX_TEAMS_ASKED = 30
MAX_OFFERS_PROPOSED = 20
MAX_LETTER_LENGTH = 20_000


def _answering_organisations(*, need_id: int, **_others: object) -> Iterable[int]:
    return addressed_organisation_ids(need_id)


def _requested_provider(*, request_id: int, **_others: object) -> Iterable[int]:
    return TeamRequest.objects.filter(pk=request_id).values_list("offer__provider_id", flat=True)


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Ask the teams"), concerns=_answering_organisations)
def ask_teams(
    *, actor: Actor, at: dt.datetime, need_id: int, offers: list[int], message: str | Unset = UNSET
) -> list[TeamRequest]:
    """Ask the providers of some offers (ids) whether they take part.

    They read the need, and who states it unless that is confidential.

    Raises `ActionError` for none or too many, or for an offer that has ended.
    """
    need, case = _lock_open_need(need_id, actor)
    chosen = _chosen_offers(offers, timezone.localdate(at), MAX_TEAMS_ASKED, actor)
    words = UNSET if message is UNSET else normalise_lines(message)[:MAX_LETTER_LENGTH]
    for offer in chosen:
        readers = sorted({*answering_organisation_ids(need), offer.provider_id})
        values = present_values(message=words, asked_at=at, readers=readers)
        TeamRequest.objects.update_or_create(need=need, offer=offer, defaults=values)
        defaults = {"role": NeedAddressRole.ASKED, "since": at}
        NeedAddress.objects.get_or_create(need=need, organisation=offer.provider, defaults=defaults)
    if not need.is_confidential:
        grant_requester_access(need, {offer.provider_id for offer in chosen})
    # A case that is with the network stays there, whichever teams are asked.
    if case.state in case.definition.definition.transitions["route"].sources:
        apply_transition(actor=actor, at=at, case_id=case.pk, transition="route")
    return list(need.requests.filter(offer__in=chosen))


@action(LEAD, MANAGER, title=gettext_lazy("Reply to a request for a team"), concerns=_requested_provider)
def reply_to_request(
    *,
    actor: Actor,
    at: dt.datetime,
    request_id: int,
    takes_part: bool,
    free_from: dt.date | Unset | None = UNSET,
    note: str | Unset = UNSET,
) -> TeamRequest:
    """Reply yes or no, and from when; can be repeated until the need is answered. Raises `ActionError` afterwards."""
    request: TeamRequest = TeamRequest.objects.select_for_update(of=("self",)).select_related("need").get(pk=request_id)
    if not request.need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).exists():
        raise ActionError(_("This need has been dealt with; there is nothing to reply to any more."))
    request.reply = TeamReply.YES if takes_part else TeamReply.NO
    request.free_from = value_or(free_from, request.free_from)
    request.note = value_or(strip_text(note, MAX_LETTER_LENGTH), request.note)
    request.replied_at = at
    request.save()
    return request


@action(
    MANAGER,
    PILOT,
    title=gettext_lazy("Answer a need"),
    concerns=_answering_organisations,
    changes=("partnerships.need", "need_id"),
)
def answer_need(*, actor: Actor, at: dt.datetime, need_id: int, letter: str, team: list[ProposedOfferInput]) -> Answer:
    """Send the requester a proposal: a letter, and the offers of the team, if any, with what each brings.

    Raises `ActionError` for an empty letter, an offer that has ended, or a team that no longer holds the label asked
    for; without a team, the organisation that answers must hold it.
    """
    need, case = _lock_open_need(need_id, actor)
    chosen = _chosen_offers(
        [proposal.offer_id for proposal in team], timezone.localdate(at), MAX_OFFERS_PROPOSED, actor, least=0
    )
    _refuse_declined(need, chosen)
    answer = _write_answer(need, case, NeedOutcome.ANSWERED, letter, at, actor)
    _refuse_without_label(need, {offer.provider for offer in chosen} or {answer.organisation}, at, actor)
    requested_concepts = set(need.asked.values_list("concept", flat=True))
    brings = {
        proposal.offer_id: [key for key in dict.fromkeys(proposal.brings) if key in requested_concepts]
        for proposal in team
    }
    ProposedOffer.objects.bulk_create(
        ProposedOffer(answer=answer, offer=offer, brings=brings[offer.pk]) for offer in chosen
    )
    apply_transition(actor=actor, at=at, case_id=case.pk, transition="answer")
    answer.refresh_from_db()
    return answer


@action(
    MANAGER,
    PILOT,
    title=gettext_lazy("Redirect a need"),
    concerns=_answering_organisations,
    changes=("partnerships.need", "need_id"),
)
def redirect_need(*, actor: Actor, at: dt.datetime, need_id: int, organisation_id: int, letter: str) -> Answer:
    """Pass a need on to another organisation that takes needs, with its own delay; the requester is told.

    Raises `ActionError` without a letter, or for an organisation that takes no needs or has already received this one.
    """
    need, case = _lock_open_need(need_id, actor)
    other = get_addressee(organisation_id, timezone.localdate(at))
    if need.addresses.filter(organisation=other, role=NeedAddressRole.ADDRESSEE).exists():
        raise ActionError(_("%s has already received this need; choose another organisation.") % other)
    answer = _write_answer(need, case, NeedOutcome.REDIRECTED, letter, at, actor, redirected_to=other)
    apply_transition(actor=actor, at=at, case_id=case.pk, transition="redirect")
    answer.refresh_from_db()
    return answer


@action(
    MANAGER,
    PILOT,
    title=gettext_lazy("Decline a need"),
    concerns=_answering_organisations,
    changes=("partnerships.need", "need_id"),
)
def decline_need(*, actor: Actor, at: dt.datetime, need_id: int, reason: Reason) -> Answer:
    """Decline a need. Raises `ActionError` without a reason: the requester reads it."""
    need, case = _lock_open_need(need_id, actor)
    answer = _write_answer(need, case, NeedOutcome.DECLINED, reason, at, actor)
    apply_transition(actor=actor, at=at, case_id=case.pk, transition="decline", reason=reason)
    answer.refresh_from_db()
    return answer


@action(title=gettext_lazy("Note that a requester cannot be reached"), over_api=False)
def note_undelivered(*, actor: Actor, at: dt.datetime, need_id: int, why: str) -> None:
    """Note on the need's page that the requester's mail server refused every attempt to deliver a mail."""
    Requester.objects.filter(need=need_id).update(undelivered=why)


def _lock_open_need(need_id: int, actor: Actor) -> tuple[Need, Case]:
    """The need, locked, and the actor's case of it. Raises `ActionError` or `ActionForbiddenError` without one."""
    need: Need = Need.objects.select_for_update().get(pk=need_id)
    running = running_need_cases(need_id)
    if not running:
        raise ActionError(_("This need has been dealt with; reload its page."))
    own = [case for case in running if actor.is_officer or actor.reach & set(case.organisation_ids)]
    if not own:
        raise ActionForbiddenError(_("This need is now with another organisation."))
    return need, own[0]


def _chosen_offers(offers: Collection[int], day: dt.date, most: int, actor: Actor, least: int = 1) -> list[Offer]:
    """The chosen offers, if the actor may read them and they have not ended. Raises `ActionError` otherwise."""
    wanted = set(offers)
    if not least <= len(wanted) <= most:
        raise ActionError(_("Choose from %(least)d to %(most)d offers.") % {"least": least, "most": most})
    chosen = list(Offer.objects.visible_to(actor).filter(pk__in=wanted).select_related("provider").order_by("pk"))
    ended = [str(offer) for offer in chosen if offer.in_force(day) is TruthOnDay.NO]
    if ended:
        raise ActionError(_("Ended by now: %s. Choose again.") % ", ".join(ended))
    if len(chosen) < len(wanted):
        raise ActionError(_("One of these offers is not there any more; choose again."))
    return chosen


def _refuse_declined(need: Need, offers: list[Offer]) -> None:
    """Raise `ActionError` for a provider who replied no."""
    no = need.requests.filter(offer__in=offers, reply=TeamReply.NO).select_related("offer__provider")
    if names := sorted({request.offer.provider.short_name for request in no}):
        raise ActionError(_("Does not take part, as it replied: %s. Choose others.") % ", ".join(names))


def _refuse_without_label(need: Need, providers: set[Organisation], at: dt.datetime, actor: Actor) -> None:
    """Raise `ActionError` unless all providers hold the label asked for, as `team_matching.label_holders` finds."""
    if not need.label_key:
        return
    day = need.label_on or timezone.localdate(at)
    holding = label_holders(need.label_key, {provider.pk for provider in providers}, day, actor)
    lacking = sorted({provider.short_name for provider in providers if provider.pk not in holding})
    if lacking:
        message = _(
            "Not under the label “%(label)s” on %(day)s: %(who)s. It lapsed, or was never held: change the team, or "
            "agree on other terms with the requester."
        )
        names = ", ".join(lacking)
        label = dict(list_known_labels(actor)).get(need.label_key, need.label_key)
        raise ActionError(message % {"label": label, "day": formats.day(day), "who": names})


def _write_answer(
    need: Need, case: Case, kind: NeedOutcome, letter: str, at: dt.datetime, actor: Actor, **more: object
) -> Answer:
    """Save an answer of the organisation that the actor acts for: a network that is involved signs for itself."""
    text = normalise_lines(letter)
    if not text:
        raise ActionError(_("Write to the requester: an answer needs a text."))
    if len(text) > MAX_LETTER_LENGTH:
        raise ActionError(_("Shorten the letter to %d characters.") % MAX_LETTER_LENGTH)
    # A draft left by a transition that was refused is replaced.
    Answer.objects.filter(need=need, sent_at=None).delete()
    own = actor.acting.organisation_id if actor.acting else None
    signing = own if own in case.organisation_ids else case.organisation_id
    values = {
        "kind": kind,
        "letter": text,
        "written_at": at,
        "organisation_id": signing,
        "readers": answering_organisation_ids(need),
    }
    answer: Answer = Answer.objects.create(need=need, **values, **more)
    return answer
