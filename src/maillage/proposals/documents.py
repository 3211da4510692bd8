"""The document that comes with a proposal: kept for those who answer it, and for the fact once it is accepted."""

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.actors import Actor
from maillage.core.history import tracked_models
from maillage.core.models import Citation, LastingKey
from maillage.core.rows.values import Values
from maillage.core.security.visibility import Visibility, organisation_ids_of
from maillage.files.attachments import copy_file, store_file
from maillage.files.models import File
from maillage.files.queries import distinct_files
from maillage.files.source_documents import keep_copies
from maillage.files.uploads import IncomingFile
from maillage.proposals.models import Proposal


def attach_to_proposal(proposal: Proposal, document: IncomingFile, *, actor: Actor, at: dt.datetime) -> None:
    """Keep the document that the source of a proposal names, for officers until the proposal is before others."""
    if document.digest not in _digests(proposal.values):
        raise ActionError(_("This file is not the document of the source that is proposed."))
    store_file(
        actor=actor,
        at=at,
        incoming=document,
        record=(Proposal.kind_name(), proposal.pk),
        organisation_id=None,
        visibility=Visibility.NAMED,
    )


def _digests(values: Values) -> set[str]:
    return {
        source["sha256"] for source in values.get("source") or [] if isinstance(source, dict) and "sha256" in source
    }


def open_document(proposal: Proposal) -> None:
    """Let those who answer a proposal read its document."""
    for file in distinct_files(Proposal.kind_name(), proposal.pk):
        for organisation_id in proposal.readers:
            copy_file(file, organisation_id=organisation_id, visibility=Visibility.ORGANISATION)


def document_of(proposal: Proposal, *, actor: Actor) -> File | None:
    """The document of a proposal, if the actor may read it."""
    files = File.objects.visible_to(actor).filter(record_kind=Proposal.kind_name(), record_id=proposal.pk)
    document: File | None = files.select_related("content").order_by("pk").first()
    return document


def keep_with_fact(proposal: Proposal, record: LastingKey, actor: Actor) -> None:
    """Keep the document of an accepted proposal for the organisations of the fact that cites it."""
    for file in distinct_files(Proposal.kind_name(), proposal.pk):
        cited = Citation.objects.filter(record_kind=record.kind_name(), record_id=record.pk)
        citation = cited.filter(source__digest=file.content.digest).select_related("source").first()
        if citation is not None:
            own = {actor.acting.organisation_id} if actor.acting else set()
            keep_copies(citation.source, file, organisation_ids_of(type(record), record.pk) | own)
            delete_documents([proposal.pk])


def delete_documents(proposal_ids: Collection[int] | QuerySet[Proposal, int], *, with_history: bool = False) -> None:
    """Delete the documents of proposals; a job removes their content where nothing else uses it.

    With their history go their names, those of documents that were deleted before included.
    """
    about = {"record_kind": Proposal.kind_name(), "record_id__in": proposal_ids}
    File.objects.filter(**about).delete()
    if with_history:
        dict(tracked_models())[File]._default_manager.filter(**about).delete()
