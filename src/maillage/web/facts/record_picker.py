"""Records picked by typing any name, acronym, town or identifier.

While one types, the records that may be meant are offered as radio buttons; without scripts they are offered when the
form is sent. A text in the form `University of Lille · Lille · univ-lille` names its record by its key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from maillage.core.request import Request
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.text import fold
from maillage.listing.columns import ListedRecord
from maillage.register.models import Organisation
from maillage.search.queries import find_records

_SUGGESTED = 8
_SEPARATOR = " · "
PICKED_SUFFIX = "-picked"


@dataclass(frozen=True, slots=True)
class PickerOption:
    """A record that may be meant; `detail` (kind, town, the name that matched, key) tells it from its twins."""

    key: str
    title: str
    detail: str
    is_exact: bool = False


def picker_text(record: Model) -> str:
    """A record as the text of a picker, which ends in its key."""
    texts = (str(record), getattr(record, "city", ""), record.serializable_value("key"))
    return _SEPARATOR.join(text for text in texts if text)


def picker_options(request: Request, text: str, lists: Sequence[str]) -> list[PickerOption]:
    """The records of lists that a text may mean, best first."""
    text = text.replace("\0", "").strip()[:200]
    if len(text) < 2:
        return []
    # The index may lag behind by seconds: what was just recorded is found in the database.
    exact = _exact_matches(request, text) if "organisations" in lists else []
    options = {option.key: option for option in exact}
    hits = find_records(text, actor=request.actor, on=request.as_of.on, limit=_SUGGESTED, kinds=tuple(lists))
    matched = {hit.key: hit.matched for hit in hits}
    for name in lists:
        for record in _visible(request, name, [hit.key for hit in hits if hit.kind == name]):
            options.setdefault(record.key, _option(record, matched[record.key], text))
    order = [*(option.key for option in exact), *(hit.key for hit in hits)]
    return [options[key] for key in dict.fromkeys(order) if key in options][:_SUGGESTED]


def _exact_matches(request: Request, text: str) -> list[PickerOption]:
    """The organisations that bear exactly this name, acronym, key or identifier."""
    same = Q(key=text) | Q(sort_name=fold(text)) | Q(acronym__iexact=text) | Q(name_en__iexact=text)
    same |= Q(names__text__iexact=text) | Q(identifiers__value=text)
    records = Organisation.objects.visible_to(request.actor).filter(same, merged_into=None)
    return [_option(record, "", text) for record in records.distinct().order_by("sort_name", "pk")[:_SUGGESTED]]


def _option(record: Model, matched: str, text: str) -> PickerOption:
    kind = record.get_kind_display() if isinstance(record, Organisation) else record._meta.verbose_name
    acronym = getattr(record, "acronym", "")
    details = (kind, getattr(record, "city", ""), acronym, matched, record.serializable_value("key"))
    detail = _SEPARATOR.join(dict.fromkeys(str(part) for part in details if part and str(part) != str(record)))
    return PickerOption(record.serializable_value("key"), str(record), detail, fold(text) in _names(record))


def _visible(request: Request, list_name: str, keys: list[str]) -> list[ListedRecord]:
    records = FACT_LISTS[list_name].model.objects.visible_to(request.actor).filter(key__in=keys)
    return list(records.filter(merged_into=None) if list_name == "organisations" else records)


def find_by_key(request: Request, lists: Sequence[str], key: str) -> ListedRecord | None:
    """The record of one of these lists with this key that the reader may see, or `None`."""
    if "\0" in key:
        return None  # The database takes no such text.
    found = (record for name in lists for record in _visible(request, name, [key]))
    return next(found, None)


def picked_key(request: Request, text: str, lists: Sequence[str]) -> tuple[str, str]:
    """The key of the record that a text means, or an error. What is not exact is never guessed."""
    key = text.rpartition(_SEPARATOR)[2].strip()
    if find_by_key(request, lists, key):
        return key, ""
    options = picker_options(request, text, lists)
    exact = [option for option in options if option.is_exact]
    if len(exact) == 1:
        return exact[0].key, ""
    if not options:
        message = _("Nothing in the register answers to “%s”; correct it, or record it first.")
        return "", message % text
    return "", _("Choose which one is meant.")


def _names(record: Model) -> set[str]:
    fields = ("name_fr", "name_en", "acronym", "key", "title_fr", "title_en", "name")
    return {fold(str(getattr(record, field))) for field in fields if getattr(record, field, "")}
