"""Forms about a follow-up, which may include a file."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from maillage.charter.actions.evidence import attach_to_follow_up
from maillage.charter.models import FollowUp
from maillage.core.actors import Actor
from maillage.core.request import Request
from maillage.files.uploads import StreamingUploadHandler, discard_unless_stored
from maillage.web.files.uploads import get_incoming_file, upload_limits

Value = TypeVar("Value")


def run_with_file(
    action: Callable[..., Value],
    follow_up: FollowUp,
    intake: StreamingUploadHandler,
    *,
    actor: Actor,
    at: dt.datetime,
    **arguments: object,
) -> Value:
    """Run an action with the `digest` of the uploaded file, if any; both are stored, or neither."""
    if intake.incoming is None and not intake.refused:
        return action(actor=actor, at=at, **arguments)
    incoming = get_incoming_file(intake)
    with discard_unless_stored(incoming), transaction.atomic():
        file = attach_to_follow_up(follow_up_id=follow_up.pk, incoming=incoming, actor=actor, at=at)
        return action(digest=file.content.digest, actor=actor, at=at, **arguments)


def follow_up_form_page(
    request: Request, form: forms.Form, follow_up: FollowUp, *, upload: bool = False, **words: object
) -> HttpResponse:
    """The page of a form about a follow-up; `upload` adds a field for a file, `words` are texts of the page."""
    context = {"form": form, "about": follow_up, "upload": upload, **upload_limits(), **words}
    return render(request, "web/act.html", context, status=422 if form.is_bound else 200)
