"""Messages on the page of a need: writing to the requester, to a team or among colleagues; files of messages."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.request import Request
from maillage.files.models import File
from maillage.files.uploads import StreamingUploadHandler
from maillage.partnerships.actions.messages import write_message_with_files
from maillage.partnerships.models import Message, Need
from maillage.partnerships.queries import asked_teams, needs
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, upload_limits
from maillage.web.partnerships.conversations import run_message_form
from maillage.web.partnerships.forms import AddressedMessageForm


@require_POST
@accepts_upload
def write_about_need(request: Request, key: str, intake: StreamingUploadHandler) -> HttpResponse:
    """Write a message of those who answer; on an error, a page of its own keeps what was typed."""
    need: Need = get_object_or_404(needs(actor=request.actor), key=key)
    form = AddressedMessageForm(request.POST, teams=asked_teams(need))
    outcome = run_message_form(
        request,
        write_message_with_files,
        form,
        intake,
        lambda: {"need_id": need.pk, "thread": form.conversation},
        success=_("Your message is kept, and sent to whom it is for."),
    )
    if outcome:
        return redirect(f"{need.get_absolute_url()}#conversation")
    return render(request, "web/needs/message.html", {"need": need, "form": form, **upload_limits()}, status=422)


@require_safe
def message_file(request: Request, key: str, pk: int) -> HttpResponseBase:
    """A file of a message, for those who read both."""
    file: File | None = File.objects.visible_to(request.actor).filter(pk=pk, record_kind=Message.kind_name()).first()
    messages = Message.objects.visible_to(request.actor).filter(need__key=key)
    if file is None or not messages.filter(pk=file.record_id).exists():
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file_response(request, file)
