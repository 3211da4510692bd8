"""The section of files on record pages."""

from django.db.models import Model

from maillage.core.models import Source
from maillage.core.request import Request
from maillage.core.security.visibility import Visibility
from maillage.files import queries
from maillage.files.source_documents import document_files
from maillage.listing.listing import Listing
from maillage.web.files.uploads import upload_limits


def files_section(request: Request, listing: Listing, record: Model) -> dict[str, object]:
    """The files of a record, with what the upload form needs; empty when reading a past state.

    A source has the document that it names, which is attached on the page of a fact.
    """
    if request.as_of.known:
        return {}
    if isinstance(record, Source):
        return {"files": document_files(record, actor=request.actor)}
    kind = listing.model._meta.label_lower
    return {
        "files": queries.files_of(kind, record.pk, actor=request.actor),
        "file_visibilities": Visibility.choices,
        **upload_limits(),
    }
