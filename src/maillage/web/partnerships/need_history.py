"""The history of a need on its page: who did what, the latest first."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.core.history import HistoryEvent, tracked_models
from maillage.core.text import label_and_value
from maillage.partnerships.models import Need, NeedAddress, RequestedCapability, TeamRequest
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.workflow.models import CaseStep, StepKind

_MAX_EVENTS = 200
_CHANGING = ("partnerships.specify_need", "partnerships.reword_need")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened to a need."""

    at: dt.datetime
    text: str
    who: str = ""
    reason: str = ""


def need_history(need: Need, addresses: Sequence[NeedAddress], requests: Sequence[TeamRequest]) -> list[HistoryEntry]:
    """All that happened to a need, as far as the reader may know, the latest first."""
    entries = [*_steps(addresses), *_asked(requests), *_replies(requests), *_demand_changes(need)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _steps(addresses: Iterable[NeedAddress]) -> Iterator[HistoryEntry]:
    for address in addresses:
        if address.case is None:
            continue
        steps: list[CaseStep] = list(address.case.steps.select_related("definition").order_by("-pk")[:_MAX_EVENTS])
        for step in steps:
            # Who opened it is who asks, whom fewer know than read the steps.
            is_named = step.user and step.kind != StepKind.OPENED
            yield HistoryEntry(step.at, str(step.state.title), step.actor if is_named else "", step.reason)


def _asked(requests: Sequence[TeamRequest]) -> Iterator[HistoryEntry]:
    by_moment: dict[dt.datetime, list[str]] = {}
    for one in requests:
        by_moment.setdefault(one.asked_at, []).append(one.offer.provider.short_name)
    for at, teams in by_moment.items():
        yield HistoryEntry(at, label_and_value(ngettext("Team asked", "Teams asked", len(teams)), _names(teams)))
    for one in requests:
        if one.reminded_at:
            yield HistoryEntry(one.reminded_at, _("%s reminded") % one.offer.provider.short_name)


def _replies(requests: Iterable[TeamRequest]) -> Iterator[HistoryEntry]:
    for one in requests:
        if one.reply and one.replied_at:
            word = str(one.get_reply_display())
            yield HistoryEntry(one.replied_at, label_and_value(one.offer.provider.short_name, word))


def _demand_changes(need: Need) -> Iterator[HistoryEntry]:
    """Who changed what is asked, since the need was stated."""
    event_model: Any = dict(tracked_models())[RequestedCapability]  # Any: its fields are those of the tracked model
    events = event_model._default_manager.filter(need_id=need.pk, pgh_context__metadata__action__in=_CHANGING)
    runs: dict[HistoryEvent, list[HistoryEvent]] = {}
    for event in events.select_related("pgh_context").order_by("-pgh_id")[:_MAX_EVENTS]:
        runs.setdefault(event.pgh_context_id, []).append(event)
    for of_run in runs.values():
        if text := _demand_words(of_run):
            yield HistoryEntry(of_run[0].pgh_created_at, text, of_run[0].pgh_context.metadata.get("actor", ""))


def _demand_words(events: Iterable[HistoryEvent]) -> str:
    """What is asked now and was not before, what is no longer asked, and what weighs otherwise."""
    names, weights = ConceptNames(), (dict[str, bool](), dict[str, bool]())
    for event in events:
        weights[event.pgh_label != "delete"][event.concept] = event.essential
    before, after = weights
    weighed = [key for key in sorted(after) if before.get(key, after[key]) != after[key]]
    groups = (
        (_("Also asked"), sorted(after.keys() - before.keys())),
        (_("Not asked any more"), sorted(before.keys() - after.keys())),
        (_("Essential now"), [key for key in weighed if after[key]]),
        (_("A wish now"), [key for key in weighed if not after[key]]),
    )
    return formats.join_items(
        label_and_value(word, _names(names[key] for key in keys)) for word, keys in groups if keys
    )


def _names(texts: Iterable[str]) -> str:
    return ", ".join(texts)
