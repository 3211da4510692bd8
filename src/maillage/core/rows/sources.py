"""The sources of a fact, as rows give them, and their citations."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Citation, Source, Stance
from maillage.core.periods import OPEN, UNKNOWN, edtf_text
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.lookup_cache import cached_lookup
from maillage.core.rows.outcomes import RowOutcome, create, update
from maillage.core.rows.row import Described
from maillage.core.rows.values import PartialDay, Raw, Several, Text, ValueType, WebAddress, scalar_text

# The keys of a source in words, and the model fields that hold them.
SOURCE_KEYS = {key: key for key in ("kind", "title", "issuer", "dated", "place")} | {"of": "stated_by"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row comes from: the day on which its sources were read.

    `dated` is whether the row or its file gives that day, so that loading an undated file again does not make its
    sources look recently read. `accepted` is whether its documents confirm a fact without an officer's acceptance.
    """

    read_on: dt.date
    dated: bool = False
    accepted: bool = True


@dataclass(frozen=True)
class SourceValue(ValueType):
    """A source: a web address, or a mapping that describes a document, a letter or the organisation's own statement."""

    @property
    def is_stored(self) -> bool:
        return False

    def parse(self, raw: Raw) -> str | dict[str, str]:
        if not isinstance(raw, dict):
            address = scalar_text(raw)
            if address and not address.startswith(("http://", "https://")):
                message = gettext("the source “%(address)s” is no web address; begin it with https://")
                raise InvalidValueError(message, address=address)
            return WebAddress().parse(address)
        return self._in_words(raw)

    def _in_words(self, raw: dict[str, Raw]) -> dict[str, str]:
        if unknown := set(raw) - set(SOURCE_KEYS):
            message = gettext("a source has no “%(unknown)s”; it may have %(known)s")
            raise InvalidValueError(message, unknown=sorted(unknown)[0], known=", ".join(SOURCE_KEYS))
        texts = {key: PartialDay().parse(raw[key]) if key == "dated" else Text(300).parse(raw[key]) for key in raw}
        kind = texts.setdefault("kind", Source.Kind.DOCUMENT)
        if kind not in Source.Kind.values or kind == Source.Kind.WEB:
            message = gettext("“%(kind)s” is no kind of source; use document, letter or statement")
            raise InvalidValueError(message, kind=kind)
        needed = "of" if kind == Source.Kind.STATEMENT else "title"
        if not texts.get(needed):
            raise InvalidValueError(gettext("a source of this kind needs “%(needed)s”; add it"), needed=needed)
        return {key: text for key, text in texts.items() if text}

    def to_text(self, value: Any) -> str:
        if isinstance(value, dict):
            return ", ".join(value[key] for key in ("title", "issuer", "dated", "place", "of") if value.get(key))
        return super().to_text(value)

    def json_schema(self) -> dict[str, Any]:
        words = {"type": "object", "properties": {key: {"type": "string"} for key in SOURCE_KEYS}}
        return {"anyOf": [{"type": "string", "format": "uri"}, words]}


Sources = Annotated[
    list[str | dict[str, str]],
    Several(SourceValue(), separator=r"\s+"),
    Described(_("Source"), _("Where it is written: the address of a page."), example="https://…"),
]


def get_source(value: str | dict[str, str]) -> Source:
    """The source of this value, made if it is new."""
    if isinstance(value, str):
        known: Source | None = cached_lookup(("source", value), lambda: Source.objects.filter(url=value).first())
        return known or Source.objects.get_or_create(url=value, defaults={"kind": Source.Kind.WEB})[0]
    fields: dict[str, Any] = {field: value.get(key, "") for key, field in SOURCE_KEYS.items()}
    return Source.objects.get_or_create(url="", **fields)[0]


def source_value(source: Source) -> str | dict[str, str]:
    """A source as a row gives it; the inverse of `get_source`."""
    if source.url:
        return source.url
    fields = {key: getattr(source, field) for key, field in SOURCE_KEYS.items()}
    return {key: text for key, text in fields.items() if text}


def cite(
    record: Any,
    sources: list[str | dict[str, str]],
    origin: Origin,
    *,
    stance: str = Stance.SUPPORTS,
    says: str = "",
    of: str = "",
) -> RowOutcome:
    """Cite sources for a record, or for the property `of` that record; the citations have the day of the origin."""
    outcome = RowOutcome.UNCHANGED
    for value in sources:
        source = get_source(value)
        identity = {"record_kind": record.kind_name(), "record_id": record.pk, "property": of, "source": source}
        values: dict[str, Any] = {"stance": stance} | ({"says_en": says} if says else {})
        existing = Citation.objects.filter(**identity).first()
        if existing is None or origin.dated:
            values["read_on"] = origin.read_on
        if existing is not None:
            outcome |= update(existing, values)
        else:
            accepted = origin.accepted or source.kind == Source.Kind.WEB
            create(Citation, {**identity, **values, "accepted": accepted})
            outcome |= RowOutcome.CREATED
        _extend_attested(record, origin.read_on)
    return outcome


def _extend_attested(record: Any, day: dt.date) -> None:
    """Set `attested` of an open-ended fact of unknown start: it is certain from the day a source was first read."""
    if getattr(record, "period_end", None) == OPEN and record.period_start == UNKNOWN and not record.attested:
        record.attested = edtf_text(day)
        record.save()
