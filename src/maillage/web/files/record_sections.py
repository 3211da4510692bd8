"""The section of files on record pages."""

from typing import Any

from maillage.core.request import Request
from maillage.core.security.visibility import Visibility
from maillage.files import queries
from maillage.listing.listing import Listing
from maillage.web.files.uploads import upload_limits


def files_section(request: Request, listing: Listing, record: Any) -> dict[str, object]:
    """The files of a record, with what the upload form needs; empty when reading a past state."""
    if request.as_of.known:
        return {}
    kind = listing.model._meta.label_lower
    return {
        "files": queries.files_of(kind, record.pk, actor=request.actor),
        "file_visibilities": Visibility.choices,
        **upload_limits(),
    }
