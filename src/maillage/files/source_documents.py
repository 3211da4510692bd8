"""Documents that are attached to sources: who may read them, and which of them an actor may read.

A source names its document by the SHA-256 of the content, so that one document serves for every source that cites a
page or an article of it, and is still named where its file is not kept.
"""

from collections.abc import Collection, Iterable

from maillage.core.actors import Actor
from maillage.core.models import Source
from maillage.core.security.visibility import Visibility, VisibleQuerySet
from maillage.files.attachments import copy_file
from maillage.files.models import File

# Who may read a document that is attached, the safest first.
DOCUMENT_VISIBILITIES = (Visibility.ORGANISATION, Visibility.NETWORK, Visibility.PUBLIC)


def source_documents(digests: Iterable[str], *, actor: Actor) -> dict[str, File]:
    """The file of each of these documents that this actor may read, by digest."""
    wanted = set(digests) - {""}
    if not wanted:
        return {}
    files = _documents().visible_to(actor).filter(content__digest__in=wanted).order_by("-pk")
    return {file.content.digest: file for file in files}


def document_files(source: Source, *, actor: Actor) -> list[File]:
    """The files of the document of a source that this actor may read: one for the readers of each organisation."""
    files = _documents().visible_to(actor).filter(content__digest=source.digest)
    return list(files.select_related("uploaded_by").order_by("pk")) if source.digest else []


def readable_document(source: Source, *, actor: Actor) -> File | None:
    """The document of a source, if it is kept and the actor may read it."""
    return source_documents([source.digest], actor=actor).get(source.digest)


def is_document_of_visible_source(file: File, *, actor: Actor) -> bool:
    """Whether an actor may read some source that has this file as its document."""
    return Source.objects.filter(digest=file.content.digest).visible_to(actor).exists()


def is_kept_for(source: Source, organisation_id: int | None, visibility: str) -> bool:
    """Whether the document of a source is kept already for the readers of an organisation, or of all."""
    kept = _documents().filter(content__digest=source.digest)
    return kept.filter(organisation_id=organisation_id, visibility=visibility).exists()


def owners_of_document(organisation_ids: Collection[int], visibility: str) -> list[tuple[int | None, str]]:
    """The organisation and the visibility of each file of a document; officers alone read that of no organisation."""
    if visibility == Visibility.PUBLIC:
        return [(min(organisation_ids, default=None), Visibility.PUBLIC)]
    if not organisation_ids:
        return [(None, Visibility.NAMED)]
    return [(organisation_id, visibility) for organisation_id in sorted(organisation_ids)]


def keep_copies(
    source: Source, file: File, organisation_ids: Collection[int], visibility: str = Visibility.ORGANISATION
) -> None:
    """Keep a file as the document of a source, for those who act for these organisations, or for more readers."""
    for organisation_id, of in owners_of_document(organisation_ids, visibility):
        if not is_kept_for(source, organisation_id, of):
            record = {"record_kind": Source.kind_name(), "record_id": source.pk}
            copy_file(file, **record, organisation_id=organisation_id, visibility=of)


def _documents() -> VisibleQuerySet[File]:
    documents: VisibleQuerySet[File] = File.objects.filter(record_kind=Source.kind_name()).select_related("content")
    return documents
