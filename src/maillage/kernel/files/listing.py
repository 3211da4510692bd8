"""How files are listed for programs; their bytes are had at their address on the site."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.kernel.files.models import File
from maillage.kernel.files.queries import files_of_seen_records
from maillage.kernel.listing import Column, Listing, Said, Sort, choice, data_columns, register_behind

FILES = register_behind(
    Listing(
        name="files",
        model=File,
        title=_("Files"),
        one=_("file"),
        intro=_("What is attached to records that you may read, as far as you may see it."),
        columns=(
            Column("name", _("Name"), lambda file: Said(file.name, reverse("file", args=[file.pk, file.name]))),
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
            choice("record_kind", _("Kind"), "record_kind", ()),
            choice("record_id", _("number"), "record_id", ()),
        ),
        select_related=("content",),
        reads=lambda actor: files_of_seen_records(actor=actor),
    )
)
