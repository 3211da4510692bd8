"""Actions: sign, send, take back and withdraw an application."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.calls.completeness import application_digest, missing_replies, missing_signatures
from maillage.calls.drafts import lock_draft_application
from maillage.calls.models import Application, ApplicationParty, PartyRole, SignOff
from maillage.calls.queries import lead_of_application
from maillage.core import formats
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LEAD, MANAGER, PILOT, Actor
from maillage.files.attachments import unshare_files
from maillage.register.models import Organisation


def _signing_party(*, application_id: int, organisation_id: int, **_others: object) -> Iterable[int]:
    return ApplicationParty.objects.filter(application=application_id, organisation=organisation_id).values_list(
        "organisation_id", flat=True
    )


@action(MANAGER, title=gettext_lazy("Sign an application"), concerns=_signing_party)
def sign_application(
    *, actor: Actor, at: dt.datetime, application_id: int, organisation_id: int, digest: str
) -> SignOff:
    """Sign the application for an organisation. Raises `ActionError` where its digest is no longer `digest`."""
    application = lock_draft_application(application_id)
    if application_digest(application) != digest:
        raise ActionError(_("The application has changed since you read it; read it again, then sign."))
    values = {"digest": digest, "signed_at": at, "by_id": actor.user_id}
    sign_off: SignOff = SignOff.objects.update_or_create(
        application=application, organisation_id=organisation_id, defaults=values
    )[0]
    return sign_off


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Send an application"), concerns=lead_of_application)
def send_application(*, actor: Actor, at: dt.datetime, application_id: int) -> Application:
    """Send the application to the organisations that run the call, propose and decide; its digest is the receipt.

    Raises `ActionError` where the call is not open at `at`, and for missing replies or signatures.
    """
    application = lock_draft_application(application_id)
    call = application.version.call
    if call.withdrawn_at:
        raise ActionError(_("This call was withdrawn: %s") % call.withdrawal_reason)
    _refuse_outside_dates(application, at)
    if missing := missing_replies(application):
        message = ngettext("%d reply is missing: %s", "%d replies are missing: %s", len(missing))
        listed = formats.join_items(f"{section}, {question}" for section, question in missing[:5])
        raise ActionError(message % (len(missing), listed))
    digest = application_digest(application)
    if unsigned := missing_signatures(application, digest):
        names = ", ".join(organisation.short_name for organisation in unsigned)
        raise ActionError(_("Not signed as it reads now: %s.") % names)
    application.sent_at, application.digest = at, digest
    application.save()
    authority = application.call_document.authority
    office_keys = {authority.decides, authority.proposes, authority.runs}
    for office in Organisation.objects.filter(key__in=office_keys, merged_into=None):
        ApplicationParty.objects.get_or_create(
            application=application, organisation=office, defaults={"part": PartyRole.OFFICE}
        )
    return application


def _refuse_outside_dates(application: Application, at: dt.datetime) -> None:
    closes = application.call_document.closes
    if at < application.call_document.opens:
        raise ActionError(_("This call is not open yet."))
    if at >= closes:
        seconds_late = int((at - closes).total_seconds()) + 1
        message = ngettext(
            "The call closed at %(moment)s, %(late)d second ago; applications are no longer taken.",
            "The call closed at %(moment)s, %(late)d seconds ago; applications are no longer taken.",
            seconds_late,
        )
        raise ActionError(message % {"late": seconds_late, "moment": f"{closes:%Y-%m-%d %H:%M:%S %Z}"})


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Take an application back"), concerns=lead_of_application)
def take_back_application(*, actor: Actor, at: dt.datetime, application_id: int, reason: Reason) -> Application:
    """Make a sent application a draft again, before the call closes; its receipt is no longer valid."""
    application: Application = (
        Application.objects.select_for_update(of=("self",)).select_related("version").get(pk=application_id)
    )
    if application.sent_at is None or application.withdrawn_at:
        raise ActionError(_("This application is not sent."))
    _refuse_outside_dates(application, at)
    application.sent_at, application.digest = None, ""
    application.save()
    office_parties = application.parties.filter(part=PartyRole.OFFICE)
    unshare_files(
        Application.kind_name(), application.pk, list(office_parties.values_list("organisation_id", flat=True))
    )
    office_parties.delete()
    return application


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Withdraw an application"), concerns=lead_of_application)
def withdraw_application(*, actor: Actor, at: dt.datetime, application_id: int, reason: Reason) -> Application:
    """Withdraw an application; it stays readable to who runs the call. Raises `ActionError` without a reason."""
    application: Application = Application.objects.select_for_update().get(pk=application_id)
    if application.withdrawn_at:
        raise ActionError(_("This application was withdrawn."))
    application.withdrawn_at = at
    application.save()
    return application
