"""Sorts of a listing, and sort keys."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy

from maillage.core.folded_text import FoldedText
from maillage.listing.values import Text

# The end of the key of a sort in the other direction.
REVERSED = "-reversed"


def organisation_sort_key(path: str = "") -> Callable[[], F]:
    """A sort key: the name of the organisation at `path` (`holder__`) in the active language, for a plain index."""

    def key() -> F:
        return F(f"{path}{'sort_name' if _reads_french() else 'sort_name_en'}")

    return key


def _reads_french() -> bool:
    return (get_language() or "fr").startswith("fr")


def localised_sort_key(name: str) -> Callable[[], FoldedText]:
    """A sort key: a bilingual field in the active language, or in the other one if that is empty."""

    def key() -> FoldedText:
        first, second = ("fr", "en") if _reads_french() else ("en", "fr")
        return FoldedText(Coalesce(NullIf(F(f"{name}_{first}"), Value("")), F(f"{name}_{second}")))

    return key


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort by key columns (paths, expressions or functions that return expressions), all in the same direction.

    `nullable` is whether a key may be null; null values come last. Without it the sort can use a plain index.
    `column` is the key of the column by which it sorts, if that is not its own key.
    """

    key: str
    title: Text
    columns: tuple[object, ...]
    descending: bool = False
    nullable: bool = False
    column: str = ""

    def reversed(self) -> "Sort":
        """The same keys in the other direction, under its own key."""
        title = format_lazy(gettext_lazy("{order}, reversed"), order=self.title)
        return replace(self, key=f"{self.key}{REVERSED}", title=title, descending=not self.descending)


def first_possible_day(path: str = "possible") -> Func:
    """The first day on which a fact may hold, for sorting; null if it is unknown."""
    return Func(F(path), function="lower", output_field=models.DateField())


NEWEST = Sort(
    "newest", gettext_lazy("latest first"), (first_possible_day(),), descending=True, nullable=True, column="period"
)
OLDEST = Sort("oldest", gettext_lazy("earliest first"), (first_possible_day(),), nullable=True, column="period")
