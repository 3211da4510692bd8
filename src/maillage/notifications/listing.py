"""The listing of a person's notices for the API."""

from django.utils.translation import gettext_lazy as _

from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import choice_filter, missing_value_filter
from maillage.listing.listing import Listing, register_back_office_listing
from maillage.listing.sorts import Sort
from maillage.listing.values import LocalisedText, localised_text
from maillage.notifications.models import Notice
from maillage.notifications.queries import notices


def _subject(notice: Notice) -> LocalisedText | None:
    return localised_text(notice, "subject", notice.link)


NOTICES = register_back_office_listing(
    Listing(
        name="notices",
        model=Notice,
        title=_("Notices"),
        singular=_("notice"),
        intro=_("What you were notified of, by mail or on the site."),
        columns=(
            Column("subject", _("Subject"), _subject),
            Column("body", _("Text"), lambda notice: str(notice.body)),
            *data_columns(
                kind=lambda notice: notice.kind,
                created_at=lambda notice: notice.created_at,
                read_at=lambda notice: notice.read_at,
            ),
        ),
        sorts=(Sort("newest", _("latest first"), ("created_at",), descending=True),),
        filters=(choice_filter("kind", _("Kind"), "kind", ()), missing_value_filter("unread", _("unread"), "read_at")),
        reads=lambda actor: notices(actor=actor),
    )
)
