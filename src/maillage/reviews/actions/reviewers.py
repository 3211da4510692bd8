"""Reviewers of a call."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.models import Call
from maillage.calls.queries import operators_of_call
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.core.partial_updates import UNSET, Unset, present_values
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.register.noun_phrases import say
from maillage.reviews.conflict_detection import organisation_applied_for
from maillage.reviews.models import Panel, Reviewer
from maillage.reviews.queries import submitted_applications

_MAX_COMPETENCE_LENGTH = 120


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Name a reviewer"), concerns=operators_of_call)
def name_reviewer(
    *,
    actor: Actor,
    at: dt.datetime,
    call_id: int,
    email: str,
    employer_id: int | Unset | None = UNSET,
    competences: list[str] | Unset | None = UNSET,
    most: int | Unset = UNSET,
) -> Reviewer:
    """Name a person with an account as a reviewer of the call, or change what is given of one who is named.

    Raises `ActionError` without an active account of that address, for a person who acts for an organisation that has
    sent an application, or for a number of reviews that is not 1 to 50.
    """
    call = Call.objects.select_related("label").get(pk=call_id)
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise ActionError(_("Nobody with this mail address has an account; an officer of the site can open one."))
    _refuse_applicant(call, person, timezone.localdate(at))
    if most is not UNSET and not 1 <= most <= 50:
        raise ActionError(_("A reviewer takes 1 to 50 reviews."))
    if employer_id:
        employer_id = Organisation.objects.get(pk=employer_id, merged_into=None).pk
    words = UNSET if competences is UNSET else _clean_competences(competences or [])
    Panel.get_or_create_for(call)
    values = present_values(employer_id=employer_id, competences=words, most=most, operator_ids=call.operator_ids)
    reviewer: Reviewer = Reviewer.objects.update_or_create(call=call, person=person, defaults=values)[0]
    return reviewer


def _clean_competences(competences: list[str]) -> list[str]:
    words = [word.strip() for word in competences if word.strip()][:40]
    if long := next((word for word in words if len(word) > _MAX_COMPETENCE_LENGTH), ""):
        raise ActionError(_("A competence has at most %(most)d characters: shorten “%(word)s”.") % {
            "most": _MAX_COMPETENCE_LENGTH, "word": long[:40]})  # fmt: skip
    return words


def _refuse_applicant(call: Call, person: User, day: dt.date) -> None:
    """Raise `ActionError` for a person who acts for an applicant.

    Who only works for an applicant is kept from that application by a conflict.
    """
    if organisation := organisation_applied_for(person, submitted_applications(call), day):
        message = _(
            "%(person)s acts for %(organisation)s, which takes part in an application of this call: an applicant "
            "is no reviewer of the same call. Name somebody else."
        )
        raise ActionError(say(message, organisation, short=True, person=person.name))
