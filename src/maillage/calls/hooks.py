"""Hooks."""

from maillage.calls.models import Application, ApplicationParty
from maillage.core.action_registry import follows
from maillage.files.attachments import share_files


@follows("calls.add_party", "calls.send_application")
def share_files_with_parties(*, value: Application | ApplicationParty, **_others: object) -> None:
    """Who joins, or runs the call, reads what was attached before."""
    application = value if isinstance(value, Application) else value.application
    share_files(Application.kind_name(), application.pk, application.parties.values_list("organisation_id", flat=True))
