"""Sections of the pages of labels and awards."""

from collections.abc import Iterable

from django.utils import timezone

from maillage.core.actors import PUBLIC
from maillage.core.request import Request
from maillage.labels.holder_words import holder_contradictions, holders_sentence, known_holders
from maillage.labels.models import Award, Label
from maillage.labels.queries import has_known_end
from maillage.presentation.action_forms import is_action_allowed
from maillage.web.charter import record_sections as charter
from maillage.web.label_agreements import record_sections as agreements
from maillage.web.labels.scheme import scheme_sections
from maillage.web.listing.page_parts import register_record_sections


@register_record_sections("labels")
def label_sections(request: Request, label: Label) -> dict[str, object]:
    """Scheme, waves, charter, and number of holders on the day read."""
    return {
        "template": "labels/label",
        **scheme_sections(request, label),
        **label_holders_section(request, label),
        **charter.label_charter_section(request, label),
    }


@register_record_sections("awards")
def award_sections(request: Request, award: Award) -> dict[str, object]:
    """Badge (as of today), label agreement, charter, and the reader's actions on the term."""
    return {
        "template": "labels/award",
        "has_badge": request.as_of.known is None and award.pk in awards_with_badge([award]),
        "end_known": has_known_end(award),
        "may_change": is_action_allowed(request, "labels.end_award", award_id=award.pk),
        **agreements.award_agreement_section(request, award),
        **charter.award_charter_section(request, award),
    }


def awards_with_badge(awards: Iterable[Award]) -> set[int]:
    """The ids of those awards that have a badge."""
    public = Award.objects.visible_to(PUBLIC).filter(pk__in=[award.pk for award in awards])
    return set(public.exclude(holder=None).values_list("pk", flat=True))


def label_holders_section(request: Request, label: Label) -> dict[str, object]:
    """What is known of who holds the label on the day read; simulated awards are not counted."""
    known = known_holders(label, request.as_of.on, actor=request.actor)
    return {
        "holders": known,
        "holders_sentence": holders_sentence(known, timezone.localdate()),
        "holder_disputes": holder_contradictions(label, actor=request.actor) if known.disputed else [],
        "day": known.day,
    }
