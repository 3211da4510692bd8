"""Read needs from a CSV file, and write rankings as a TREC run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from maillage.language import gettext as _
from maillage.language import os_error_reason
from maillage.matching.partners.ranker import RankedParties

NEED_COLUMNS = ("identifier", "text")
MEMBERS_COLUMN, REGION_COLUMN, SECTOR_COLUMN = "members", "region", "domain"
RUN_TAG = "maillage"
_SEPARATORS = re.compile(r"[,;]")


class InvalidNeedsFileError(ValueError):
    """An invalid file of needs; the message names the file, the line and the remedy."""


@dataclass(frozen=True, slots=True)
class IdentifiedNeed:
    """A need with the identifier of its author, the numbers of those who take part already, and what else is known.

    `region` and `sector` are those of who asks, in the words of the file.
    """

    identifier: str
    text: str
    members: tuple[str, ...] = ()
    region: str = ""
    sector: str = ""


def read_needs(path: Path) -> list[IdentifiedNeed]:
    """The needs of a CSV file in UTF-8 with the columns `identifier` and `text` in its first row.

    A column `members` holds the numbers of those who take part already, separated by spaces, commas or semicolons;
    `region` and `domain` are those of who asks; others are ignored.
    Raises `InvalidNeedsFileError` if the file cannot be read, lacks a column, or a row has no text or no unique
    identifier.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_needs(path.name, csv.DictReader(file, strict=True)).values())
    except OSError as error:
        reason = _("%(file)s cannot be read: %(reason)s. Check the path and the rights.")
        raise InvalidNeedsFileError(reason % {"file": path, "reason": _(os_error_reason(error))}) from error
    except UnicodeDecodeError as error:
        raise InvalidNeedsFileError(_("%(file)s is not in UTF-8. Save it as UTF-8.") % {"file": path}) from error


def _needs(file: str, rows: csv.DictReader[str]) -> dict[str, IdentifiedNeed]:
    needs: dict[str, IdentifiedNeed] = {}
    try:
        if missing := [name for name in NEED_COLUMNS if name not in (rows.fieldnames or ())]:
            reason = _("the column “%(column)s” is missing; name the columns identifier and text in the first row")
            raise _invalid_row(file, 1, reason % {"column": missing[0]})
        for row in rows:
            need = _need(file, rows.line_num, row)
            if need.identifier in needs:
                reason = _("the identifier “%(identifier)s” was given before; give each need its own")
                raise _invalid_row(file, rows.line_num, reason % {"identifier": need.identifier})
            needs[need.identifier] = need
    except csv.Error as error:
        reason = _("it cannot be read (%(reason)s); correct its quotes") % {"reason": error}
        raise _invalid_row(file, rows.line_num, reason) from error
    return needs


def _need(file: str, line: int, row: dict[str, str]) -> IdentifiedNeed:
    identifier, text = ((row[name] or "").strip() for name in NEED_COLUMNS)
    if not identifier or len(identifier.split()) > 1:
        raise _invalid_row(file, line, _("the identifier is empty or holds a space; give it one without"))
    if not text:
        raise _invalid_row(file, line, _("the text is empty; write the need there, or take the row out"))
    members = tuple(_SEPARATORS.sub(" ", row.get(MEMBERS_COLUMN) or "").split())
    region, sector = ((row.get(name) or "").strip() for name in (REGION_COLUMN, SECTOR_COLUMN))
    return IdentifiedNeed(identifier, text, members, region, sector)


def _invalid_row(file: str, line: int, reason: str) -> InvalidNeedsFileError:
    return InvalidNeedsFileError(
        _("%(file)s, line %(line)d: %(reason)s.") % {"file": file, "line": line, "reason": reason}
    )


def write_run(out: TextIO, needs: Sequence[IdentifiedNeed], rankings: Iterable[RankedParties]) -> None:
    """Write `qid Q0 docid rank score tag` lines; `docid` is the number of the party at its source, ranks begin at 1."""
    for need, ranked in zip(needs, rankings, strict=True):
        for rank, (party, score) in enumerate(ranked, 1):
            out.write(f"{need.identifier} Q0 {party} {rank} {score:.6f} {RUN_TAG}\n")
