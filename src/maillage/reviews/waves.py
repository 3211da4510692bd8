"""What a published wave adds to the register: its dates and figures, with the call as their source."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Model

from maillage.calls.call_document import CallDocument
from maillage.calls.models import Call
from maillage.core.models import Citation, Source
from maillage.core.periods import add_months
from maillage.labels.models import Award, Parameter, Wave
from maillage.labels.vocabulary import CertaintyMark, ParameterName
from maillage.reviews.models import Decision
from maillage.reviews.queries import submitted_applications


def cite_call(record: Model, call: Call, day: dt.date) -> None:
    """Cite the page of the call, where the decision is published, as the source of a fact."""
    url = urljoin(settings.SITE_URL, call.get_absolute_url())
    source, _new = Source.objects.get_or_create(url=url, defaults={"title": call.title_fr})
    where = {"record_kind": record._meta.label_lower, "record_id": record.pk, "property": "", "source": source}
    Citation.objects.update_or_create(**where, defaults={"read_on": day})


def save_wave(call: Call, decisions: list[Decision], day: dt.date) -> None:
    """Create or update the wave of the call's label, with its dates and figures; nothing for a simulated call."""
    document = decisions[0].call_document
    if document.simulated:
        return
    months = max((outcome.months for outcome in document.outcomes if outcome.label == document.label), default=0)
    known: dict[str, object] = {
        "decided": day.isoformat(),
        "mark": CertaintyMark.CONFIRMED,
        "period_start": day.isoformat(),
    }
    if months:
        known["period_end"] = (add_months(day, months) - dt.timedelta(days=1)).isoformat()
    named = {"name_fr": document.title.fr, "name_en": document.title.en}
    wave, _new = Wave.objects.update_or_create(
        label=call.label, key=document.wave, defaults=known, create_defaults=known | named
    )
    cite_call(wave, call, day)
    for name, value in _wave_parameters(call, document, decisions).items():
        values = {"period_start": day.isoformat(), "mark": CertaintyMark.CONFIRMED, **value}
        cite_call(_save_parameter(wave, name, values), call, day)


def _save_parameter(wave: Wave, name: str, values: Mapping[str, object]) -> Parameter:
    """Create the parameter of a wave, or replace its value."""
    parameter: Parameter = Parameter.objects.update_or_create(label=wave.label, wave=wave, name=name, defaults=values)[
        0
    ]
    return parameter


def _wave_parameters(call: Call, document: CallDocument, decisions: list[Decision]) -> dict[str, dict[str, object]]:
    """The opening and closing day, and how many applied and received what; figures that are 0 are left out."""
    awards = [decision.award for decision in decisions if decision.award]
    counted = {
        ParameterName.CANDIDATES: len(submitted_applications(call)),
        ParameterName.AWARDED: sum(1 for award in awards if _is_full_award(award, call)),
        ParameterName.ON_PROBATION: sum(1 for award in awards if award.probation_until),
        ParameterName.PREPARATORY: sum(1 for award in awards if award.label_id != call.label_id),
    }
    days = {ParameterName.CALL_OPENED: document.opens, ParameterName.CALL_CLOSED: document.closes}
    numbers: dict[str, dict[str, object]] = {name: {"number": number} for name, number in counted.items() if number}
    return numbers | {name: {"day": f"{moment:%Y-%m-%d}"} for name, moment in days.items()}


def _is_full_award(award: Award, call: Call) -> bool:
    return award.label_id == call.label_id and award.probation_until is None
