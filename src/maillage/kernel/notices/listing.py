"""How a person's notices are listed for programs."""

from django.utils.translation import gettext_lazy as _

from maillage.kernel.listing import Column, Listing, Said, Sort, choice, data_columns, register_behind, said, without
from maillage.kernel.notices.models import Notice
from maillage.kernel.notices.queries import notices


def _subject(notice: Notice) -> Said | None:
    return said(notice, "subject", notice.link)


NOTICES = register_behind(
    Listing(
        name="notices",
        model=Notice,
        title=_("Notices"),
        one=_("notice"),
        intro=_("What you were told of, by mail or on the site."),
        columns=(
            Column("subject", _("Subject"), _subject),
            Column("body", _("Text"), lambda notice: notice.body),
            *data_columns(
                kind=lambda notice: notice.kind,
                created_at=lambda notice: notice.created_at,
                read_at=lambda notice: notice.read_at,
            ),
        ),
        sorts=(Sort("newest", _("latest first"), ("created_at",), descending=True),),
        filters=(choice("kind", _("Kind"), "kind", ()), without("unread", _("unread"), "read_at")),
        reads=lambda actor: notices(actor=actor),
    )
)
