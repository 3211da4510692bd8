"""Sections of record pages for contradictions and visibility."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from maillage.core.addresses import record_address
from maillage.core.models import Contradiction
from maillage.core.queries import named_readers
from maillage.core.record_versions import record_version
from maillage.core.request import Request
from maillage.core.security.visibility import Visibility
from maillage.core.security.visibility_changes import has_settable_visibility, may_set_visibility
from maillage.listing.values import LocalisedText, localised_text
from maillage.presentation import record_links
from maillage.web.core.forms import NamedReaderForm, SettleForm, VisibilityForm
from maillage.web.listing.page_parts import register_list_certainties, register_record_sections


@dataclass(frozen=True, slots=True)
class DisputeSide:
    letter: str
    text: LocalisedText | None
    is_accepted: bool
    is_rejected: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """A contradiction ready for a page."""

    contradiction: Contradiction
    topic: LocalisedText | None
    sides: list[DisputeSide]
    url: str


def dispute_of(contradiction: Contradiction) -> Dispute:
    """Both sides of a contradiction, one accepted and one rejected once it is settled."""
    settled_side = contradiction.settled_side
    sides = [
        DisputeSide(
            letter, localised_text(contradiction, letter), settled_side == letter, settled_side not in ("", letter)
        )
        for letter in ("a", "b")
    ]
    address = record_address("contradictions", contradiction.pk)
    return Dispute(contradiction, localised_text(contradiction, "topic", address), sides, address)


@register_list_certainties("contradictions")
def contradiction_certainties(_request: Request, _contradictions: Iterable[Contradiction]) -> dict[int, str]:
    """Empty: a contradiction is not a fact, so it has no certainty."""
    return {}


@register_record_sections("contradictions")
def contradiction_sections(
    request: Request, contradiction: Contradiction, form: "SettleForm | None" = None
) -> dict[str, object]:
    """The sections of the page of a contradiction."""
    keys = [(subject.record_kind, subject.record_id) for subject in contradiction.subjects.all()[:50]]
    return {
        "template": "contradiction",
        "dispute": dispute_of(contradiction),
        "subjects": list(record_links.record_headings(keys, actor=request.actor).values()),
        "form": form or SettleForm(contradiction=contradiction),
    }


def visibility_section(request: Request, record: Model) -> dict[str, object]:
    """The forms and named readers, for those who may set the visibility; empty when reading a past state."""
    if request.as_of.known or not hasattr(record, "visibility") or not has_settable_visibility(type(record)):
        return {}
    if not may_set_visibility(request.actor, record):
        return {}
    initial = {"visibility": record.visibility, "version": record_version(type(record), record.pk)}
    section: dict[str, object] = {"visibility_form": VisibilityForm(initial=initial)}
    if record.visibility == Visibility.NAMED:
        section |= {"named": named_readers(record, actor=request.actor), "naming_form": NamedReaderForm()}
    return section
