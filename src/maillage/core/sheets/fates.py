"""What becomes of each row of a sheet, as pages show it and as JSON keeps it."""

import json
from collections import Counter
from dataclasses import dataclass, field

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
FATES = (REFUSED, CHANGED, NEW, UNCHANGED)
"""The fates in the order in which pages show them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a record that a row changes; `old` is empty if it had no value, `new` if it has none any more."""

    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused: the address of the cell (empty if no cell is to blame), its text, the reason, its field."""

    cell: str
    title: str
    text: str
    reason: str
    key: str = ""


@dataclass(slots=True)
class RowFate:
    """The fate of one row. `url` is the page of the record that is there, if it has one.

    `names` are the names and the town that a new row gives, by which it may resemble a record.
    """

    number: int
    fate: str
    title: str
    url: str = ""
    summary: str = ""
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """What a person has seen of the fate, to compare it when the sheet is applied."""
        return json.dumps([self.fate, [[change.title, change.old, change.new] for change in self.changes]])


@dataclass(slots=True)
class SheetReport:
    """The fates of all rows of a sheet."""

    rows: list[RowFate]

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows by fate, in the order of `FATES`."""
        counter = Counter(row.fate for row in self.rows)
        return {fate: counter[fate] for fate in FATES}

    @property
    def to_write(self) -> int:
        """How many rows are written."""
        counts = self.counts
        return counts[NEW] + counts[CHANGED]

    def of_fate(self, fate: str) -> list[RowFate]:
        """The rows with this fate; all of them, refused first, for an empty text."""
        if fate:
            return [row for row in self.rows if row.fate == fate]
        return sorted(self.rows, key=lambda row: FATES.index(row.fate))


def fate_from_json(line: str | bytes) -> RowFate:
    """The fate that a line of JSON holds."""
    row = json.loads(line)
    changes = [Change(**change) for change in row["changes"]]
    return RowFate(**{**row, "changes": changes, "faults": [Fault(**fault) for fault in row["faults"]]})
