"""Checks."""

from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError


def required_reason(reason: str) -> str:
    if not reason.strip():
        raise ActionError(_("Give the reason: it stands in the history of both records."))
    return reason.strip()
