"""Notices of label agreements to the organisations that they concern."""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.actors import LABEL_OFFICER, LEAD, MANAGER, PILOT, Actor
from maillage.label_agreements.models import LabelAgreement, LabelAgreementVersion
from maillage.label_agreements.queries import required_signers
from maillage.notifications.notice_kinds import NoticeKind
from maillage.notifications.notifier import NoticeText
from maillage.people.notifications import notify_mandate_holders

LABEL_AGREEMENT_NOTICES = NoticeKind(
    "conventions",
    gettext_lazy("label agreements that open, wait for a signature, or come into force"),
    gettext_lazy("You act for an organisation that the agreement concerns."),
)


def notify_opened(agreement: LabelAgreement, *, actor: Actor, at: dt.datetime) -> None:
    """Tell every party that the agreement is open, or that an amendment was begun."""
    _notify_parties(agreement, lambda: _("An agreement to write together: %s") % agreement, actor, at)


def notify_in_force(agreement: LabelAgreement, *, actor: Actor, at: dt.datetime) -> None:
    """Tell every party that all have signed."""
    _notify_parties(agreement, lambda: _("Signed by all, and in force: %s") % agreement, actor, at)


def notify_signers(version: LabelAgreementVersion, *, actor: Actor, at: dt.datetime) -> None:
    """At the first signature of a version, tell those who sign it that their signature is awaited."""
    if version.signatures.count() == 1:
        agreement, signer_ids = version.agreement, [signer.pk for signer in required_signers(version)]
        _notify_parties(
            agreement, lambda: _("An agreement waits for signatures: %s") % agreement, actor, at, signer_ids
        )


def _notify_parties(
    agreement: LabelAgreement,
    subject: Callable[[], str],
    actor: Actor,
    at: dt.datetime,
    organisation_ids: list[int] | None = None,
) -> None:
    within = (
        agreement.parties.values_list("organisation_id", flat=True) if organisation_ids is None else organisation_ids
    )
    roles = (MANAGER, LEAD, PILOT, LABEL_OFFICER)
    notify_mandate_holders(at=at, kind=LABEL_AGREEMENT_NOTICES, roles=roles, organisation_ids=list(within), by=actor,
                 words=lambda: NoticeText(subject(), "", agreement.get_absolute_url()))  # fmt: skip
