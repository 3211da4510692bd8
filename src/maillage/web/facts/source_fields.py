"""The fields of the source of a fact: its kind, and what each kind needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.models import Source
from maillage.core.request import Request
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.fact_list import Values
from maillage.core.rows.sources import SourceValue
from maillage.register.models import Organisation
from maillage.web.facts.fields import date_attributes

SOURCE_TEXTS = ("title", "issuer", "dated", "place")
SOURCE_FIELDS = ("source_kind", "source_url", *(f"source_{name}" for name in SOURCE_TEXTS))
KEEP_SOURCE = "keep_source"
# The key under which the session keeps the source of a sitting.
_SITTING = "source_of_sitting"
_LABELS = {
    Source.Kind.WEB: (gettext_lazy("Web page"), gettext_lazy("an address, read on a day")),
    Source.Kind.DOCUMENT: (gettext_lazy("Document"), gettext_lazy("order, agreement, report")),
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
    return fields


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


class SourceFieldsMixin(forms.Form):
    """A form with the fields of a source. `given_source` is the source as a row gives it, or `None`."""

    request: Request

    def source_kinds(self) -> list[tuple[Any, Any]]:
        """The radio button of each kind of source, with what it is for."""
        return [(radio, _LABELS[Source.Kind(radio.data["value"])][1]) for radio in self["source_kind"]]

    def given_source(self, cleaned: Values) -> str | dict[str, str] | None:
        """The source that was given; errors are added at their field."""
        source = self._source(cleaned)
        try:
            return SourceValue().parse(source) if source else None
        except InvalidValueError as error:
            field = "source_url" if isinstance(source, str) else "source_dated"
            self.add_error(field, str(error.as_row_error(str(self.fields[field].label))))
            return None

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
        return {"kind": kind, **{name: text for name, text in words.items() if text}}


def _with_scheme(address: str) -> str:
    """An address as people type it: `www.example.org` is taken as https."""
    return f"https://{address}" if address.lower().startswith("www.") else address


def source_words(source: Any) -> str:
    """A source as a row gives it, in words."""
    return SourceValue().to_text(source) or _("the organisation's own statement")


def source_initial(sources: Any) -> dict[str, str]:
    """The first of the sources of a row as the initial values of the fields."""
    source = next(iter(sources or []), None)
    if source is None:
        return {}
    if isinstance(source, str):
        return {"source_kind": Source.Kind.WEB.value, "source_url": source}
    kind = Source.Kind.WEB.value if source.get("url") else source.get("kind", Source.Kind.DOCUMENT.value)
    return {"source_kind": kind, **{f"source_{key}": text for key, text in source.items() if key not in ("kind", "of")}}
