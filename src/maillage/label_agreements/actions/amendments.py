"""Amendments: later versions of a label agreement, each with a reason."""

import datetime as dt
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import Actor
from maillage.label_agreements.drafts import EDITOR_ROLES, lock_draft_version
from maillage.label_agreements.models import Clause, LabelAgreement, LabelAgreementVersion, PerimeterEntity
from maillage.label_agreements.notifications import notify_opened
from maillage.label_agreements.parties import update_host_parties
from maillage.label_agreements.queries import agreement_organisations

Copied = TypeVar("Copied", Clause, PerimeterEntity)


@action(*EDITOR_ROLES, title=gettext_lazy("Begin an amendment to a label agreement"), concerns=agreement_organisations)
def begin_amendment(*, actor: Actor, at: dt.datetime, agreement_id: int, reason: Reason) -> LabelAgreementVersion:
    """Create a version that copies the one in force. Raises `ActionError` without a reason, or while one is open."""
    agreement = LabelAgreement.objects.select_for_update().get(pk=agreement_id)
    last = agreement.last
    if last.in_force_at is None:
        raise ActionError(_("Version %d is still being written; change it instead.") % last.number)
    version = LabelAgreementVersion.objects.create(
        agreement=agreement, number=last.number + 1, reason=reason, begun_at=at
    )
    Clause.objects.bulk_create(_copy_to_version(clause, version) for clause in last.clauses.order_by("pk"))
    PerimeterEntity.objects.bulk_create(_copy_to_version(entity, version) for entity in last.entities.order_by("pk"))
    notify_opened(agreement, actor=actor, at=at)
    return version


def _copy_to_version(copy: Copied, version: LabelAgreementVersion) -> Copied:
    """Turn a clause or entity into an unsaved copy for another version."""
    copy.pk, copy._state.adding, copy.version, copy.edition = None, True, version, 1
    return copy


@action(
    *EDITOR_ROLES, title=gettext_lazy("Give up an amendment to a label agreement"), concerns=agreement_organisations
)
def drop_amendment(*, actor: Actor, at: dt.datetime, agreement_id: int, version: int, reason: Reason) -> None:
    """Delete an amendment that is not in force. Raises `ActionError` without a reason, or for the first version."""
    draft = lock_draft_version(agreement_id, version)
    if draft.number == 1:
        raise ActionError(_("This is the first version, not an amendment; change it instead."))
    draft.delete()
    update_host_parties(draft.agreement)
