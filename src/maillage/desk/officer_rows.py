"""What waits for the officers of the site, one row a subject: contradictions, lookalikes, mails that did not arrive."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from maillage.core.actors import OFFICER
from maillage.core.models import Contradiction
from maillage.desk.providers import DeskKind, DeskReader, DeskRow, desk_rows
from maillage.register.queries import undecided_lookalikes


@desk_rows(
    DeskKind("contradictions", gettext_lazy("Contradictions"), "bell"),
    DeskKind("lookalikes", gettext_lazy("Records that look alike"), "people"),
)
def register_rows(reader: DeskReader) -> Iterator[DeskRow]:
    """The contradictions to settle and the pairs of records to tell apart."""
    if reader.attended is not None or not reader.actor.is_officer:
        return
    if number := Contradiction.objects.visible_to(reader.actor).filter(settled_side="").count():
        title = ngettext("%d contradiction to settle", "%d contradictions to settle", number) % number
        yield _row("contradictions", title, reverse("contradictions:list"), _("Two sources say different things"))
    if number := undecided_lookalikes(actor=reader.actor).count():
        title = ngettext("%d pair of records to tell apart", "%d pairs of records to tell apart", number) % number
        yield _row("lookalikes", title, reverse("lookalikes"), _("They came with an import"))


def _row(kind: str, title: str, url: str, about: str) -> DeskRow:
    act = pgettext("act on the desk", "Settle")
    return DeskRow(kind=kind, number=1, title=title, url=url, act=act, roles=frozenset({OFFICER}), about=about)
