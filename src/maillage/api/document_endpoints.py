"""Endpoint by which a program sends the document that a source of a fact cites."""

from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from maillage.api.action_endpoints import action_result, errors_as_problems
from maillage.api.authentication import Bearer
from maillage.api.models import TokenScope
from maillage.api.openapi_operations import document_operation
from maillage.api.problems import ProblemError, field_problem
from maillage.api.schemas import PROBLEMS, Done, ProblemBody
from maillage.core.action_registry import REGISTRY
from maillage.core.actors import Actor
from maillage.core.models import Citation
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.security.session_scope import actor_scope
from maillage.core.security.visibility import Visibility
from maillage.files.actions.source_documents import attach_source_document
from maillage.files.file_types import FileTooLargeError
from maillage.files.source_documents import DOCUMENT_VISIBILITIES
from maillage.files.uploads import (
    IncomingFile,
    StreamingUploadHandler,
    discard_unless_stored,
    file_too_large_error,
    is_too_long,
)

_ACTION = "files.attach_source_document"


def add_document_endpoint(api: NinjaAPI) -> None:
    """Add `POST /facts/LIST/KEY/document`, whose body is a form, since a file is no JSON."""
    api.post(
        "/facts/{list_name}/{uuid:fact_id}/document",
        response={200: Done, **PROBLEMS, **dict.fromkeys((409, 413), ProblemBody)},
        auth=Bearer(TokenScope.WRITE),
        tags=["actions"],
        operation_id="attach_document",
        summary=REGISTRY[_ACTION].title,  # type: ignore[arg-type]  # it is translated when the description is made
        description="Attach the document that a source of the fact names by its `sha256`. It may be sent again.",
        openapi_extra=document_operation([str(visibility) for visibility in DOCUMENT_VISIBILITIES]),
    )(_attach_document)


def _attach_document(request: HttpRequest, list_name: str, fact_id: UUID) -> Done:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    with actor_scope(actor):
        fact = _find_fact(actor, list_name, fact_id)
    intake = StreamingUploadHandler(request)
    try:
        incoming = _receive(request, intake)
        citation = _find_citation(fact, incoming.digest)
        with discard_unless_stored(incoming), errors_as_problems(), transaction.atomic():
            source = attach_source_document(
                actor=actor,
                at=timezone.now(),
                citation_id=citation.pk,
                incoming=incoming,
                visibility=request.POST.get("visibility") or Visibility.ORGANISATION,
            )
    finally:
        intake.discard()
    return Done(action=_ACTION, result=action_result(source))


def _find_fact(actor: Actor, list_name: str, fact_id: UUID) -> Model:
    """The fact with this lasting key. Raises `ProblemError` 404 if the actor may read none."""
    fact_list = FACT_LISTS.get(list_name)
    if fact_list is None:
        raise ProblemError(404, _("“%s” is no list of the register.") % list_name[:60])
    records = fact_list.records().filter(uid=fact_id)
    fact: Model | None = (records.visible_to(actor) if hasattr(records, "visible_to") else records).first()
    if fact is None:
        raise ProblemError(404, _("No record has the number given, or it is not yours."))
    return fact


def _receive(request: HttpRequest, intake: StreamingUploadHandler) -> IncomingFile:
    """The file of the form, streamed to the disk. Raises `ProblemError` 413 if it is too large, 422 if it is none."""
    if is_too_long(request):
        raise ProblemError(413, str(file_too_large_error()))
    request.upload_handlers = [intake]
    request.FILES.keys()  # Reading the form receives the file.
    if intake.refused:
        raise ProblemError(413 if isinstance(intake.refused, FileTooLargeError) else 422, str(intake.refused))
    if intake.incoming is None:
        raise field_problem("file", _("Send the document as the part “file” of a form (multipart/form-data)."))
    return intake.incoming


def _find_citation(fact: Model, digest: str) -> Citation:
    """The last citation by which a fact cites a document. Raises `ProblemError` 409 if it cites no such document."""
    about = {"record_kind": fact._meta.label_lower, "record_id": fact.pk}
    citation: Citation | None = Citation.objects.filter(**about, source__digest=digest).order_by("-pk").first()
    if citation is None:
        raise ProblemError(
            409, _("No source of this fact names a document with the SHA-256 %s: cite it first.") % digest
        )
    return citation
