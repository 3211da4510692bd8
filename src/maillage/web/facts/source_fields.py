"""The fields of the source of a fact: its kind, and what each kind needs."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.models import Source
from maillage.core.request import Request
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.sources import SourceInput, SourceValue
from maillage.core.rows.values import Raw, Values
from maillage.register.models import Organisation
from maillage.web.facts.attached_documents import (
    DOCUMENT_READERS,
    KEPT_DOCUMENT,
    SOURCE_FILE,
    AttachedDocumentMixin,
    document_fields,
)
from maillage.web.facts.fields import date_attributes
from maillage.web.facts.form_parts import FormPart
from maillage.web.facts.understood import Understood

SOURCE_TEXTS = ("title", "issuer", "dated", "place")
# The fields that are typed beside the kind, and all those that say what the source is.
TYPED_FIELDS = ("source_url", *(f"source_{name}" for name in SOURCE_TEXTS))
SOURCE_FIELDS = ("source_kind", *TYPED_FIELDS, KEPT_DOCUMENT, DOCUMENT_READERS)
KEEP_SOURCE = "keep_source"
# The key under which the session keeps the source of a sitting.
_SITTING = "source_of_sitting"
_LABELS = {
    Source.Kind.WEB: (gettext_lazy("Web page"), gettext_lazy("an address, read on a day")),
    Source.Kind.DOCUMENT: (gettext_lazy("Document"), gettext_lazy("order, agreement, report; attached or not")),
    Source.Kind.LETTER: (gettext_lazy("Letter or mail"), gettext_lazy("from whom, and when")),
    Source.Kind.STATEMENT: (gettext_lazy("Statement"), gettext_lazy("the organisation says so itself")),
}
_TEXTS = {
    "url": (gettext_lazy("Address of the page"), 1000),
    "title": (gettext_lazy("Title of the document, or subject of the letter"), 300),
    "issuer": (gettext_lazy("Signed or issued by"), 300),
    "dated": (gettext_lazy("Dated"), 40),
    "place": (gettext_lazy("Page or article"), 300),
}


def acting_organisation(request: Request) -> Organisation | None:
    """The organisation for which the person acts; `None` for an officer without a mandate in use."""
    acting = request.actor.acting
    return Organisation.objects.filter(pk=acting.organisation_id).first() if acting else None


def source_fields(request: Request) -> dict[str, forms.Field]:
    """The fields of a source by name. Only those who act for an organisation may give its own statement."""
    kinds = [kind for kind in _LABELS if kind != Source.Kind.STATEMENT or request.actor.acting]
    choices = [(kind.value, _LABELS[kind][0]) for kind in kinds]
    kind_field = forms.ChoiceField(
        label=gettext_lazy("Source"), choices=choices, widget=forms.RadioSelect, required=False,
        help_text=gettext_lazy("Who says so? A source outside of the organisation makes the fact confirmed."),
    )  # fmt: skip
    fields: dict[str, forms.Field] = {"source_kind": kind_field}
    for name, (label, limit) in _TEXTS.items():
        fields[f"source_{name}"] = forms.CharField(label=label, required=False, max_length=limit)
    fields["source_url"].widget.attrs |= {"inputmode": "url", "placeholder": "https://…"}
    fields["source_dated"].widget.attrs |= date_attributes("source_dated", always=False)
    return fields | document_fields()


def sitting_source(request: Request) -> dict[str, str]:
    """The source that the person keeps for all facts of this sitting, as values of the fields; empty for none."""
    kept = request.session.get(_SITTING)
    return {name: str(text) for name, text in kept.items()} if isinstance(kept, dict) else {}


def keep_sitting_source(request: Request, cleaned: Values) -> None:
    """Keep the source of a form for the next facts of the sitting if its person says so, else keep none."""
    source = {name: str(cleaned.get(name) or "") for name in SOURCE_FIELDS}
    if cleaned.get(KEEP_SOURCE):
        request.session[_SITTING] = source
    else:
        request.session.pop(_SITTING, None)


class SourceFieldsMixin(AttachedDocumentMixin):
    """A form with the fields of a source. `given_source` is the source as a row gives it, or `None`."""

    def add_source_fields(self, request: Request, *, of_sitting: bool = False) -> None:
        """Add the fields of a source; with `of_sitting`, filled with that of the sitting, and kept for it if asked."""
        self.fields |= source_fields(request)
        self.initial.setdefault("source_kind", Source.Kind.WEB.value)
        if not (of_sitting and request.user.is_authenticated):
            return
        label = _("Keep this source for the facts that I record next")
        self.fields[KEEP_SOURCE] = forms.BooleanField(label=label, required=False)
        if kept := sitting_source(request):
            self.initial = {**self.initial, **kept, KEEP_SOURCE: True}

    def source_kinds(self) -> list[tuple[object, object]]:
        """The radio button of each kind of source, with what it is for."""
        return [(radio, _LABELS[Source.Kind(radio.data["value"])][1]) for radio in self["source_kind"]]

    def source_parts(self) -> list[FormPart]:
        """The fields of the source that are typed."""
        return [FormPart(self[name], Understood() if name == "source_dated" else None) for name in TYPED_FIELDS]

    def given_source(self, cleaned: Values) -> str | dict[str, str] | None:
        """The source that was given; errors are added at their field."""
        source = self._source(cleaned)
        try:
            return SourceValue().parse(source) if source else None
        except InvalidValueError as error:
            field = self._field_of("url" if isinstance(source, str) else error.part)
            self.add_error(field, str(error.as_row_error(str(self.fields[field].label))))
            return None

    def _field_of(self, part: str) -> str:
        """The field that shows a part of the source: for the digest of a document, that of the document itself."""
        shown = {"sha256": SOURCE_FILE, "kind": "source_kind", "of": "source_kind"}.get(part, f"source_{part}")
        return shown if shown in self.fields else "source_title"

    def _source(self, cleaned: Values) -> str | dict[str, str] | None:
        kind = cleaned.get("source_kind") or Source.Kind.WEB
        if kind == Source.Kind.WEB:
            return _with_scheme(cleaned.get("source_url", ""))
        if kind == Source.Kind.STATEMENT:
            organisation = acting_organisation(self.request)
            return {"kind": kind, "of": organisation.key} if organisation else None
        words = {name: cleaned.get(f"source_{name}", "") for name in SOURCE_TEXTS}
        if not words["title"]:
            self.add_error("source_title", _("Give the title of the document."))
            return None
        words["sha256"] = cleaned[KEPT_DOCUMENT] = self.document_digest(cleaned)
        return {"kind": kind, **{name: text for name, text in words.items() if text}}


class SheetSourceForm(SourceFieldsMixin):
    """The source of the rows of a sheet that have none. A document is named; it is attached on the page of a fact."""

    def __init__(self, request: Request, source: SourceInput) -> None:
        """`source` is the one that was given before, empty for none."""
        data = request.POST if request.POST.keys() & set(SOURCE_FIELDS) else None
        super().__init__(data, label_suffix="", initial=source_initial([source] if source else []))
        self.request = request
        self.add_source_fields(request)
        self.fields["source_kind"].label = _("Source of the rows that have none")
        for name in document_fields():
            del self.fields[name]

    def clean(self) -> Values:
        cleaned = super().clean() or {}
        return cleaned | {"source": self.given_source(cleaned) or ""}


def _with_scheme(address: str) -> str:
    """An address as people type it: `www.example.org` is taken as https."""
    return f"https://{address}" if address.lower().startswith("www.") else address


def source_words(source: object) -> str:
    """A source as a row gives it, in words."""
    is_own = isinstance(source, dict) and source.get("kind") == Source.Kind.STATEMENT
    return (not is_own and SourceValue().to_text(source)) or _("the organisation's own statement")


def source_initial(sources: Raw) -> dict[str, str]:
    """The first of the sources of a row as the initial values of the fields."""
    source = next(iter(sources or []), None)
    if source is None:
        return {}
    if isinstance(source, str):
        return {"source_kind": Source.Kind.WEB.value, "source_url": source}
    kind = Source.Kind.WEB.value if source.get("url") else source.get("kind", Source.Kind.DOCUMENT.value)
    return {"source_kind": kind, **{f"source_{key}": text for key, text in source.items() if key not in ("kind", "of")}}
