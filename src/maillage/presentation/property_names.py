"""Names and values of properties in the active language, for the pages that list changes."""

from collections.abc import Callable

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from maillage.core import formats
from maillage.core.model_fields import AnyField
from maillage.core.rows.values import Value
from maillage.core.text import label_and_value
from maillage.publishing.listing import file_status_words

_LANGUAGES = {"_fr": "fr", "_en": "en"}
_AS_WRITTEN = "_text"

# Names of the properties whose field has no `verbose_name`.
_NAMES: dict[str, str | Promise] = {
    "a": gettext_lazy("first side"),
    "about": gettext_lazy("records it is about"),
    "authority": gettext_lazy("authority"),
    "b": gettext_lazy("second side"),
    "bind": gettext_lazy("facts the sentence is bound to"),
    "check": gettext_lazy("what the check found"),
    "claim": gettext_lazy("claim"),
    "currency": gettext_lazy("currency"),
    "evidence": gettext_lazy("evidence"),
    "field": gettext_lazy("field"),
    "file_status": gettext_lazy("first check"),
    "holder": gettext_lazy("holder"),
    "holds": gettext_lazy("fact that decides when it is published"),
    "keywords": gettext_lazy("keywords"),
    "kind": gettext_lazy("kind"),
    "label": gettext_lazy("label"),
    "languages": gettext_lazy("languages"),
    "latitude": gettext_lazy("latitude"),
    "longitude": gettext_lazy("longitude"),
    "managed_by": gettext_lazy("managed by"),
    "merged_into": gettext_lazy("merged into"),
    "name": gettext_lazy("name"),
    "note": gettext_lazy("note"),
    "number": gettext_lazy("number"),
    "object": pgettext_lazy("end of a tie", "tied to"),
    "organisation": gettext_lazy("organisation"),
    "organiser": gettext_lazy("organiser"),
    "origin": gettext_lazy("origin"),
    "payee": gettext_lazy("paid to"),
    "payer": gettext_lazy("paid by"),
    "phase": gettext_lazy("phase"),
    "position": gettext_lazy("place on the page"),
    "provider": gettext_lazy("provider"),
    "purpose": gettext_lazy("purpose"),
    "role": gettext_lazy("role"),
    "section": gettext_lazy("section"),
    "sentence": gettext_lazy("sentence"),
    "settled_at": gettext_lazy("settled on"),
    "settled_by": gettext_lazy("settled by"),
    "settled_reason": gettext_lazy("reason for settling"),
    "settled_side": gettext_lazy("side held for true"),
    "short_title": gettext_lazy("title"),
    "sites": gettext_lazy("sites"),
    "sponsor": gettext_lazy("sponsor"),
    "stage": gettext_lazy("stage"),
    "status_seen": gettext_lazy("status read"),
    "subject": pgettext_lazy("end of a tie", "organisation"),
    "title": gettext_lazy("title"),
    "topic": gettext_lazy("topic"),
    "visibility": gettext_lazy("visibility"),
}

_SIDES: dict[str, str | Promise] = {"a": _NAMES["a"], "b": _NAMES["b"]}
_VALUES: dict[str, Callable[[Value], object]] = {
    "attested": formats.partial_date,
    "country": formats.country,
    "file_status": file_status_words,
    "period_end": formats.partial_date,
    "period_start": formats.partial_date,
    "settled_side": lambda side: _SIDES.get(side, side),
    "year": formats.partial_date,
}


def property_name(one: AnyField) -> str:
    """The name of a property (a model field): `amount`, or `note (French)` for a field of a bilingual property."""
    verbose_name = str(one.verbose_name)
    if verbose_name != one.name.replace("_", " ") and not one.name.endswith(tuple(_LANGUAGES)):
        return verbose_name
    code = _LANGUAGES.get(one.name[-3:], "")
    name = one.name[:-3] if code else one.name
    label = _registered_name(name) if name in _NAMES or name.endswith(_AS_WRITTEN) else verbose_name
    if not code:
        return label
    return _("%(property)s (%(language)s)") % {"property": label, "language": formats.language_name(code)}


def _registered_name(name: str) -> str:
    base_name = name.removesuffix(_AS_WRITTEN)
    label = str(_NAMES.get(base_name, base_name))
    return label if base_name == name else _("%(property)s, as the source writes it") % {"property": label}


def property_text(one: AnyField, given: Value) -> str:
    """Format a value of a property (a model field) that is neither empty nor a reference to a record."""
    if one.name in _VALUES:
        return str(_VALUES[one.name](given))
    if isinstance(given, list):
        return ", ".join(formats.language_name(item) if one.name == "languages" else str(item) for item in given)
    if isinstance(given, dict):
        return " · ".join(label_and_value(_registered_name(name), value) for name, value in given.items())
    return str(dict(one.flatchoices).get(given, given))


def is_internal(one: object) -> bool:
    """Whether the value of a property (a model field) is internal JSON, which is not shown to readers."""
    return isinstance(one, models.JSONField) and one.name in {"about", "bind", "holds", "sentence"}


_PARTS = {
    "citation": gettext_lazy("source"),
    "name": gettext_lazy("name"),
    "identifier": gettext_lazy("identifier"),
    "agreementparty": gettext_lazy("party"),
    "trialgroup": gettext_lazy("group"),
    "jointpart": gettext_lazy("offer that is part of it"),
}


def part_name(part: type[models.Model]) -> str:
    """What hangs on a record, by its model: `name`, `source`."""
    return str(_PARTS.get(str(part._meta.model_name), part._meta.verbose_name))
