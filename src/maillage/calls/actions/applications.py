"""Actions: begin an application, and change its parties and who writes which section."""

import datetime as dt
import secrets
from collections.abc import Iterable

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


def _lead_argument(*, lead_id: int, **_others: object) -> Iterable[int]:
    return [lead_id]


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Begin an application"), concerns=_lead_argument)
def begin_application(
    *, actor: Actor, at: dt.datetime, call_id: int, lead_id: int, title: str, theme: str = ""
) -> Application:
    """Begin an application on the last version of the call.

    Raises `ActionError` outside the dates of the call, for a withdrawn call, a kind of organisation that may not apply,
    a theme that the call does not have, or an empty title.
    """
    call = Call.objects.get(pk=call_id)
    version: CallVersion = call.last
    lead = Organisation.objects.get(pk=lead_id, merged_into=None)
    _refuse_closed(call, version, at)
    if lead.kind not in version.document.holders:
        raise ActionError(_("An organisation of this kind (%s) does not apply to this call.") % lead.get_kind_display())
    if (theme or version.document.themes) and theme not in version.document.themes:
        raise ActionError(_("Choose one of the themes of the call."))
    if not title.strip():
        raise ActionError(_("Give the application a title."))
    key = "d-" + "".join(secrets.choice(_LETTERS) for _position in range(10))
    application = Application.objects.create(
        key=key, version=version, title=title.strip()[:200], theme=theme, begun_at=at
    )
    ApplicationParty.objects.create(application=application, organisation=lead, part=PartyRole.LEAD)
    return application


def _refuse_closed(call: Call, version: CallVersion, at: dt.datetime) -> None:
    if call.withdrawn_at:
        raise ActionError(_("This call was withdrawn: %s") % call.withdrawal_reason)
    if at < version.document.opens:
        raise ActionError(_("This call is not open yet."))
    if at >= version.document.closes:
        raise ActionError(_("This call is closed."))


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Add an organisation to an application"), concerns=lead_of_application)
def add_party(
    *, actor: Actor, at: dt.datetime, application_id: int, organisation_id: int, part: str
) -> ApplicationParty:
    """Add an organisation as host establishment or partner; it can then read and write the application."""
    application = lock_draft_application(application_id)
    if part not in (PartyRole.HOST, PartyRole.PARTNER):
        raise ActionError(_("An organisation joins as host establishment or as partner."))
    if application.parties.count() >= MAX_PARTIES:
        raise ActionError(_("An application has at most %d organisations.") % MAX_PARTIES)
    organisation = Organisation.objects.get(pk=organisation_id, merged_into=None)
    if application.parties.filter(organisation=organisation, part=PartyRole.LEAD).exists():
        raise ActionError(_("This organisation leads the application already."))
    party: ApplicationParty = ApplicationParty.objects.update_or_create(
        application=application, organisation=organisation, defaults={"part": part}
    )[0]
    return party


@action(
    MANAGER, LEAD, PILOT, title=gettext_lazy("Take an organisation out of an application"), concerns=lead_of_application
)
def remove_party(*, actor: Actor, at: dt.datetime, application_id: int, organisation_id: int) -> None:
    """Remove an organisation; what it wrote stays. Raises `ActionError` for the lead."""
    application = lock_draft_application(application_id)
    if application.parties.filter(organisation=organisation_id, part=PartyRole.LEAD).exists():
        raise ActionError(_("The lead stays; withdraw the application instead."))
    application.parties.filter(organisation=organisation_id).delete()
    unshare_files(Application.kind_name(), application.pk, [organisation_id])
    application.duties.filter(organisation=organisation_id).delete()
    application.sign_offs.filter(organisation=organisation_id).delete()


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Say who writes a section"), concerns=lead_of_application)
def assign_section(
    *, actor: Actor, at: dt.datetime, application_id: int, section: str, organisation_ids: list[int]
) -> None:
    """Let only these organisations and the lead write a section; with an empty list, every party."""
    application = lock_draft_application(application_id)
    if application.call_document.section(section) is None:
        raise ActionError(_("The application has no section “%s”.") % section[:60])
    party_ids = set(application.parties.exclude(part=PartyRole.OFFICE).values_list("organisation_id", flat=True))
    if set(organisation_ids) - party_ids:
        raise ActionError(_("Only an organisation of the application can write a section; add it first."))
    application.duties.filter(section=section).delete()
    Duty.objects.bulk_create(
        Duty(application=application, section=section, organisation_id=organisation_id)
        for organisation_id in set(organisation_ids)
    )
