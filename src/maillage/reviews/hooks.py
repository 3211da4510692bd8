"""Hooks."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.calls.models import Application
from maillage.core.action_registry import ActionError, follows
from maillage.reviews.models import Decision


@follows("calls.withdraw_application")
def refuse_withdrawal_after_publication(*, value: Application, **_others: Any) -> None:
    """A dossier whose decision is published is withdrawn no more: the label is given up, or ended, instead."""
    if Decision.objects.filter(application=value).exclude(published_at=None).exists():
        raise ActionError(_("What is decided of this dossier is published; ask the authority to end the label."))
