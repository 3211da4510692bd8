"""Writing a dossier together: begun by its lead, joined by others, one reply at a time."""

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.drafts import lock_draft_application
from maillage.calls.models import Application, ApplicationParty, Call, CallVersion, Duty, PartyRole
from maillage.calls.queries import lead_of_application
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LEAD, MANAGER, PILOT, Actor
from maillage.files.attachments import unshare_files
from maillage.register.models import Organisation

MAX_PARTIES = 200
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def _lead_argument(*, lead_id: int, **_others: Any) -> Iterable[int]:
    return [lead_id]


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Begin a dossier"), concerns=_lead_argument)
def begin_application(
    *, actor: Actor, at: dt.datetime, call_id: int, lead_id: int, title: str, theme: str = ""
) -> Application:
    """A dossier on the call's last version, led by a body.

    Raises `ActionError` outside the dates of the call, for a withdrawn one, a body of a kind that may not apply, or a
    theme that the call does not have.
    """
    call = Call.objects.get(pk=call_id)
    version: CallVersion = call.last
    lead = Organisation.objects.get(pk=lead_id, merged_into=None)
    _refuse_closed(call, version, at)
    if lead.kind not in version.says.holders:
        raise ActionError(_("A body of this kind (%s) does not apply to this call.") % lead.get_kind_display())
    if (theme or version.says.themes) and theme not in version.says.themes:
        raise ActionError(_("Choose one of the themes of the call."))
    if not title.strip():
        raise ActionError(_("Give the dossier a title."))
    key = "d-" + "".join(secrets.choice(_LETTERS) for _each in range(10))
    application = Application.objects.create(
        key=key, version=version, title=title.strip()[:200], theme=theme, begun_at=at
    )
    ApplicationParty.objects.create(application=application, organisation=lead, part=PartyRole.LEAD)
    return application


def _refuse_closed(call: Call, version: CallVersion, at: dt.datetime) -> None:
    if call.withdrawn_at:
        raise ActionError(_("This call was withdrawn: %s") % call.withdrawal_reason)
    if at < version.says.opens:
        raise ActionError(_("This call is not open yet."))
    if at >= version.says.closes:
        raise ActionError(_("This call is closed."))


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Add a body to a dossier"), concerns=lead_of_application)
def add_party(
    *, actor: Actor, at: dt.datetime, application_id: int, organisation_id: int, part: str
) -> ApplicationParty:
    """Another body takes part, as host establishment or partner; it reads and writes from then on."""
    application = lock_draft_application(application_id)
    if part not in (PartyRole.HOST, PartyRole.PARTNER):
        raise ActionError(_("A body joins as host establishment or as partner."))
    if application.parties.count() >= MAX_PARTIES:
        raise ActionError(_("A dossier has at most %d bodies.") % MAX_PARTIES)
    body = Organisation.objects.get(pk=organisation_id, merged_into=None)
    if application.parties.filter(organisation=body, part=PartyRole.LEAD).exists():
        raise ActionError(_("This body leads the dossier already."))
    made: ApplicationParty = ApplicationParty.objects.update_or_create(
        application=application, organisation=body, defaults={"part": part}
    )[0]
    return made


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Take a body out of a dossier"), concerns=lead_of_application)
def remove_party(*, actor: Actor, at: dt.datetime, application_id: int, organisation_id: int) -> None:
    """A body takes part no more; what it wrote stays. Raises `ActionError` for the lead."""
    application = lock_draft_application(application_id)
    if application.parties.filter(organisation=organisation_id, part=PartyRole.LEAD).exists():
        raise ActionError(_("The lead stays; withdraw the dossier instead."))
    application.parties.filter(organisation=organisation_id).delete()
    unshare_files(Application.kind_name(), application.pk, [organisation_id])
    application.duties.filter(organisation=organisation_id).delete()
    application.sign_offs.filter(organisation=organisation_id).delete()


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Say who writes a section"), concerns=lead_of_application)
def assign_section(*, actor: Actor, at: dt.datetime, application_id: int, section: str, bodies: list[int]) -> None:
    """Only these bodies (ids) and the lead write a section; every one where none is named."""
    application = lock_draft_application(application_id)
    if application.call.section(section) is None:
        raise ActionError(_("The dossier has no section “%s”.") % section[:60])
    within = set(application.parties.exclude(part=PartyRole.OFFICE).values_list("organisation_id", flat=True))
    if set(bodies) - within:
        raise ActionError(_("Only a body of the dossier can write a section; add it first."))
    application.duties.filter(section=section).delete()
    Duty.objects.bulk_create(
        Duty(application=application, section=section, organisation_id=body) for body in set(bodies)
    )
