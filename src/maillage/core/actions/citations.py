"""Actions on the citations of facts: correct a source that was written wrong, remove one that says nothing of it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actions.facts import WRITERS, FactError, list_for
from maillage.core.actors import Actor
from maillage.core.models import Citation, Source
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.list_register import list_of
from maillage.core.rows.sources import SourceValue, get_source
from maillage.core.security.visibility import organisation_ids_of


def _organisations_of_citation(*, citation_id: int, **_rest: Any) -> Iterable[int]:
    citation = Citation.objects.filter(pk=citation_id).first()
    return organisation_ids_of(apps.get_model(citation.record_kind), citation.record_id) if citation else ()


def _find_citation(actor: Actor, at: dt.datetime, citation_id: int) -> Citation:
    """The citation, locked. Raises `ActionError` unless it is of a fact of a list that the actor writes."""
    citation: Citation = Citation.objects.select_for_update().select_related("source").get(pk=citation_id)
    records = apps.get_model(citation.record_kind)._default_manager.filter(pk=citation.record_id)
    visible = records.visible_to(actor) if hasattr(records, "visible_to") else records
    fact_list = list_of(record) if (record := visible.first()) is not None else None
    if fact_list is None:
        raise ActionError(_("This record is not there any more, or it is not for you; reload the page."))
    list_for(actor, at, fact_list.name)
    return citation


@action(*WRITERS, title=gettext_lazy("Correct a source of a fact"), concerns=_organisations_of_citation)
def correct_citation(
    *,
    actor: Actor,
    at: dt.datetime,
    citation_id: int,
    source: dict[str, Any],
    reason: Reason,
    read_on: dt.date | None = None,
) -> Citation:
    """Cite another source instead, as rows of lists give it (`{"url": …}` for a page), or another day of reading.

    The source itself stays as other facts cite it. Raises `ActionError` for one that the fact cites already.
    """
    citation = _find_citation(actor, at, citation_id)
    try:
        value = SourceValue().parse(source)
    except InvalidValueError as error:
        raise FactError(str(error.as_row_error("source")), "source") from error
    cited = get_source(value)
    same = Citation.objects.filter(
        record_kind=citation.record_kind, record_id=citation.record_id, property=citation.property, source=cited
    )
    if same.exclude(pk=citation.pk).exists():
        raise ActionError(_("The fact cites this source already: remove the wrong one instead."))
    if cited != citation.source:
        citation.accepted = actor.is_officer or cited.kind == Source.Kind.WEB
    citation.source, citation.read_on = cited, read_on or citation.read_on
    citation.save()
    return citation


@action(*WRITERS, title=gettext_lazy("Remove a source of a fact"), concerns=_organisations_of_citation)
def remove_citation(*, actor: Actor, at: dt.datetime, citation_id: int, reason: Reason) -> str:
    """Cite a source no more for a fact; the history keeps that it was cited. Returns the source in words."""
    citation = _find_citation(actor, at, citation_id)
    words = str(citation.source)
    citation.delete()
    return words
