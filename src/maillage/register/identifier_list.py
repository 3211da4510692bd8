"""The list of the identifiers of organisations: each is a fact with its own sources.

Files may also give identifiers in the rows of organisations; a row here is then the same identifier, with its lasting
key. An identifier is corrected or withdrawn; it does not end, since it names the organisation for ever.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_lazy

from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.outcomes import RowOutcome, find_records
from maillage.core.rows.row import Described, LastingRow
from maillage.core.rows.sources import Origin, Sources
from maillage.core.rows.values import Choice, Text, Values
from maillage.register.identifiers import InvalidIdentifierError, normalise_identifier
from maillage.register.models import Identifier, Organisation
from maillage.register.row_types import ORGANISATION
from maillage.register.vocabulary import IDENTIFIER_SCHEMES

_SCHEMES = [(scheme, described.label) for scheme, described in IDENTIFIER_SCHEMES.items()]


class IdentifierRow(LastingRow):
    """An identifier of an organisation in a public register."""

    of: Annotated[str, ORGANISATION, Described(gettext_lazy("Organisation"), into="organisation")]
    scheme: Annotated[str, Choice(_SCHEMES), Described(gettext_lazy("Identifier scheme"), example="ror")]
    value: Annotated[str, Text(200), Described(gettext_lazy("Identifier"), gettext_lazy(
        "As its register writes it, or its address there; its checksum is verified."),
        example="02vjkv261")]  # fmt: skip
    source: Sources = []


class _IdentifierList(FactList[IdentifierRow, Identifier]):
    """Identifiers are written in the canonical form of their scheme."""

    def read(self, values: Values) -> IdentifierRow:
        """The row with its identifier in canonical form. Raises `RowError`."""
        row = super().read(values)
        try:
            canonical = normalise_identifier(row.scheme, row.value)
        except InvalidIdentifierError as error:
            raise RowError(str(error), "value") from error
        return row if row.value == canonical else super().read({**values, "value": canonical})

    def write_record(
        self, row: IdentifierRow, origin: Origin, record: Identifier | None = None
    ) -> tuple[Identifier, RowOutcome]:
        """Write a row. Raises `RowError` for an identifier that another organisation bears."""
        organisation = ORGANISATION.find(row.of)
        if isinstance(organisation, Organisation):
            check_not_borne_by_another(organisation, row.scheme, row.value, "value")
        return super().write_record(row, origin, record)


def check_not_borne_by_another(organisation: Organisation, scheme: str, value: str, field: str) -> None:
    """Raise `RowError` for an identifier of which each value names one organisation, if another one bears it."""
    if not IDENTIFIER_SCHEMES[scheme].unique:
        return
    bearers = find_records(Identifier, {"scheme": scheme, "value": value})
    other = next((each for each in bearers if each.organisation_id != organisation.pk), None)
    if other is not None:
        message = gettext("the %(scheme)s %(value)s is that of “%(other)s” already; correct one of the two")
        words = {"scheme": IDENTIFIER_SCHEMES[scheme].label, "value": value, "other": other.organisation.key}
        raise RowError(message % words, field)


IDENTIFIERS = _IdentifierList(
    name="identifiers",
    title=gettext_lazy("Identifiers"),
    row=IdentifierRow,
    model=Identifier,
    natural_key=("of", "scheme", "value"),
    writers=(OFFICER, MANAGER, LEAD, PILOT),
    concerns=("of",),
    export_order=("organisation__key", "scheme", "value"),
    without=("visibility",),
    # The row of its organisation has just made the identifier.
    adopts_keys=True,
)
