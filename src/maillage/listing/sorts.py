"""Sorts of a listing, and sort keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce, Lower, NullIf, Replace
from django.utils.translation import get_language, gettext_lazy

from maillage.listing.values import Text


class FoldedText(Func):
    """A column in lower case without accents, as by `core.text.fold`, to sort and search small tables."""

    _FROM = "àâäáãåçèéêëìîïíñòôöóõùûüúýÿ’'-"
    _TO = "aaaaaaceeeeiiiinooooouuuuyy   "
    function = "translate"
    output_field = models.TextField()

    def __init__(self, expression: Any) -> None:
        ligatures = Replace(Replace(Lower(expression), Value("œ"), Value("oe")), Value("æ"), Value("ae"))
        super().__init__(ligatures, Value(self._FROM), Value(self._TO))


def localised_sort_key(name: str) -> Callable[[], FoldedText]:
    """A sort key: a bilingual field in the active language, or in the other one if that is empty."""

    def key() -> FoldedText:
        first, second = ("fr", "en") if (get_language() or "fr").startswith("fr") else ("en", "fr")
        return FoldedText(Coalesce(NullIf(F(f"{name}_{first}"), Value("")), F(f"{name}_{second}")))

    return key


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort by key columns (paths, expressions or functions that return expressions), all in the same direction.

    `nullable` is whether a key may be null; null values come last. Without it the sort can use a plain index.
    """

    key: str
    title: Text
    columns: tuple[Any, ...]
    descending: bool = False
    nullable: bool = False


def first_possible_day(path: str = "possible") -> Func:
    """The first day on which a fact may hold, for sorting; null if it is unknown."""
    return Func(F(path), function="lower", output_field=models.DateField())


NEWEST = Sort("newest", gettext_lazy("latest first"), (first_possible_day(),), descending=True, nullable=True)
OLDEST = Sort("oldest", gettext_lazy("earliest first"), (first_possible_day(),), nullable=True)
