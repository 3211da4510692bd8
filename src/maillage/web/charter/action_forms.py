"""What the holder and who runs the label do on a follow-up: proofs, certificates, objectives, reviews."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from maillage.charter.actions.evidence import attach_to_follow_up
from maillage.charter.models import FollowUp
from maillage.core.request import Request
from maillage.files.uploads import StreamingUploadHandler, discard_unless_stored
from maillage.web.files.uploads import get_incoming_file, upload_limits


def run_with_file(act: Callable[..., Any], follow_up: FollowUp, intake: StreamingUploadHandler, **by: Any) -> Any:
    """What an action returns with the digest of the file that the form carried, if any; both are kept, or neither."""
    if intake.incoming is None and not intake.refused:
        return act(**by)
    incoming = get_incoming_file(intake)
    with discard_unless_stored(incoming), transaction.atomic():
        file = attach_to_follow_up(follow_up_id=follow_up.pk, incoming=incoming, **by)
        return act(digest=file.content.digest, **by)


def follow_up_form_page(
    request: Request, form: forms.Form, follow_up: FollowUp, *, upload: bool = False, **words: Any
) -> HttpResponse:
    """The form about a follow-up, with its words, and a place for a file where it may carry one."""
    context = {"form": form, "about": follow_up, "upload": upload, **upload_limits(), **words}
    return render(request, "web/act.html", context, status=422 if form.is_bound else 200)
