"""Actions on the citations of facts: correct a source that was written wrong, remove one that says nothing of it."""

import datetime as dt
from collections.abc import Iterable

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, ActionForbiddenError, Reason, action
from maillage.core.actions.facts import WRITERS, FactError, list_for, origin_of
from maillage.core.actors import Actor
from maillage.core.models import Citation
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.list_register import list_of
from maillage.core.rows.sources import SourceValue, acceptance, get_source
from maillage.core.rows.values import Values
from maillage.core.security.visibility import organisation_ids_of


def organisations_of_citation(*, citation_id: int, **_rest: object) -> Iterable[int]:
    """The organisations that the fact of a citation concerns, as an action on it says."""
    citation = Citation.objects.filter(pk=citation_id).first()
    return organisation_ids_of(apps.get_model(citation.record_kind), citation.record_id) if citation else ()


def find_citation(actor: Actor, at: dt.datetime, citation_id: int) -> Citation:
    """The citation, locked. Raises `ActionError` unless it is of a fact of a list that the actor writes."""
    citation: Citation = Citation.objects.select_for_update().select_related("source").get(pk=citation_id)
    records = apps.get_model(citation.record_kind)._default_manager.filter(pk=citation.record_id)
    visible = records.visible_to(actor) if hasattr(records, "visible_to") else records
    fact_list = list_of(record) if (record := visible.first()) is not None else None
    if fact_list is None:
        raise ActionError(_("This record is not there any more, or it is not for you; reload the page."))
    list_for(actor, at, fact_list.name)
    return citation


@action(*WRITERS, title=gettext_lazy("Correct a source of a fact"), concerns=organisations_of_citation)
def correct_citation(
    *,
    actor: Actor,
    at: dt.datetime,
    citation_id: int,
    source: Values,
    reason: Reason,
    read_on: dt.date | None = None,
) -> Citation:
    """Cite another source instead, as rows of lists give it (`{"url": …}` for a page), or another day of reading.

    The source itself stays as other facts cite it. Raises `ActionError` for one that the fact cites already.
    """
    citation = find_citation(actor, at, citation_id)
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
        for name, value in acceptance(cited, origin_of(actor, timezone.localdate(at))).items():
            setattr(citation, name, value)
    citation.source, citation.read_on = cited, read_on or citation.read_on
    citation.save()
    return citation


@action(*WRITERS, title=gettext_lazy("Remove a source of a fact"), concerns=organisations_of_citation)
def remove_citation(*, actor: Actor, at: dt.datetime, citation_id: int, reason: Reason) -> str:
    """Cite a source no more for a fact; the history keeps that it was cited. Returns the source in words."""
    citation = find_citation(actor, at, citation_id)
    words = str(citation.source)
    citation.delete()
    return words


def _other_parties(*, citation_id: int, **_rest: object) -> Iterable[int]:
    """The organisations that a fact concerns beside the one that cites a document for it; none if that is not known."""
    citation = Citation.objects.filter(pk=citation_id).first()
    if citation is None or citation.brought_by is None:
        return ()
    return set(organisations_of_citation(citation_id=citation_id)) - {citation.brought_by}


@action(*WRITERS, title=gettext_lazy("Accept a document as a source"), concerns=_other_parties)
def accept_citation(*, actor: Actor, at: dt.datetime, citation_id: int) -> Citation:
    """Let a document that an organisation cites about itself confirm the fact: the other party, or an officer, agrees.

    Raises `ActionError` if it is accepted already, `ActionForbiddenError` for who also acts for that organisation.
    """
    citation = find_citation(actor, at, citation_id)
    if citation.accepted:
        raise ActionError(_("This source is accepted already."))
    if not actor.is_officer and citation.brought_by in actor.reach:
        raise ActionForbiddenError(
            _("You act for the organisation that cites it: the other party or an officer accepts it.")
        )
    citation.accepted, citation.brought_by = True, None
    citation.save()
    return citation
