"""The action that keeps the document that a source of a fact cites."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actions.citations import find_citation, organisations_of_citation
from maillage.core.actions.facts import WRITERS
from maillage.core.actors import Actor
from maillage.core.models import Citation, Source
from maillage.core.security.visibility import Visibility
from maillage.files.attachments import store_file
from maillage.files.source_documents import (
    DOCUMENT_VISIBILITIES,
    is_kept_for,
    keep_copies,
    owners_of_document,
    readable_document,
)
from maillage.files.uploads import IncomingFile


@action(
    *WRITERS, title=gettext_lazy("Attach the document of a source"), concerns=organisations_of_citation, over_api=False
)
def attach_source_document(
    *,
    actor: Actor,
    at: dt.datetime,
    citation_id: int,
    incoming: IncomingFile | None = None,
    visibility: str = Visibility.ORGANISATION,
) -> Source:
    """Keep the document that a fact cites, for those who act for the organisations of the fact, unless others may read.

    Without a file it is the document that is kept already for another fact, if the actor may read it. Raises
    `ActionError` for another document than the one that is cited, and for a file that is not taken.
    """
    citation = find_citation(actor, at, citation_id)
    source = citation.source
    if incoming is not None and source.digest != incoming.digest:
        raise ActionError(_("This file is not the document that is cited: its content differs. Correct the source."))
    if visibility not in DOCUMENT_VISIBILITIES:
        raise ActionError(_("Say who may read the document."))
    readers = _readers(actor, citation)
    if incoming is not None:
        keep_document(source, incoming, readers, visibility, actor=actor, at=at)
    elif file := readable_document(source, actor=actor):
        keep_copies(source, file, readers, visibility)
    return source


def _readers(actor: Actor, citation: Citation) -> set[int]:
    """The organisations whose members may read a document: those of the fact, and the one that cites it."""
    own = {actor.acting.organisation_id} if actor.acting else set()
    return set(organisations_of_citation(citation_id=citation.pk)) | own


def keep_document(
    source: Source,
    incoming: IncomingFile,
    organisation_ids: set[int],
    visibility: str,
    *,
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Keep the document of a source from another action, without a permission check. Raises `ActionError`."""
    for organisation_id, of in owners_of_document(organisation_ids, visibility):
        if not is_kept_for(source, organisation_id, of):
            store_file(
                actor=actor,
                at=at,
                incoming=incoming,
                record=(Source.kind_name(), source.pk),
                organisation_id=organisation_id,
                visibility=of,
            )
