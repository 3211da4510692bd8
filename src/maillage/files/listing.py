"""The listing of files for the API; their content is downloaded from their address on the site."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.files.access import readable_files
from maillage.files.models import File
from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import choice_filter
from maillage.listing.listing import Listing, register_back_office_listing
from maillage.listing.sorts import Sort
from maillage.listing.values import LocalisedText

FILES = register_back_office_listing(
    Listing(
        name="files",
        model=File,
        title=_("Files"),
        singular=_("file"),
        intro=_("What is attached to records that you may read, as far as you may see it."),
        columns=(
            Column(
                "name",
                _("Name"),
                lambda file: LocalisedText(file.name, reverse("file", args=[file.pk, file.name])),
                # Else the API would find the type by `reverse`, which loads the addresses while it makes them.
                value_type=LocalisedText,
            ),
            Column("visibility", _("visibility"), lambda file: file.visibility),
            *data_columns(
                record_kind=lambda file: file.record_kind,
                record_id=lambda file: file.record_id,
                organisation_id=lambda file: file.organisation_id,
                media_type=lambda file: file.content.media_type,
                size=lambda file: file.content.size,
                sha256=lambda file: file.content.digest,
                uploaded_at=lambda file: file.uploaded_at,
            ),
        ),
        sorts=(Sort("newest", _("latest first"), ("uploaded_at",), descending=True),),
        filters=(
            choice_filter("record_kind", _("Kind"), "record_kind", ()),
            choice_filter("record_id", _("number"), "record_id", ()),
        ),
        select_related=("content",),
        reads=lambda actor: readable_files(actor=actor),
    )
)
