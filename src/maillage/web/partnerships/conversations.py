"""The conversations about a need as pages show them, and the form by which one writes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.files.models import File
from maillage.files.uploads import IncomingFile, StreamingUploadHandler, discard_unless_stored
from maillage.partnerships.models import Message, MessageThread, Need
from maillage.partnerships.queries import files_by_message
from maillage.presentation.action_forms import ActionOutcome, run_action_form


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A message on a page: its side (`us`, `them`, `note`), to whom it went, and its files with their addresses."""

    message: Message
    side: str
    to: str
    files: list[tuple[File, str]]

    @property
    def author(self) -> str:
        """Who wrote, and for which organisation."""
        organisation = self.message.organisation
        return f"{self.message.author_name}, {organisation.short_name}" if organisation else self.message.author_name


def message_entries(
    messages: Sequence[Message], need: Need, own: Collection[int], *, token: str = ""
) -> list[MessageEntry]:
    """The messages as their reader sees them: `own` are the reader's organisations, `token` that of the requester."""
    files = files_by_message(messages)
    return [
        MessageEntry(
            message,
            _side(message, own, is_requester=bool(token)),
            "" if token else _to_whom(message),
            [(file, _file_address(need, file, token)) for file in files.get(message.pk, [])],
        )
        for message in messages
    ]


def _side(message: Message, own: Collection[int], *, is_requester: bool) -> str:
    if message.thread == MessageThread.NOTE:
        return "note"
    is_own = message.organisation_id is None if is_requester else message.organisation_id in own
    return "us" if is_own else "them"


def _to_whom(message: Message) -> str:
    if message.thread == MessageThread.NOTE:
        return _("read by your organisation alone")
    if message.organisation_id is None or message.organisation_id == message.team_id:
        return ""
    if message.team:
        return pgettext("recipient of a message", "to %s") % message.team.short_name
    return _("to the requester")


def _file_address(need: Need, file: File, token: str) -> str:
    if token:
        return reverse("need-file", args=[token, file.pk])
    return reverse("message-file", args=[need.key, file.pk])


def run_message_form(
    request: Request,
    action: Callable[..., Message],
    form: forms.Form,
    intake: StreamingUploadHandler,
    arguments: Mapping[str, object] | Callable[[], Mapping[str, object]],
    *,
    success: str,
    before: Callable[[Request], None] | None = None,
) -> ActionOutcome[Message]:
    """Write a message with the file that was uploaded, if any; what was typed stays in the form on an error."""

    def write(**given: object) -> Message:
        files = _files(intake)
        if not files:
            return action(files=files, **given)
        with discard_unless_stored(files[0]):
            return action(files=files, **given)

    def whole_arguments() -> Mapping[str, object]:
        return {"text": form.cleaned_data["text"], **(arguments() if callable(arguments) else arguments)}

    return run_action_form(request, write, form, arguments=whole_arguments, success=success, before=before)


def _files(intake: StreamingUploadHandler) -> list[IncomingFile]:
    if intake.refused:
        raise ActionError(str(intake.refused))
    return [intake.incoming] if intake.incoming else []
