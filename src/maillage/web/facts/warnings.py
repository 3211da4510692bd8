"""What is worth a second look before a fact is written. Whoever writes it may save it all the same."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from maillage.core.formats import partial_date
from maillage.core.models import Fact
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError, Period, span
from maillage.core.request import Request
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.row import FactRow
from maillage.core.rows.values import Values
from maillage.core.text import fold
from maillage.register.fact_addresses import fact_address
from maillage.register.models import Organisation, Tie
from maillage.register.rows import OrganisationTexts
from maillage.web.facts.addresses import FactLinks, fact_links
from maillage.web.facts.fields import picked_lists
from maillage.web.facts.record_picker import find_by_key

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class FactWarning:
    """Why a fact should be looked at again, the record concerned, and what may be done with that one instead.

    The register refuses a fact with a warning that is `blocking`, whoever saves it.
    """

    text: str
    record: Model
    url: str
    links: FactLinks | None = None
    blocking: bool = False


def fact_warnings(
    request: Request, fact_list: AnyFactList, values: Values, record: Model | None = None
) -> list[FactWarning]:
    """The warnings about a row with these values; `record` is the fact itself if it is corrected."""
    try:
        row = fact_list.read(values)
    except RowError:
        return []  # The action refuses the row and says why.
    warnings = [*_overlaps(request, fact_list, row, record), *_dates(request, fact_list, row)]
    if isinstance(row, OrganisationTexts):
        warnings += _same_name(request, row, record)
    return warnings[:_SHOWN]


def _same_name(request: Request, row: OrganisationTexts, record: Model | None) -> Iterator[FactWarning]:
    """Organisations of the same name in the same town, or whose town is not known."""
    names = [name for name in (row.name_fr, row.name_en) if name]
    is_named = isinstance(record, Organisation) and (record.name_fr, record.name_en) == (row.name_fr, row.name_en)
    if not names or is_named:
        return
    same = Q(sort_name__in=[fold(name) for name in names]) | Q(name_fr__in=names) | Q(name_en__in=names)
    others = Organisation.objects.visible_to(request.actor).filter(same, merged_into=None)
    for other in others.exclude(pk=record.pk if record else 0).order_by("pk")[:_SHOWN]:
        if not row.city or not other.city or fold(row.city) == fold(other.city):
            words = {"name": str(other), "place": other.city or _("town not known")}
            text = _("An organisation of this name is in the register already: %(name)s (%(place)s).") % words
            yield FactWarning(text, other, other.get_absolute_url(), fact_links(request, other))


def _overlaps(request: Request, fact_list: AnyFactList, row: FactRow, record: Model | None) -> Iterator[FactWarning]:
    """Facts with the same natural key but another start, whose period this one would overlap."""
    if "start" not in fact_list.natural_key or not issubclass(fact_list.model, Fact):
        return
    lookup = fact_list.lookup(row)
    lookup.pop("period_start", None)
    period = _period(fact_list, row)
    if period is None:
        return
    records = fact_list.model.objects.visible_to(request.actor).filter(**lookup, possible__overlap=period.possible())
    for other in records.exclude(pk=record.pk if record else 0)[:_SHOWN]:
        text = _("It overlaps a fact of the same kind: %(fact)s, %(period)s. If it is the same, correct that one.")
        words = {"fact": str(other), "period": _period_words(other)}
        # The register holds a tie once at a time.
        is_blocking = fact_list.model is Tie and _overlap(other.days, period.days())
        yield FactWarning(text % words, other, fact_address(other), fact_links(request, other), is_blocking)


def _overlap(one: Range[dt.date], other: Range[dt.date]) -> bool:
    """Whether two ranges of days share a day; a bound that is `None` is open."""
    begins = one.upper is None or other.lower is None or other.lower < one.upper
    return begins and (other.upper is None or one.lower is None or one.lower < other.upper)


def _period_words(record: Fact) -> str:
    start = partial_date(record.period_start) if record.period_start else _("start not known")
    end = {OPEN: _("it still holds"), UNKNOWN: _("end not known")}.get(record.period_end)
    return f"{start} – {end or partial_date(record.period_end)}"


def _period(fact_list: AnyFactList, row: FactRow) -> Period | None:
    end_field = fact_list.end_field
    start = getattr(row, "start", UNKNOWN)
    end = getattr(row, end_field.name) if end_field else OPEN
    try:
        return Period(start, end or (end_field.type.absent if end_field else OPEN))  # type: ignore[attr-defined]
    except InvalidPeriodError:
        return None


def _dates(request: Request, fact_list: AnyFactList, row: FactRow) -> Iterator[FactWarning]:
    """Organisations that did not exist yet when the fact begins, or no longer."""
    start = getattr(row, "start", UNKNOWN) if fact_list.model is not Organisation else UNKNOWN
    if start in (OPEN, UNKNOWN):
        return
    for organisation in _organisations(request, fact_list, row):
        words = {"name": str(organisation), "date": partial_date(start)}
        if organisation.period_start and span(start).last < span(organisation.period_start).first:
            since = partial_date(organisation.period_start)
            text = _("The fact begins (%(date)s) before %(name)s existed (%(since)s).") % {**words, "since": since}
            yield FactWarning(text, organisation, organisation.get_absolute_url(), fact_links(request, organisation))
        elif organisation.period_end not in (OPEN, UNKNOWN) and span(start).first > span(organisation.period_end).last:
            until = partial_date(organisation.period_end)
            text = _("The fact begins (%(date)s) after %(name)s ended (%(until)s).") % {**words, "until": until}
            yield FactWarning(text, organisation, organisation.get_absolute_url(), fact_links(request, organisation))


def _organisations(request: Request, fact_list: AnyFactList, row: FactRow) -> Iterator[Organisation]:
    for field in fact_list.fields:
        if picked_lists(field) != ("organisations",):
            continue
        value = getattr(row, field.name)
        for key in value if isinstance(value, list) else [value]:
            if key and (organisation := find_by_key(request, ("organisations",), str(key))):
                yield organisation
