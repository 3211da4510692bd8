"""The certainty of a record, computed from its citations and contradictions."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core.actors import Actor
from maillage.core.models import Citation, Contradiction, ContradictionSubject, Source, Stance

# A source read longer ago than this is no evidence for today.
STALE_AFTER = dt.timedelta(days=2 * 365)

RecordKey = tuple[str, int]


class CertaintyLevel(models.TextChoices):
    """How well a record or a sentence is supported by sources, from the best to the least."""

    CONFIRMED = "confirmed", _("confirmed")
    PARTLY = "partly", _("confirmed in part")
    SELF_DECLARED = "self", _("self-declared")
    DATED = "dated", _("dated")
    CONTRADICTED = "contradicted", _("contradicted")
    UNSOURCED = "unsourced", _("without a source")


# The words for several sentences of a level: French agrees in number.
PLURAL_LABELS: dict[str, str | Promise] = {
    CertaintyLevel.CONFIRMED: pgettext_lazy("several", "confirmed"),
    CertaintyLevel.PARTLY: pgettext_lazy("several", "confirmed in part"),
    CertaintyLevel.SELF_DECLARED: pgettext_lazy("several", "self-declared"),
    CertaintyLevel.DATED: pgettext_lazy("several", "dated"),
    CertaintyLevel.CONTRADICTED: pgettext_lazy("several", "contradicted"),
    CertaintyLevel.UNSOURCED: pgettext_lazy("several", "without a source"),
}

CERTAINTY_EXPLANATIONS: dict[str, str | Promise] = {
    CertaintyLevel.CONFIRMED: _("A source independent of the organisation concerned says so."),
    CertaintyLevel.PARTLY: _("An independent source says part of it."),
    CertaintyLevel.SELF_DECLARED: _("Only the organisation concerned says so."),
    CertaintyLevel.DATED: _("True at another time, or read too long ago to speak for today."),
    CertaintyLevel.CONTRADICTED: _("Sources disagree, and nobody has settled it yet."),
    CertaintyLevel.UNSOURCED: _("No source is recorded."),
}


@dataclass(slots=True)
class Evidence:
    """The citations of one record and the contradictions about it."""

    citations: list[Citation] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)

    def independent(self, own: Collection[str]) -> list[Citation]:
        """The citations of sources outside the `own` domains, without statements and documents not accepted yet."""
        return [
            citation
            for citation in self.citations
            if citation.accepted and citation.source.kind != Source.Kind.STATEMENT and citation.source.domain not in own
        ]

    def is_disputed(self) -> bool:
        """Whether a source disputes the record and no contradiction about it has been settled."""
        denials = any(citation.stance == Stance.DISPUTES for citation in self.citations)
        return denials and not any(not contradiction.is_open for contradiction in self.contradictions)

    def certainty_level(self, *, own: Collection[str] = (), today: dt.date) -> CertaintyLevel:
        """The certainty of the record; `own` are the domains of the organisations concerned.

        The first that applies: contradicted (an open contradiction, or a source that disputes the record); dated (a
        source that dates it); unsourced; dated (all sources read more than `STALE_AFTER` before `today`); confirmed or
        partly confirmed by an independent source; self-declared.
        """
        stances = {citation.stance for citation in self.citations}
        if self.is_disputed() or any(contradiction.is_open for contradiction in self.contradictions):
            return CertaintyLevel.CONTRADICTED
        if Stance.DATES in stances:
            return CertaintyLevel.DATED
        if not self.citations:
            return CertaintyLevel.UNSOURCED
        if max(citation.read_on for citation in self.citations) < today - STALE_AFTER:
            return CertaintyLevel.DATED
        return self._confirmed(own)

    def _confirmed(self, own: Collection[str]) -> CertaintyLevel:
        independent = {citation.stance for citation in self.independent(own)}
        if Stance.SUPPORTS in independent:
            return CertaintyLevel.CONFIRMED
        return CertaintyLevel.PARTLY if Stance.PARTLY in independent else CertaintyLevel.SELF_DECLARED


def evidence_of(records: Iterable[RecordKey], *, actor: Actor) -> dict[RecordKey, Evidence]:
    """The evidence of records `(kind, id)`, with the contradictions that the actor may see; two queries per kind."""
    keys = list(dict.fromkeys(records))
    evidence = {key: Evidence() for key in keys}
    for kind in dict.fromkeys(kind for kind, _id in keys):
        ids = [record_id for key_kind, record_id in keys if key_kind == kind]
        for citation in (
            Citation.objects.filter(record_kind=kind, record_id__in=ids).select_related("source").order_by("id")
        ):
            evidence[kind, citation.record_id].citations.append(citation)
        visible = Contradiction.objects.visible_to(actor)
        subjects = ContradictionSubject.objects.filter(record_kind=kind, record_id__in=ids, contradiction__in=visible)
        for subject in subjects.select_related("contradiction").order_by("id"):
            evidence[kind, subject.record_id].contradictions.append(subject.contradiction)
    return evidence
