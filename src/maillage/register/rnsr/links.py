"""Links between structures of RNSR and organisations of ROR, read as proposals: pairs for an officer to decide."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from maillage.register.identifiers import InvalidIdentifierError, normalise_identifier
from maillage.register.models import Identifier
from maillage.register.rnsr.file_reader import Row, read_rows
from maillage.register.rnsr.likeness import LookalikeReason, save_lookalikes
from maillage.register.ror.records import clean_text

LINK_COLUMNS = ("rnsr_id", "ror_id", "by", "same_town", "n_rnsr_for_ror")


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """A structure and an organisation of ROR, with the ground on which they were taken to be one.

    `structures` is how many structures are linked to that organisation.
    """

    line: int
    rnsr: str
    ror: str
    ground: str
    same_town: bool = True
    structures: int = 1


@dataclass(slots=True)
class WrittenLinks:
    """How many pairs are new, how many were known, and the links of which one side is not in the register."""

    read: int = 0
    new: int = 0
    known: int = 0
    absent: list[ProposedLink] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def read_links(path: Path, refusals: list[str]) -> Iterator[ProposedLink]:
    """The links of a file; those that cannot be read are told in `refusals`. Raises `InvalidFileError`."""
    for line, row in read_rows(path, LINK_COLUMNS):
        try:
            if isinstance(row, str):
                raise InvalidIdentifierError(row)
            yield _link(line, row)
        except InvalidIdentifierError as error:
            refusals.append(
                _("%(file)s:%(line)d: %(reason)s") % {"file": path.name, "line": line, "reason": str(error)}
            )


def _link(line: int, row: Row) -> ProposedLink:
    count = clean_text(row["n_rnsr_for_ror"])
    return ProposedLink(
        line,
        normalise_identifier("rnsr", clean_text(row["rnsr_id"])),
        normalise_identifier("ror", clean_text(row["ror_id"])),
        clean_text(row["by"])[:80],
        same_town=clean_text(row["same_town"]).lower() in ("true", "1", "yes"),
        structures=int(count) if count.isdecimal() else 1,
    )


def write_links(links: list[ProposedLink]) -> WrittenLinks:
    """Put each link to review, unless its two records are one already or were decided on."""
    organisations = {
        (scheme, value): pk
        for scheme, value, pk in Identifier.objects.filter(scheme__in=("rnsr", "ror")).values_list(
            "scheme", "value", "organisation_id"
        )
    }
    written, pairs = WrittenLinks(read=len(links)), dict[tuple[int, int], list[LookalikeReason]]()
    for link in links:
        structure, here = organisations.get(("rnsr", link.rnsr)), organisations.get(("ror", link.ror))
        if structure is None or here is None:
            written.absent.append(link)
        elif structure != here:
            pairs[here, structure] = link_reasons(link)
    written.new = save_lookalikes(pairs)
    written.known = len(links) - len(written.absent) - written.new
    return written


def link_reasons(link: ProposedLink) -> list[LookalikeReason]:
    """Why a link is proposed, and what speaks against it."""
    reasons: list[LookalikeReason] = [{"reason": "link", "ground": link.ground}]
    if not link.same_town:
        reasons.append({"reason": "other-town"})
    if link.structures > 1:
        reasons.append({"reason": "several", "count": link.structures})
    return reasons
