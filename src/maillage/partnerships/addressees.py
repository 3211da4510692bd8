"""To whom a need can be sent, and how it reaches them: by those who act there, by mail, or by nobody yet."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.actors import MANAGER, PILOT, Actor
from maillage.core.periods import TruthOnDay
from maillage.offers.models import Offer
from maillage.partnerships.models import AnswerDelay
from maillage.partnerships.queries import MAX_SHOWN, working_days_promised
from maillage.people.queries import attended_organisations, mandate_holder_ids
from maillage.register.models import Organisation
from maillage.register.queries import member_ids_of


@dataclass(frozen=True, slots=True)
class Addressee:
    """An organisation to which a need can be sent; `working_days` is the delay that it promises, `None` without one.

    `somebody_acts` says whether a person holds a mandate by which the need can be answered.
    """

    organisation: Organisation
    working_days: int | None
    somebody_acts: bool

    @property
    def is_mailed(self) -> bool:
        """Whether the need goes to the organisation's contact by mail, with a link that answers it."""
        return not self.somebody_acts and bool(self.organisation.contact_mail)

    @property
    def is_doubtful(self) -> bool:
        """Whether no answer can be counted on: nobody acts for the organisation, and it has promised no delay."""
        return not self.somebody_acts and self.working_days is None


def somebody_acts(organisation_id: int, day: dt.date) -> bool:
    """Whether a person holds a mandate on a day by which needs to an organisation can be answered."""
    return bool(mandate_holder_ids((MANAGER, PILOT), [organisation_id], day))


def unattended_promises(day: dt.date) -> list[Organisation]:
    """The organisations that promise to answer needs on a day and for which nobody could, by name."""
    attended = attended_organisations(day)
    acting = attended.get(MANAGER, frozenset()) | attended.get(PILOT, frozenset())
    promised = AnswerDelay.objects.possible_on(day).exclude(organisation__in=acting).values("organisation")
    return list(Organisation.objects.filter(pk__in=promised, merged_into=None).order_by("sort_name")[:MAX_SHOWN])


def addressee_of(organisation: Organisation, day: dt.date) -> Addressee:
    """How a need reaches an organisation on a day."""
    promised = working_days_promised(organisation.pk, day)
    return Addressee(organisation, promised, somebody_acts(organisation.pk, day))


@dataclass(frozen=True, slots=True)
class AddresseeProposal:
    """An organisation proposed as addressee: `offers` of those that answer are its own or its members'."""

    organisation: Organisation
    offers: int
    working_days: int | None


def propose_addressee(
    offers: Sequence[Offer], candidates: Sequence[Organisation], day: dt.date
) -> AddresseeProposal | None:
    """The candidate whose own offers, or those of its members, answer best; `None` where none has any.

    `offers` are those that answer, best first: each counts by the inverse of its rank.
    """
    best, most = None, 0.0
    for organisation in candidates:
        providers = {organisation.pk, *member_ids_of(organisation.pk, day)}
        ranks = [rank for rank, offer in enumerate(offers, start=1) if offer.provider_id in providers]
        score = sum(1 / rank for rank in ranks)
        if score > most:
            promised = working_days_promised(organisation.pk, day)
            best, most = AddresseeProposal(organisation, len(ranks), promised), score
    return best


def check_addressee(organisation_id: int, actor: Actor, day: dt.date) -> Addressee:
    """The addressee, if the actor reads it and it exists on the day. Raises `ActionError` otherwise."""
    organisation = Organisation.objects.visible_to(actor).filter(pk=organisation_id, merged_into=None).first()
    if organisation is None or organisation.in_force(day) is TruthOnDay.NO:
        raise ActionError(_("This organisation cannot receive a need; choose another one."))
    return addressee_of(organisation, day)
