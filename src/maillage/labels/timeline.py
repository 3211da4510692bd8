"""Labels over the years: how many organisations held each, surely and perhaps, and what is known on a day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from maillage.core.actors import Actor
from maillage.core.models import Contradiction, ContradictionSubject
from maillage.core.periods import TruthOnDay
from maillage.labels.holder_words import HOLDER_PROPERTIES, HolderKnowledge, last_reception
from maillage.labels.models import Award, Label, Parameter, Wave
from maillage.labels.vocabulary import ParameterName

MAX_LABELS, MAX_AWARDS, MAX_YEARS = 60, 3_000, 40


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many held a label at the end of a year (this year: today), surely and perhaps."""

    year: int
    sure: int
    unsure: int


@dataclass(slots=True)
class LabelYears:
    """A label over the years, its awards, and what is known of its holders on the day read."""

    label: Label
    awards: list[Award] = field(default_factory=list)
    years: list[YearCount] = field(default_factory=list)
    known: HolderKnowledge | None = None

    @property
    def most(self) -> int:
        """The largest number of a year."""
        return max((year.sure + year.unsure for year in self.years), default=0)


def labels_over_years(*, actor: Actor, on: dt.date, today: dt.date) -> list[LabelYears]:
    """The labels that have an award, by name, over the years since the first; simulated awards are not counted."""
    labels = Label.objects.visible_to(actor).order_by("name_fr", "pk")[:MAX_LABELS]
    rows = {label.pk: LabelYears(label) for label in labels}
    awards = Award.objects.visible_to(actor).filter(label__in=list(rows), simulated=False)
    for award in awards.select_related("holder", "label").order_by("days__startswith", "pk")[:MAX_AWARDS]:
        rows[award.label_id].awards.append(award)
    held = [row for row in rows.values() if row.awards]
    years = shown_years((award for row in held for award in row.awards), today)
    for row in held:
        row.years = [_year_count(row, year, today) for year in years]
    _add_knowledge(held, actor, on)
    return held


def shown_years(awards: Iterable[Award], today: dt.date) -> range:
    """The years from the first known beginning to this one, at most so many."""
    starts = [award.days.lower.year for award in awards if award.days.lower and award.days.lower <= today]
    return range(max(min(starts, default=today.year), today.year - MAX_YEARS + 1), today.year + 1)


def _year_count(row: LabelYears, year: int, today: dt.date) -> YearCount:
    """The count of a year; a label that did not exist was held by nobody."""
    day = min(dt.date(year, 12, 31), today)
    exists = row.label.in_force(day) is not TruthOnDay.NO
    answers = [award.in_force(day) for award in row.awards] if exists else []
    return YearCount(year, answers.count(TruthOnDay.YES), answers.count(TruthOnDay.UNSURE))


def _add_knowledge(rows: list[LabelYears], actor: Actor, on: dt.date) -> None:
    """Add to each label what is known of its holders on the day, with a number of queries that does not grow."""
    labels = [row.label for row in rows]
    waves: dict[int, list[Wave]] = defaultdict(list)
    for wave in Wave.objects.visible_to(actor).filter(label__in=labels).order_by("pk"):
        waves[wave.label_id].append(wave)
    parameters: dict[int, list[Parameter]] = defaultdict(list)
    numbers = (ParameterName.AWARDED, ParameterName.ON_PROBATION)
    for parameter in Parameter.objects.visible_to(actor).filter(label__in=labels, name__in=numbers):
        parameters[parameter.label_id].append(parameter)
    disputed = _disputed_labels(labels, actor)
    for row in rows:
        answers = [award.in_force(on) for award in row.awards]
        received = last_reception(waves[row.label.pk], parameters[row.label.pk], on)
        row.known = HolderKnowledge(
            on, answers.count(TruthOnDay.YES), answers.count(TruthOnDay.UNSURE), received, row.label.pk in disputed
        )


def _disputed_labels(labels: list[Label], actor: Actor) -> set[int]:
    """The labels (ids) about whose number of holders the sources disagree."""
    open_ones = Contradiction.objects.visible_to(actor).filter(settled_side="")
    subjects = ContradictionSubject.objects.filter(
        record_kind=Label.kind_name(),
        record_id__in=[label.pk for label in labels],
        property__in=HOLDER_PROPERTIES,
        contradiction__in=open_ones,
    )
    return set(subjects.values_list("record_id", flat=True))
