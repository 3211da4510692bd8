"""What calls declare: the files of an application are shared with its parties."""

from maillage.calls.models import Application, ApplicationParty
from maillage.core.action_registry import follows
from maillage.files.attachments import share_files


@follows("calls.add_party", "calls.send_application")
def share_files_with_parties(*, value: Application | ApplicationParty, **_others: object) -> None:
    """Share the files of an application with new parties and, once it is sent, with who runs the call."""
    application = value if isinstance(value, Application) else value.application
    share_files(Application.kind_name(), application.pk, application.parties.values_list("organisation_id", flat=True))
