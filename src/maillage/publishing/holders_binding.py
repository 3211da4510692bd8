"""The binding to what is known of who holds a label on a day."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.labels.holder_words import HOLDER_PROPERTIES, HolderKnowledge, holders_sentence, last_reception
from maillage.labels.models import Label
from maillage.publishing.bindings import BoundValue, Computation, get_record
from maillage.publishing.phases import FactPhase, fact_phase
from maillage.publishing.pieces import TextPiece
from maillage.publishing.references import Reference, ResolvedReferences, record_key


@dataclass(frozen=True, slots=True)
class HoldersBinding:
    """`{holders: LABEL}`: what is known of who holds a label on the day, in whole sentences."""

    label: str

    @property
    def required_references(self) -> tuple[Reference, ...]:
        return (Reference("labels", (self.label,)),)

    @property
    def optional_references(self) -> tuple[Reference, ...]:
        return tuple(Reference(kind, (self.label,)) for kind in ("awards of", "waves of", "parameters of"))

    def value(self, resolved: ResolvedReferences) -> BoundValue:
        label = get_record(resolved, self.required_references[0])
        known = self._known(label, resolved)
        words = {"label": label, "day": formats.day(resolved.day)}
        answer = _("%(yes)s for certain, %(unsure)s perhaps") % {
            "yes": formats.number(known.sure),
            "unsure": formats.number(known.unsure),
        }
        computation = Computation(_("organisations holding %(label)s on %(day)s") % words, answer)
        bound = ((record_key(label), HOLDER_PROPERTIES),)
        text = TextPiece(holders_sentence(known, timezone.localdate()))
        return BoundValue((text,), not known.unsure, bound=bound, computation=computation)

    def _known(self, label: Label, resolved: ResolvedReferences) -> HolderKnowledge:
        awards, waves, parameters = (resolved.records_of(ref) for ref in self.optional_references)
        phases = [fact_phase(award, resolved) for award in awards]
        subjects = resolved.subjects.get(record_key(label), [])
        disputed = any(subject.property in HOLDER_PROPERTIES and subject.contradiction.is_open for subject in subjects)
        received = last_reception(waves, parameters, resolved.day)
        sure, unsure = phases.count(FactPhase.TRUE), phases.count(FactPhase.UNSURE)
        return HolderKnowledge(resolved.day, sure, unsure, received, disputed)
