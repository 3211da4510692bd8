"""What the search for laboratories is asked: some words, or a need that the reader may read, and by whom."""

from dataclasses import dataclass
from typing import Self

from maillage.core.request import Request
from maillage.partnerships.laboratory_matching import (
    NO_FILTERS,
    LaboratoryFilters,
    LaboratoryMatches,
    match_laboratories,
)
from maillage.partnerships.models import Need
from maillage.partnerships.need_inputs import MAX_TEXT_LENGTH
from maillage.partnerships.queries import needs, requester_of
from maillage.partnerships.requester_ties import Asker
from maillage.web.partnerships.asker_fields import posted_asker, ties_left_out

_MAX_VALUE = 100


@dataclass(frozen=True, slots=True)
class LaboratoryQuestion:
    """A text, who asks, the need it is of (if any), the filters, and whether ties were left out."""

    text: str
    asker: Asker | None
    need: Need | None
    filters: LaboratoryFilters
    ties_off: bool

    @classmethod
    def of(cls, request: Request) -> Self:
        """The question of a form, of an address with words (`?q=`), or about a need (`?of=` and its key).

        A need that the reader may not read is not asked about: its key is as good as an unknown one.
        """
        values = request.POST if request.method == "POST" else request.GET
        filters = LaboratoryFilters(
            *(values.get(name, "")[:_MAX_VALUE].replace("\0", "") for name in ("region", "body", "label"))
        )
        key = values.get("of", "")[:_MAX_VALUE].replace("\0", "")
        need = needs(actor=request.actor).filter(key=key).first() if key else None
        if need:
            return cls.about(request, need, filters, ties_off=values.get("ties", values.get("ties_were")) == "off")
        text = values.get("need", "") or values.get("q", "")
        return cls(
            text[:MAX_TEXT_LENGTH].replace("\0", " ").strip(),
            posted_asker(request),
            None,
            filters,
            ties_left_out(request),
        )

    @classmethod
    def about(
        cls, request: Request, need: Need, filters: LaboratoryFilters = NO_FILTERS, *, ties_off: bool = False
    ) -> Self:
        """The question of a need."""
        asker = None if ties_off else Asker.of(requester_of(need, actor=request.actor))
        return cls(f"{need.title} {need.text}".strip(), asker, need, filters, ties_off)

    def matches(self, request: Request, limit: int) -> LaboratoryMatches:
        """The laboratories, at most `limit`."""
        if not self.text:
            return LaboratoryMatches()
        return match_laboratories(
            self.text, actor=request.actor, on=request.as_of.on, asker=self.asker, filters=self.filters, limit=limit
        )
