"""The list of sources: what facts cite, each once, whoever cites it.

Facts give their sources in their own rows; a row here is then the same source, with its lasting key. To correct a
source here corrects it for every fact that cites it, so that officers do so; who writes a fact cites another source.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_lazy

from maillage.core.models import Source
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.row import Described, LastingRow
from maillage.core.rows.sources import SOURCE_KEYS, Digest, SourceValue
from maillage.core.rows.values import Choice, PartialDay, Text, Values, WebAddress


class SourceRow(LastingRow):
    """A web page, a document, a letter or the statement of an organisation, as facts cite it."""

    kind: Annotated[str, Choice(Source.Kind.choices), Described(gettext_lazy("Kind"), example="document")] = ""
    url: Annotated[str, WebAddress(1000), Described(gettext_lazy("Address of the page"), example="https://…")] = ""
    title: Annotated[str, Text(300), Described(gettext_lazy("Title"))] = ""
    issuer: Annotated[str, Text(300), Described(gettext_lazy("Signed or issued by"))] = ""
    dated: Annotated[str, PartialDay(), Described(gettext_lazy("Dated"))] = ""
    place: Annotated[str, Text(300), Described(gettext_lazy("Page or article"))] = ""
    of: Annotated[str, Text(80), Described(gettext_lazy("Stated by"), gettext_lazy(
        "The key of the organisation that makes a statement."), into="stated_by", editable=False)] = ""  # fmt: skip
    sha256: Annotated[str, Digest(), Described(gettext_lazy("SHA-256 of the document"), gettext_lazy(
        "Names the document that is attached, also where its file is not kept."),
        into="digest", editable=False)] = ""  # fmt: skip


class _SourceList(FactList[SourceRow, Source]):
    """A page is told from another by its address; any other source by its words and its document."""

    def lookup(self, row: SourceRow) -> Values:
        """The natural key of a row as model fields."""
        if row.url:
            return {"url": row.url}
        words = {field: getattr(row, key) for key, field in SOURCE_KEYS.items()}
        return words | kind_of_source(row, None)


def kind_of_source(row: SourceRow, _record: Source | None) -> Values:
    """The kind of a source: a web page if it has an address, else a document unless the row says otherwise."""
    if row.url:
        return {"kind": Source.Kind.WEB}
    return {"kind": row.kind or Source.Kind.DOCUMENT} if row.has("kind") or not row.id else {}


def _check(row: SourceRow) -> None:
    """Raise `RowError` for a source that no fact could cite."""
    if row.kind == Source.Kind.WEB and not row.url:
        raise RowError(gettext("Give the address of the page."), "url")
    if row.url and row.sha256:
        raise RowError(gettext("A document is attached to this source; cite the web page instead on each fact."), "url")
    if row.id and not row.has("title", "url", "of"):
        return
    given = {key: text for key in SOURCE_KEYS if (text := getattr(row, key)) and not (key == "kind" and row.url)}
    try:
        SourceValue().parse(given)
    except InvalidValueError as error:
        raise error.as_row_error(error.part or "title") from error


SOURCES = _SourceList(
    name="sources",
    title=gettext_lazy("Sources"),
    row=SourceRow,
    model=Source,
    natural_key=("url", "kind", "title", "issuer", "dated", "place", "of", "sha256"),
    check=_check,
    values=kind_of_source,
    without=("visibility", "read_on", "citations"),
    adopts_keys=True,
)
