"""Organisations picked by typing any name, acronym, town or identifier."""

from typing import cast

from django.utils.translation import gettext as _

from maillage.core.request import Request
from maillage.core.text import fold
from maillage.register.models import Organisation
from maillage.search.queries import find_records

_SUGGESTED = 8
_SEPARATOR = " · "


def picker_text(organisation: Organisation) -> str:
    """An organisation in a picker: `University of Lille · Lille · univ-lille`. Its key tells it from its twins."""
    return _SEPARATOR.join(text for text in (str(organisation.name), organisation.city, organisation.key) if text)


def suggested_organisations(request: Request, text: str) -> list[Organisation]:
    """The organisations that a text may mean, best first."""
    hits = find_records(text, actor=request.actor, on=request.as_of.on, limit=_SUGGESTED, kinds=("organisations",))
    by_key = {organisation.key: organisation for organisation in _visible(request, [hit.key for hit in hits])}
    return [by_key[hit.key] for hit in hits if hit.key in by_key]


def _visible(request: Request, keys: list[str]) -> list[Organisation]:
    records = Organisation.objects.visible_to(request.actor).filter(key__in=keys, merged_into=None)
    return cast(list[Organisation], list(records))


def picked_key(request: Request, text: str) -> tuple[str, str]:
    """The key of the organisation that a text of a picker means, or an error that says what it may mean.

    A key, a text of the picker, and a name or acronym that only one organisation has are each enough.
    """
    key = text.rpartition(_SEPARATOR)[2].strip()
    if _visible(request, [key]):
        return key, ""
    suggestions = suggested_organisations(request, text)
    same = [one for one in suggestions if fold(text) in _names(one)]
    if len(same) == 1 or len(suggestions) == 1:
        return (same or suggestions)[0].key, ""
    if not suggestions:
        message = _("No organisation of the register answers to “%s”; correct it, or record the organisation first.")
        return "", message % text
    names = "; ".join(picker_text(one) for one in suggestions[:4])
    return "", _("Several organisations may be meant: %s. Choose one.") % names


def _names(organisation: Organisation) -> set[str]:
    return {fold(text) for text in (organisation.name_fr, organisation.name_en, organisation.acronym, organisation.key)}


__all__ = ["picked_key", "picker_text", "suggested_organisations"]
