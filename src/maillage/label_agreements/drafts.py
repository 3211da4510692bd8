"""Locking and checking a version that is being written."""

from django.utils.translation import gettext as _

from maillage.calls.queries import WRITER_ROLES
from maillage.core.action_registry import ActionError
from maillage.core.actors import LABEL_OFFICER, OFFICER
from maillage.core.record_versions import StaleRecordError
from maillage.label_agreements.models import LabelAgreementVersion

EDITOR_ROLES = (*WRITER_ROLES, LABEL_OFFICER, OFFICER)


def lock_draft_version(agreement_id: int, number: int) -> LabelAgreementVersion:
    """A version that is being written, locked. Raises `ActionError` where it does not exist or is in force."""
    version: LabelAgreementVersion | None = (
        LabelAgreementVersion.objects.select_for_update(of=("self",))
        .select_related("agreement__terms", "agreement__award__label", "agreement__award__holder")
        .filter(agreement=agreement_id, number=number)
        .first()
    )
    if version is None:
        raise ActionError(_("The agreement has no version %d; reload the page.") % number)
    if version.in_force_at:
        raise ActionError(_("This version is signed by all and in force; begin an amendment to change it."))
    return version


def refuse_stale_edition(edition: int, base: int) -> None:
    if edition != base:
        raise StaleRecordError(_("Somebody has written here in the meantime; read both and keep what is right."))
