"""Dealing with a need: asking teams, and sending a proposal, a redirection, or a reasoned no."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.core.partial_updates import UNSET, Unset, value_or
from maillage.core.periods import TruthOnDay
from maillage.core.text import normalise_lines
from maillage.offers.models import Offer
from maillage.partnerships.conversations import (
    MessageAuthor,
    MessageContent,
    Thread,
    institute_author,
    save_message,
)
from maillage.partnerships.coverage import coverage_lines
from maillage.partnerships.models import (
    Answer,
    AnswerLine,
    MessageThread,
    Need,
    NeedAddress,
    NeedAddressRole,
    NeedOutcome,
    ProposedOffer,
    TeamReply,
    TeamRequest,
)
from maillage.partnerships.need_access import grant_requester_access, lock_open_need
from maillage.partnerships.need_inputs import ProposedOfferInput, SignerInput
from maillage.partnerships.queries import (
    addressed_organisation_ids,
    answering_organisation_ids,
    get_addressee,
    next_networks,
)
from maillage.partnerships.team_matching import label_holders
from maillage.register.label_provider import list_known_labels
from maillage.register.models import Organisation
from maillage.register.noun_phrases import say
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.models import Case

MAX_TEAMS_ASKED = 30
MAX_OFFERS_PROPOSED = 20
MAX_LETTER_LENGTH = 20_000
MAX_SIGNATURE_LENGTH = 200


def _answering_organisations(*, need_id: int, **_others: object) -> Iterable[int]:
    return addressed_organisation_ids(need_id)


def _asking_organisations(*, request_id: int, **_others: object) -> Iterable[int]:
    need_id = TeamRequest.objects.filter(pk=request_id).values_list("need_id", flat=True).first()
    return addressed_organisation_ids(need_id) if need_id else []


def _requested_provider(*, request_id: int, **_others: object) -> Iterable[int]:
    return TeamRequest.objects.filter(pk=request_id).values_list("offer__provider_id", flat=True)


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Ask the teams"), concerns=_answering_organisations)
def ask_teams(
    *, actor: Actor, at: dt.datetime, need_id: int, offers: list[int], message: str = ""
) -> list[TeamRequest]:
    """Ask the providers of some offers (ids) whether they take part; `message` is written to each of them.

    They read the need, and who states it unless that is confidential.

    Raises `ActionError` for none or too many, or for an offer that has ended.
    """
    need, case = lock_open_need(need_id, actor)
    chosen = _chosen_offers(offers, timezone.localdate(at), MAX_TEAMS_ASKED, actor)
    for offer in chosen:
        readers = sorted({*answering_organisation_ids(need), offer.provider_id})
        values = {"asked_at": at, "readers": readers}
        TeamRequest.objects.update_or_create(need=need, offer=offer, defaults=values)
        defaults = {"role": NeedAddressRole.ASKED, "since": at}
        NeedAddress.objects.get_or_create(need=need, organisation=offer.provider, defaults=defaults)
    if not need.is_confidential:
        grant_requester_access(need, {offer.provider_id for offer in chosen})
    _write_to_teams(need, {offer.provider_id for offer in chosen}, message, actor, at)
    # A case that is with the network stays there, whichever teams are asked.
    if case.state in case.definition.definition.transitions["route"].sources:
        apply_transition(actor=actor, at=at, case_id=case.pk, transition="route")
    return list(need.requests.filter(offer__in=chosen))


def _write_to_teams(need: Need, team_ids: set[int], text: str, actor: Actor, at: dt.datetime) -> None:
    if not text.strip():
        return
    author = institute_author(need, actor)
    for team_id in sorted(team_ids):
        save_message(need, Thread(MessageThread.TEAM, team_id), author, MessageContent(text), actor=actor, at=at)


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Remind a team that is asked"), concerns=_asking_organisations)
def remind_team(*, actor: Actor, at: dt.datetime, request_id: int) -> TeamRequest:
    """Remind a team that has not replied, once a day at most. Raises `ActionError` otherwise."""
    requests = TeamRequest.objects.select_for_update(of=("self",)).select_related("need", "offer__provider")
    request: TeamRequest = requests.get(pk=request_id)
    lock_open_need(request.need_id, actor)
    team = request.offer.provider
    if request.reply:
        raise ActionError(say(_("%s has replied; reload the page."), team, short=True))
    if timezone.localdate(request.reminded_at or request.asked_at) >= timezone.localdate(at):
        raise ActionError(say(_("%s was written to today; remind it tomorrow, or call."), team, short=True))
    request.reminded_at = at
    request.save(update_fields=["reminded_at"])
    return request


@action(LEAD, MANAGER, title=gettext_lazy("Reply to a request for a team"), concerns=_requested_provider)
def reply_to_request(
    *,
    actor: Actor,
    at: dt.datetime,
    request_id: int,
    takes_part: bool,
    free_from: dt.date | Unset | None = UNSET,
    note: str = "",
) -> TeamRequest:
    """Reply yes or no, and from when; `note` is a message to those who asked.

    Can be repeated until the need is answered. Raises `ActionError` afterwards.
    """
    requests = TeamRequest.objects.select_for_update(of=("self",)).select_related("need", "offer")
    request: TeamRequest = requests.get(pk=request_id)
    if not request.need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).exists():
        raise ActionError(_("This need has been dealt with; there is nothing to reply to any more."))
    request.reply = TeamReply.YES if takes_part else TeamReply.NO
    request.free_from = value_or(free_from, request.free_from)
    request.replied_at = at
    request.save()
    if note.strip():
        thread = Thread(MessageThread.TEAM, request.offer.provider_id)
        author = MessageAuthor(actor.name, actor.user_id, request.offer.provider_id)
        save_message(request.need, thread, author, MessageContent(note), actor=actor, at=at)
    return request


@action(
    MANAGER,
    PILOT,
    title=gettext_lazy("Answer a need"),
    concerns=_answering_organisations,
    changes=("partnerships.need", "need_id"),
)
def answer_need(
    *,
    actor: Actor,
    at: dt.datetime,
    need_id: int,
    letter: str,
    team: list[ProposedOfferInput],
    signer: SignerInput | None = None,
) -> Answer:
    """Send the requester a proposal: a letter, and the offers of the team, if any, with what each brings.

    The answer says of each capability asked for how far the team meets it; without a `signer`, the actor signs.

    Raises `ActionError` for an empty letter, an offer that has ended, or a team that no longer holds the label asked
    for; without a team, the organisation that answers must hold it.
    """
    need, case = lock_open_need(need_id, actor)
    chosen = _chosen_offers(
        [proposal.offer_id for proposal in team], timezone.localdate(at), MAX_OFFERS_PROPOSED, actor, least=0
    )
    _refuse_declined(need, chosen)
    answer = _write_answer(need, case, NeedOutcome.ANSWERED, letter, at, actor, **_signature(signer or actor.name))
    _refuse_without_label(need, {offer.provider for offer in chosen} or {answer.organisation}, at, actor)
    requested_concepts = set(need.asked.values_list("concept", flat=True))
    brings = {
        proposal.offer_id: [key for key in dict.fromkeys(proposal.brings) if key in requested_concepts]
        for proposal in team
    }
    ProposedOffer.objects.bulk_create(
        ProposedOffer(answer=answer, offer=offer, brings=brings[offer.pk]) for offer in chosen
    )
    # Whoever answers without a team says in the letter alone what they do.
    lines = coverage_lines(need, chosen, brings, actor, timezone.localdate(at)) if chosen else []
    AnswerLine.objects.bulk_create(
        AnswerLine(
            answer=answer,
            concept=line.concept,
            essential=line.essential,
            coverage=line.coverage,
            providers=line.providers,
        )
        for line in lines
    )
    apply_transition(actor=actor, at=at, case_id=case.pk, transition="answer")
    answer.refresh_from_db()
    return answer


@action(
    MANAGER,
    PILOT,
    title=gettext_lazy("Pass a need on"),
    concerns=_answering_organisations,
    changes=("partnerships.need", "need_id"),
)
def redirect_need(*, actor: Actor, at: dt.datetime, need_id: int, organisation_id: int, letter: str) -> Answer:
    """Pass a need on to another organisation that takes needs, with its own delay; the requester is told.

    A confidential need goes on once the requester agrees. Raises `ActionError` without a letter, or for an organisation
    that takes no needs or has already received this one.
    """
    need, case = lock_open_need(need_id, actor)
    other = get_addressee(organisation_id, timezone.localdate(at))
    if need.addresses.filter(organisation=other, role=NeedAddressRole.ADDRESSEE).exists():
        raise ActionError(say(_("%s has already received this need; choose another organisation."), other))
    answer = _write_answer(
        need, case, NeedOutcome.REDIRECTED, letter, at, actor, redirected_to=other, pass_on_to=[other.pk]
    )
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
def decline_need(
    *, actor: Actor, at: dt.datetime, need_id: int, reason: Reason, pass_on_to: list[int] | Unset = UNSET
) -> Answer:
    """Decline a need; it goes on to networks (ids) that can take it: all where none are given, nobody for `[]`.

    A confidential need goes on once the requester agrees. Raises `ActionError` without a reason, which the requester
    reads, or for an organisation that is no network of the one that declines.
    """
    need, case = lock_open_need(need_id, actor)
    possible = next_networks(need, case.organisation_id or 0, timezone.localdate(at))
    chosen = possible if pass_on_to is UNSET else set(pass_on_to)
    if chosen - possible:
        raise ActionError(_("The need cannot go on to one of these organisations; choose again."))
    answer = _write_answer(need, case, NeedOutcome.DECLINED, reason, at, actor, pass_on_to=sorted(chosen))
    apply_transition(actor=actor, at=at, case_id=case.pk, transition="decline", reason=reason)
    answer.refresh_from_db()
    return answer


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


def _signature(signer: SignerInput | str) -> dict[str, str]:
    """The fields of a signature. Raises `ActionError` for one that is too long."""
    values = SignerInput(signer) if isinstance(signer, str) else signer
    signature = {f"signer_{name}": getattr(values, name).strip() for name in SignerInput.__slots__}
    if any(len(text) > MAX_SIGNATURE_LENGTH for text in signature.values()):
        raise ActionError(_("Shorten name, function and contact to %d characters each.") % MAX_SIGNATURE_LENGTH)
    return signature


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
        "signer_name": actor.name,
        "readers": answering_organisation_ids(need),
    }
    answer: Answer = Answer.objects.create(need=need, **values | more)
    return answer
