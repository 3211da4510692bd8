"""The sources of a fact, as rows give them, and their citations."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Citation, Fact, Source, Stance
from maillage.core.periods import OPEN, UNKNOWN, edtf_text
from maillage.core.rows.described import Described
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.list_register import FACT_LISTS
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
    Reference,
    Several,
    Text,
    Value,
    Values,
    ValueType,
    WebAddress,
    YesNo,
    scalar_text,
)
from maillage.core.rows.write_batch import active_batch

SourceInput: TypeAlias = str | dict[str, str]
# The keys of a source in words, and the model fields that hold them.
SOURCE_KEYS = {key: key for key in ("url", "kind", "title", "issuer", "dated", "place")} | {
    "of": "stated_by",
    "sha256": "digest",
}
# Keys of a citation as files of before 0.3 give them.
_OLD_CITATION_KEYS = {"says": "assertion", "says_fr": "assertion_fr"}
_ORGANISATION = Reference("organisations")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row comes from: the day on which its sources were read.

    `dated` is whether the row or its file gives that day, so that loading an undated file again does not make its
    sources look recently read. `accepted` is whether its documents confirm a fact without being accepted; if not,
    `organisation` is the one (id) that cites them.
    """

    read_on: dt.date
    dated: bool = False
    accepted: bool = True
    organisation: int | None = None


@dataclass(frozen=True)
class Digest(Text):
    """The SHA-256 of the content of a document, in hexadecimal."""

    limit: int = 64

    def parse(self, raw: Raw) -> str:
        digest = scalar_text(raw).lower()
        if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
            message = gettext("“%(digest)s” is no SHA-256 of a document: 64 digits and letters from a to f")
            raise InvalidValueError(message, digest=digest[:80])
        return digest


@dataclass(frozen=True)
class SourceValue(ValueType):
    """A source: a web address, or a mapping that describes a document, a letter or the organisation's own statement.

    A mapping with a `url` is a web page with its title.
    """

    @property
    def is_stored(self) -> bool:
        return False

    def parse(self, raw: Raw) -> SourceInput:
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
            return {key: text for key, text in texts.items() if text and key not in ("kind", "sha256")}
        return self._document(texts)

    def _parse_part(self, key: str, raw: Raw) -> str:
        try:
            return self._part(key, raw)
        except InvalidValueError as error:
            error.part = key
            raise

    def _part(self, key: str, raw: Raw) -> str:
        if key == "url":
            return self._address(raw)
        if key == "sha256":
            return Digest().parse(raw)
        return PartialDay().parse(raw) if key == "dated" else Text(300).parse(raw)

    def _document(self, texts: dict[str, str]) -> dict[str, str]:
        kind = texts.setdefault("kind", Source.Kind.DOCUMENT)
        if kind not in Source.Kind.values or kind == Source.Kind.WEB:
            message = gettext("“%(kind)s” is no kind of source; use document, letter or statement")
            raise InvalidValueError(message, "kind", kind=kind)
        needed = "of" if kind == Source.Kind.STATEMENT else "title"
        if not texts.get(needed):
            raise InvalidValueError(gettext("a source of this kind needs “%(needed)s”; add it"), needed, needed=needed)
        if kind == Source.Kind.STATEMENT and texts.get("sha256"):
            message = gettext("a document is attached to a source of the kind document or letter only")
            raise InvalidValueError(message, "sha256")
        return {key: text for key, text in texts.items() if text}

    def to_text(self, value: Value) -> str:
        if isinstance(value, dict):
            return ", ".join(value[key] for key in ("title", "issuer", "dated", "place", "of") if value.get(key))
        return super().to_text(value)

    def json_schema(self) -> dict[str, object]:
        words = {"type": "object", "properties": {key: {"type": "string"} for key in SOURCE_KEYS}}
        return {"anyOf": [{"type": "string", "format": "uri"}, words]}


def check_mapping(raw: dict[str, Raw], known: list[str], message: str) -> None:
    """Raise `InvalidValueError` with this message for a key that is not known."""
    if unknown := set(raw) - set(known):
        raise InvalidValueError(message, unknown=str(min(unknown, key=str)), known=", ".join(known))


@dataclass(frozen=True)
class CitationValue(ValueType):
    """A citation whole: a source, what it is about (`of`, a property), its stance, what it says, when it was read.

    One that waits to be accepted (`accepted: no`) names the organisation that cites it, by key: `brought_by`.
    """

    @property
    def is_stored(self) -> bool:
        return False

    def parse(self, raw: Raw) -> Values:
        parsers = {
            "source": SourceValue(), "of": Text(60), "stance": Choice(Stance.choices),
            "assertion": Text(), "assertion_fr": Text(), "read_on": Day(), "accepted": YesNo(),
            "brought_by": Text(400),
        }  # fmt: skip
        if not isinstance(raw, dict) or not raw.get("source"):
            raise InvalidValueError(gettext("each of “%(key)s” must be a mapping with a “source”"))
        raw = {_OLD_CITATION_KEYS.get(key, key): value for key, value in raw.items()}
        check_mapping(raw, list(parsers), gettext("a citation has no “%(unknown)s”; it may have %(known)s"))
        values = {key: parsers[key].parse(raw[key]) for key in raw}
        return {key: value for key, value in values.items() if value not in ("", None)}

    def json_schema(self) -> dict[str, object]:
        texts = {key: {"type": "string"} for key in ("of", "assertion", "assertion_fr", "brought_by")}
        others = {"source": SourceValue(), "stance": Choice(Stance.choices), "read_on": Day(), "accepted": YesNo()}
        properties = texts | {key: value_type.json_schema() for key, value_type in others.items()}
        return {"type": "object", "properties": properties, "required": ["source"], "additionalProperties": False}


Citations = Annotated[
    list[Values],
    Several(CitationValue()),
    Described(
        _("Citations"),
        _("Sources that do more than support it: in part, of another time, against it, or of one property."),
        editable=False,
        files_only=True,
    ),
]
Sources = Annotated[
    list[SourceInput],
    Several(SourceValue(), separator=r"\s+"),
    Described(_("Source"), _("Where it is written: the address of a page."), example="https://…"),
]


def get_source(value: SourceInput) -> Source:
    """The source of this value, made if it is new."""
    if isinstance(value, str):
        known: Source | None = cached_lookup(("source", value), lambda: _known_page(value))
        return known or _source({"url": value}, {"kind": Source.Kind.WEB})
    fields: Values = {field: value.get(key, "") for key, field in SOURCE_KEYS.items()}
    if not fields["url"]:
        return _source(fields)
    # The words of a page that is cited already stay: others cite it too.
    return _source({"url": fields.pop("url")}, fields | {"kind": Source.Kind.WEB})


def _source(identity: Values, others: Values | None = None) -> Source:
    source: Source = find_or_create(Source, identity, others or {})
    return source


def _known_page(url: str) -> Source | None:
    """The source of an address; `None` within a batch, which knows the sources that it has not written yet."""
    return None if active_batch() else Source.objects.filter(url=url).first()


def source_value(source: Source) -> SourceInput:
    """A source as a row gives it; the inverse of `get_source`."""
    fields = {key: getattr(source, field) for key, field in SOURCE_KEYS.items()}
    if source.url:
        del fields["kind"]
    texts = {key: text for key, text in fields.items() if text}
    return source.url if list(texts) == ["url"] else texts


def cite(
    record: Model,
    sources: list[SourceInput],
    origin: Origin,
    *,
    stance: str = Stance.SUPPORTS,
    assertion: str = "",
    of: str = "",
) -> RowOutcome:
    """Cite sources for a record, or for the property `of` that record; the citations have the day of the origin."""
    outcome = RowOutcome.UNCHANGED
    for value in sources:
        source = get_source(value)
        identity = {"record_kind": record._meta.label_lower, "record_id": record.pk, "property": of, "source": source}
        values: Values = {"stance": stance} | ({"assertion_en": assertion} if assertion else {})
        existing = find_first(Citation, identity)
        if existing is None or origin.dated:
            values["read_on"] = origin.read_on
        if existing is not None:
            outcome |= update(existing, values)
        else:
            create(Citation, {**identity, **values, **acceptance(source, origin)})
            outcome |= RowOutcome.CREATED
        _extend_attested(record, origin.read_on)
    return outcome


def acceptance(source: Source, origin: Origin) -> Values:
    """Whether a source confirms a fact at once, and if not, the organisation (id) that cites it, as model fields."""
    accepted = origin.accepted or source.kind == Source.Kind.WEB
    return {"accepted": accepted, "brought_by": None if accepted else origin.organisation}


def cite_whole(
    record: Model, citations: list[Values], origin: Origin, *, knows_organisations: bool = False
) -> RowOutcome:
    """Write citations as `citation_row` gives them.

    An organisation that no row has made yet is left out, or, where all rows are written, raises `RowError`.
    """
    outcome = RowOutcome.UNCHANGED
    for citation in citations:
        identity = {
            "record_kind": record._meta.label_lower,
            "record_id": record.pk,
            "property": citation.get("of", ""),
            "source": get_source(citation["source"]),
        }
        values = {
            "stance": citation.get("stance", Stance.SUPPORTS),
            "assertion_en": citation.get("assertion", ""),
            "assertion_fr": citation.get("assertion_fr", ""),
            "read_on": citation.get("read_on", origin.read_on),
            **_given_acceptance(citation, knows_organisations=knows_organisations),
        }
        outcome |= upsert(Citation, identity, values)[1]
    return outcome


def _given_acceptance(citation: Values, *, knows_organisations: bool) -> Values:
    """Whether a citation is accepted and, if not, the organisation (id) that cites it, as model fields.

    What is not accepted and names no organisation leaves the one that is known.
    """
    if citation.get("accepted", True):
        return {"accepted": True, "brought_by": None}
    key = citation.get("brought_by", "")
    organisation = _ORGANISATION.find(key) if key else None
    if key and organisation is None and knows_organisations:
        raise _ORGANISATION.not_found(key).as_row_error("citations")
    return {"accepted": False, **({"brought_by": organisation.pk} if organisation else {})}


def names_organisation(citations: list[Values]) -> bool:
    """Whether one of these citations names an organisation that cites it."""
    return any("brought_by" in citation for citation in citations)


def citation_row(citation: Citation) -> Values:
    """A citation whole, as a row gives it."""
    stance = "" if citation.stance == Stance.SUPPORTS else str(citation.stance)
    assertions = {"assertion": citation.assertion_en, "assertion_fr": citation.assertion_fr}
    texts = {"of": citation.property, "stance": stance, **assertions}
    given = {key: text for key, text in texts.items() if text}
    accepted = {} if citation.accepted else {"accepted": "no", **_bringer(citation)}
    return {"source": source_value(citation.source), **given, "read_on": citation.read_on.isoformat(), **accepted}


def _bringer(citation: Citation) -> Values:
    """The organisation that cites a source, by key; nothing where there is none, or the reader may not know of it."""
    organisations = FACT_LISTS[_ORGANISATION.list].model
    organisation = find_first(organisations, {"id": citation.brought_by}) if citation.brought_by else None
    return {"brought_by": organisation.key} if organisation else {}


def extend_attested(record: Model) -> None:
    """Set `attested` of a cited, open-ended fact of unknown start: it is certain from the day of its first citation."""
    if not _lacks_attested(record):
        return
    if cited := find_records(Citation, {"record_kind": record._meta.label_lower, "record_id": record.pk}):
        _extend_attested(record, cited[0].read_on)


def _extend_attested(record: Model, day: dt.date) -> None:
    if _lacks_attested(record):
        change_field(record, "attested", edtf_text(day))


def _lacks_attested(record: Model) -> bool:
    if not isinstance(record, Fact):
        return False
    return record.period_end == OPEN and record.period_start == UNKNOWN and not record.attested
