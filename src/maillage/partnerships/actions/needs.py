"""Stating a need, with or without an account, and changing what it asks for."""

import datetime as dt
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import MANAGER, OFFICER, PILOT, READER, Actor, without_name
from maillage.core.partial_updates import UNSET, Unset
from maillage.core.text import normalise_lines
from maillage.matching.text import parse_text
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_vocabulary
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.addressee_mails import mail_address
from maillage.partnerships.addressees import Addressee, check_addressee
from maillage.partnerships.checks import check_need_terms, check_need_text
from maillage.partnerships.models import Need, NeedAddress, NeedAddressRole, RequestedCapability, Requester
from maillage.partnerships.need_inputs import (
    MAX_CAPABILITIES,
    NO_TERMS,
    NeedReceipt,
    NeedTermChanges,
    NeedTerms,
    RequestedCapabilityInput,
    RequesterInput,
)
from maillage.partnerships.notifications import notify_officers
from maillage.partnerships.offer_matching import reader_language
from maillage.partnerships.queries import addressed_organisation_ids, running_need_cases
from maillage.partnerships.requester_mails import queue_requester_mail
from maillage.partnerships.sectors import Sector
from maillage.people.queries import has_verified_address
from maillage.rules.company_size import EnterpriseFigures, SizeClass, size_class
from maillage.workflow.engine import CaseSubject, create_case

# A first sentence up to this long serves as a title.
MAX_TITLE_LENGTH = 120
_KEY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@action(READER, OFFICER, title=gettext_lazy("State a need"))
def state_need(
    *,
    actor: Actor,
    at: dt.datetime,
    text: str,
    asker: RequesterInput,
    addressee_id: int,
    title: str = "",
    terms: NeedTerms = NO_TERMS,
    asked: list[RequestedCapabilityInput] | None = None,
    confidential: bool = True,
    offer_id: int | None = None,
) -> NeedReceipt:
    """Save a need, about an offer if one is given, and send it to an organisation; the requester gets a mail.

    An organisation for which nobody acts gets a mail with a link that answers it; where it has no contact, officers
    are told. Raises `ActionError` for a text that is empty or too long, an organisation that has ended, or invalid
    terms.
    """
    day, text = timezone.localdate(at), normalise_lines(text)
    check_need_text(text)
    check_need_terms(terms, actor, day)
    addressee = check_addressee(addressee_id, actor, day)
    need = Need(
        key=_new_key(),
        title=_need_title(title, text, asked or []),
        about_offer=Offer.objects.visible_to(actor).filter(pk=offer_id or 0).first(),
        text=text,
        language=_detect_language(text),
        stated_at=at,
        stated_by_id=actor.user_id,
        is_confidential=confidential,
        **_term_fields(terms),
    )
    _save_need(need)
    _save_capabilities(need, asked or [])
    _save_requester(need, asker, actor, addressee_id, at)
    # Its steps are read by more than those who may know who asks.
    open_need_case(need, addressee, at=at, actor=without_name(actor))
    queue_requester_mail(need, "received")
    return NeedReceipt(need, make_need_token(need))


def open_need_case(need: Need, addressee: Addressee, *, at: dt.datetime, actor: Actor) -> NeedAddress:
    """Open a case of the need with an organisation, with its promised delay, if any.

    Where nobody acts for the organisation, its contact gets a mail, if it has one, and officers are told.
    """
    organisation = addressee.organisation
    about = CaseSubject(need.title, (Need.kind_name(), need.pk), organisation.pk, delay=addressee.working_days)
    case = create_case(actor=actor, at=at, process="need", about=about)
    clock = case.clock
    promised = clock.due_day if clock else timezone.localdate(at)
    values = {"role": NeedAddressRole.ADDRESSEE, "case": case, "since": at, "promised_day": promised}
    address: NeedAddress = NeedAddress.objects.update_or_create(need=need, organisation=organisation, defaults=values)[
        0
    ]
    if addressee.is_mailed:
        mail_address(address, at)
    if not addressee.somebody_acts:
        notify_officers(address, at)
    return address


def _answering_organisations(*, need_id: int, **_others: object) -> Iterable[int]:
    return addressed_organisation_ids(need_id)


@action(
    MANAGER,
    PILOT,
    OFFICER,
    title=gettext_lazy("Say what a need asks for"),
    concerns=_answering_organisations,
    changes=("partnerships.need", "need_id"),
)
def specify_need(
    *,
    actor: Actor,
    at: dt.datetime,
    need_id: int,
    terms: NeedTermChanges | Unset = UNSET,
    asked: list[RequestedCapabilityInput] | Unset = UNSET,
    reason: str = "",
) -> Need:
    """Change what a need asks for and must meet, after a talk with the requester; the text stays as written.

    The terms that are given change; `asked`, where given, replaces all capabilities. Raises `ActionError` where the
    need is not with an organisation of the actor, or for invalid terms.
    """
    need: Need = Need.objects.select_for_update().get(pk=need_id)
    if not any(actor.is_officer or actor.reach & set(case.organisation_ids) for case in running_need_cases(need_id)):
        raise ActionError(_("This need has been dealt with, or is now with another organisation."))
    if terms is not UNSET:
        _change_terms(need, terms, actor)
    if asked is not UNSET:
        need.asked.all().delete()
        _save_capabilities(need, asked)
    return need


def _change_terms(need: Need, changes: NeedTermChanges, actor: Actor) -> None:
    current = NeedTerms(**{name: getattr(need, name) for name in NeedTerms.__slots__})
    terms = replace(current, **changes)
    check_need_terms(terms, actor, timezone.localdate(need.stated_at))
    for name, value in _term_fields(terms).items():
        setattr(need, name, value)
    _save_need(need)


def _term_fields(terms: NeedTerms) -> dict[str, object]:
    values = {name: getattr(terms, name) for name in NeedTerms.__slots__}
    return values | {"label_on": terms.label_on if terms.label_key else None}


def _need_title(title: str, text: str, asked: list[RequestedCapabilityInput]) -> str:
    """The title, else the first sentence if it is short, else the names of what is asked; else its first words."""
    if given := " ".join(title.split())[:200]:
        return given
    first = " ".join(re.split(r"(?<=[.!?…])\s|\n", text.strip(), maxsplit=1)[0].split()).removesuffix(".")
    if len(first) <= MAX_TITLE_LENGTH:
        return first
    return _capability_title(asked) or first[: MAX_TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def _capability_title(asked: list[RequestedCapabilityInput]) -> str:
    """The names of the first capabilities asked for, the essential ones before the others; empty without any."""
    vocabulary, language = get_vocabulary(), reader_language()
    first = sorted(asked, key=lambda capability: not capability.essential)[:4]
    names = [vocabulary.concept(one.concept).label(language) for one in first if one.concept in vocabulary.concepts]
    title = ", ".join(names)[:MAX_TITLE_LENGTH]
    return title[:1].upper() + title[1:]


def _detect_language(text: str) -> str:
    languages = parse_text(text[:20_000]).languages
    return languages[0].value if len(languages) == 1 else ""


def _new_key() -> str:
    """A random key, which does not reveal how many needs there are."""
    return f"{timezone.now().year}-" + "".join(secrets.choice(_KEY_ALPHABET) for _number in range(6))


def _save_need(need: Need) -> None:
    try:
        need.full_clean()
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from error
    need.save()


def _save_capabilities(need: Need, capabilities: list[RequestedCapabilityInput]) -> None:
    wanted = {capability.concept: capability.essential for capability in capabilities}
    if len(wanted) > MAX_CAPABILITIES:
        raise ActionError(_("Ask for at most %d capabilities; keep those that matter most.") % MAX_CAPABILITIES)
    known = get_vocabulary().concepts
    if strange := sorted(key for key in wanted if key not in known):
        raise ActionError(_("“%s” is no capability of the vocabulary.") % strange[0][:120])
    RequestedCapability.objects.bulk_create(
        RequestedCapability(need=need, concept=key, essential=must) for key, must in wanted.items()
    )


def _save_requester(need: Need, asker: RequesterInput, actor: Actor, addressee_id: int, at: dt.datetime) -> None:
    try:
        validate_email(asker.email.strip())
        size = size_class(EnterpriseFigures(asker.staff, asker.turnover, asker.balance))
    except ValidationError as error:
        raise ActionError(_("Give a mail address to which the answer can be sent.")) from error
    except ValueError as error:
        raise ActionError(_("Staff, turnover and balance sheet are not negative.")) from error
    if asker.sector and asker.sector not in Sector.values:
        raise ActionError(_("“%s” is no sector of the list; leave it empty.") % asker.sector[:20])
    if not asker.organisation.strip():
        raise ActionError(_("Say for which organisation you ask."))
    Requester.objects.create(
        need=need,
        person_id=actor.user_id,
        organisation=asker.organisation.strip()[:300],
        country=asker.country,
        place=" ".join(asker.place.split())[:200],
        contact=asker.contact.strip()[:200],
        email=asker.email.strip(),
        language=(get_language() or "fr")[:2],
        is_enterprise=asker.is_enterprise,
        staff=asker.staff,
        turnover=asker.turnover,
        sector=asker.sector,
        balance=asker.balance,
        size=(size if asker.is_enterprise else SizeClass.UNKNOWN).value,
        readers=[addressee_id],
        # Whoever signs in by this address has answered there already.
        confirmed_at=at if has_verified_address(actor.user_id, asker.email.strip()) else None,
    )
