"""The sources of a fact, as rows give them, and their citations."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Citation, Source, Stance
from maillage.core.periods import OPEN, UNKNOWN, edtf_text
from maillage.core.rows.described import Described
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.lookup_cache import cached_lookup
from maillage.core.rows.outcomes import (
    RowOutcome,
    change_field,
    create,
    find_first,
    find_or_create,
    find_records,
    update,
    upsert,
)
from maillage.core.rows.values import (
    Choice,
    Day,
    PartialDay,
    Raw,
    Several,
    Text,
    ValueType,
    WebAddress,
    YesNo,
    scalar_text,
)
from maillage.core.rows.write_batch import active_batch

# The keys of a source in words, and the model fields that hold them.
SOURCE_KEYS = {key: key for key in ("url", "kind", "title", "issuer", "dated", "place")} | {"of": "stated_by"}


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
    """A source: a web address, or a mapping that describes a document, a letter or the organisation's own statement.

    A mapping with a `url` is a web page with its title.
    """

    @property
    def is_stored(self) -> bool:
        return False

    def parse(self, raw: Raw) -> str | dict[str, str]:
        return self._in_words(raw) if isinstance(raw, dict) else self._address(raw)

    def _address(self, raw: Raw) -> str:
        address = scalar_text(raw)
        if address and not address.startswith(("http://", "https://")):
            message = gettext("the source “%(address)s” is no web address; begin it with https://")
            raise InvalidValueError(message, address=address)
        return WebAddress().parse(address)

    def _in_words(self, raw: dict[str, Raw]) -> dict[str, str]:
        check_mapping(raw, list(SOURCE_KEYS), gettext("a source has no “%(unknown)s”; it may have %(known)s"))
        texts = {key: self._parse_part(key, raw[key]) for key in raw}
        if texts.get("url"):
            return {key: text for key, text in texts.items() if text and key != "kind"}
        return self._document(texts)

    def _parse_part(self, key: str, raw: Raw) -> str:
        if key == "url":
            return self._address(raw)
        return PartialDay().parse(raw) if key == "dated" else Text(300).parse(raw)

    def _document(self, texts: dict[str, str]) -> dict[str, str]:
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


def check_mapping(raw: dict[str, Raw], known: list[str], message: str) -> None:
    """Raise `InvalidValueError` with this message for a key that is not known."""
    if unknown := set(raw) - set(known):
        raise InvalidValueError(message, unknown=str(min(unknown, key=str)), known=", ".join(known))


@dataclass(frozen=True)
class CitationValue(ValueType):
    """A citation whole: a source, what it is about (`of`, a property), its stance, what it says, when it was read."""

    @property
    def is_stored(self) -> bool:
        return False

    def parse(self, raw: Raw) -> dict[str, Any]:
        parsers = {
            "source": SourceValue(), "of": Text(60), "stance": Choice(Stance.choices), "says": Text(),
            "says_fr": Text(), "read_on": Day(), "accepted": YesNo(),
        }  # fmt: skip
        if not isinstance(raw, dict) or not raw.get("source"):
            raise InvalidValueError(gettext("each of “%(key)s” must be a mapping with a “source”"))
        check_mapping(raw, list(parsers), gettext("a citation has no “%(unknown)s”; it may have %(known)s"))
        values = {key: parsers[key].parse(raw[key]) for key in raw}
        return {key: value for key, value in values.items() if value not in ("", None)}

    def json_schema(self) -> dict[str, Any]:
        texts = {key: {"type": "string"} for key in ("of", "says", "says_fr")}
        others = {"source": SourceValue(), "stance": Choice(Stance.choices), "read_on": Day(), "accepted": YesNo()}
        properties = texts | {key: value_type.json_schema() for key, value_type in others.items()}
        return {"type": "object", "properties": properties, "required": ["source"], "additionalProperties": False}


Citations = Annotated[
    list[dict[str, Any]],
    Several(CitationValue()),
    Described(
        _("Citations"),
        _("Sources that do more than support it: in part, of another time, against it, or of one property."),
        editable=False,
        files_only=True,
    ),
]
Sources = Annotated[
    list[str | dict[str, str]],
    Several(SourceValue(), separator=r"\s+"),
    Described(_("Source"), _("Where it is written: the address of a page."), example="https://…"),
]


def get_source(value: str | dict[str, str]) -> Source:
    """The source of this value, made if it is new."""
    if isinstance(value, str):
        known: Source | None = cached_lookup(("source", value), lambda: _known_page(value))
        return known or _source({"url": value}, {"kind": Source.Kind.WEB})
    fields: dict[str, Any] = {field: value.get(key, "") for key, field in SOURCE_KEYS.items()}
    if not fields["url"]:
        return _source(fields)
    # The words of a page that is cited already stay: others cite it too.
    return _source({"url": fields.pop("url")}, fields | {"kind": Source.Kind.WEB})


def _source(identity: dict[str, Any], others: dict[str, Any] | None = None) -> Source:
    source: Source = find_or_create(Source, identity, others or {})
    return source


def _known_page(url: str) -> Source | None:
    """The source of an address; `None` within a batch, which knows the sources that it has not written yet."""
    return None if active_batch() else Source.objects.filter(url=url).first()


def source_value(source: Source) -> str | dict[str, str]:
    """A source as a row gives it; the inverse of `get_source`."""
    fields = {key: getattr(source, field) for key, field in SOURCE_KEYS.items()}
    if source.url:
        del fields["kind"]
    texts = {key: text for key, text in fields.items() if text}
    return source.url if list(texts) == ["url"] else texts


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
        existing = find_first(Citation, identity)
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


def cite_whole(record: Any, citations: list[dict[str, Any]], origin: Origin) -> RowOutcome:
    """Write citations as `citation_row` gives them."""
    outcome = RowOutcome.UNCHANGED
    for citation in citations:
        identity = {
            "record_kind": record.kind_name(),
            "record_id": record.pk,
            "property": citation.get("of", ""),
            "source": get_source(citation["source"]),
        }
        values = {
            "stance": citation.get("stance", Stance.SUPPORTS),
            "says_en": citation.get("says", ""),
            "says_fr": citation.get("says_fr", ""),
            "read_on": citation.get("read_on", origin.read_on),
            "accepted": citation.get("accepted", True),
        }
        outcome |= upsert(Citation, identity, values)[1]
    return outcome


def citation_row(citation: Citation) -> dict[str, Any]:
    """A citation whole, as a row gives it."""
    stance = "" if citation.stance == Stance.SUPPORTS else str(citation.stance)
    texts = {"of": citation.property, "stance": stance, "says": citation.says_en, "says_fr": citation.says_fr}
    given = {key: text for key, text in texts.items() if text}
    accepted = {} if citation.accepted else {"accepted": "no"}
    return {"source": source_value(citation.source), **given, "read_on": citation.read_on.isoformat(), **accepted}


def extend_attested(record: Any) -> None:
    """Set `attested` of a cited, open-ended fact of unknown start: it is certain from the day of its first citation."""
    if not _lacks_attested(record):
        return
    if cited := find_records(Citation, {"record_kind": record.kind_name(), "record_id": record.pk}):
        _extend_attested(record, cited[0].read_on)


def _extend_attested(record: Any, day: dt.date) -> None:
    if _lacks_attested(record):
        change_field(record, "attested", edtf_text(day))


def _lacks_attested(record: Any) -> bool:
    is_open = getattr(record, "period_end", None) == OPEN and record.period_start == UNKNOWN
    return is_open and not record.attested
