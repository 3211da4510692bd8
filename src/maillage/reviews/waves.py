"""What a published wave is in the register: its awards with their source, its dates and its numbers."""

import datetime as dt
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from maillage.calls.call_document import CallDocument
from maillage.calls.models import Call
from maillage.core.models import Citation, Source
from maillage.core.periods import add_months
from maillage.labels.models import Award, Parameter, Wave
from maillage.labels.vocabulary import CertaintyMark, ParameterName
from maillage.reviews.models import Decision
from maillage.reviews.queries import submitted_applications


def cite_call(record: Any, call: Call, day: dt.date) -> None:
    """The page of the call, where the decision is published, is the source of a fact."""
    url = urljoin(settings.SITE_URL, call.get_absolute_url())
    source, _new = Source.objects.get_or_create(url=url, defaults={"title": call.title_fr})
    where = {"record_kind": record.kind_name(), "record_id": record.pk, "property": "", "source": source}
    Citation.objects.update_or_create(**where, defaults={"read_on": day})


def save_wave(call: Call, decisions: list[Decision], day: dt.date) -> None:
    """The wave stands among those of its label, with what was published of it; a simulated one does not."""
    says = decisions[0].says
    if says.simulated:
        return
    months = max((one.months for one in says.outcomes if one.label == says.label), default=0)
    known: dict[str, Any] = {
        "decided": day.isoformat(),
        "mark": CertaintyMark.CONFIRMED,
        "period_start": day.isoformat(),
    }
    if months:
        known["period_end"] = (add_months(day, months) - dt.timedelta(days=1)).isoformat()
    named = {"name_fr": says.title.fr, "name_en": says.title.en}
    wave, _new = Wave.objects.update_or_create(
        label=call.label, key=says.wave, defaults=known, create_defaults=known | named
    )
    cite_call(wave, call, day)
    for name, value in _wave_parameters(call, says, decisions).items():
        given = {"period_start": day.isoformat(), "mark": CertaintyMark.CONFIRMED, **value}
        cite_call(_save_parameter(wave, name, given), call, day)


def _save_parameter(wave: Wave, name: str, given: dict[str, Any]) -> Parameter:
    """The parameter of a wave, said anew where a source said it before."""
    made: Parameter = Parameter.objects.update_or_create(label=wave.label, wave=wave, name=name, defaults=given)[0]
    return made


def _wave_parameters(call: Call, says: CallDocument, decisions: list[Decision]) -> dict[str, dict[str, Any]]:
    """When the call was open, how many applied, and how many got what; nothing that did not happen."""
    awards = [one.award for one in decisions if one.award]
    counted = {
        ParameterName.CANDIDATES: len(submitted_applications(call)),
        ParameterName.AWARDED: sum(1 for one in awards if _is_full_award(one, call)),
        ParameterName.ON_PROBATION: sum(1 for one in awards if one.probation_until),
        ParameterName.PREPARATORY: sum(1 for one in awards if one.label_id != call.label_id),
    }
    days = {ParameterName.CALL_OPENED: says.opens, ParameterName.CALL_CLOSED: says.closes}
    told: dict[str, dict[str, Any]] = {name: {"number": number} for name, number in counted.items() if number}
    return told | {name: {"day": f"{moment:%Y-%m-%d}"} for name, moment in days.items()}


def _is_full_award(award: Award, call: Call) -> bool:
    return award.label_id == call.label_id and award.probation_until is None
