"""A version of a convention is written heading by heading, and its perimeter entity by entity."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.document import HeadingKind, Question
from maillage.conventions.headings import question_of
from maillage.conventions.models import Convention, ConventionVersion, Entity
from maillage.conventions.queries import entity_words, perimeter_of, share_words
from maillage.conventions.writing import attach_clause, remove_entity, write_clause, write_entity
from maillage.kernel.actions import REGISTRY, Impossible
from maillage.kernel.files.intake import Intake, settled
from maillage.kernel.files.queries import files
from maillage.kernel.request import Request
from maillage.kernel.versions import Stale
from maillage.register.models import Organisation
from maillage.web.conventions.acting import convention_of, version_of
from maillage.web.files import came_in, handed_out, limits, taking_a_file

# Rows that a table shows beyond those that are filled in.
_BLANK_ROWS = 3


def _question(version: ConventionVersion, name: str) -> Question:
    found = version.convention.says.heading(name)
    if found is None or found.kind is HeadingKind.PERIMETER:
        raise Http404(_("The convention has no such heading."))
    return question_of(found)


def _written(request: Request, pk: int, number: int) -> ConventionVersion:
    """The version, if the reader may write it; a foreign one is refused before any form."""
    version = version_of(request, pk, number)
    REGISTRY["conventions.write_clause"].refuse(request.actor, timezone.now(), {"convention_id": pk})
    return version


def clause(request: Request, pk: int, number: int, name: str) -> HttpResponse:
    """What stands under one heading, to be written; who comes second sees what the first wrote."""
    version = _written(request, pk, number)
    question = _question(version, name)
    held = version.clauses.filter(heading=name).first()
    given: dict[str, Any] = {"value": held.value if held else None, "base": held.edition if held else 0}
    told: Impossible | None = None
    if request.method == "POST":
        given = {"value": _given(request, question), "base": _number(request, "base")}
        about: dict[str, Any] = {"convention_id": pk, "version": number, "heading": name}
        try:
            write_clause(actor=request.actor, at=timezone.now(), **about, **given)
            return redirect(version.convention)
        except Impossible as error:
            told = error
    stale = isinstance(told, Stale)
    context = {
        "version": version, "question": question, "clause": held, "value": given["value"], "told": told,
        "theirs": held if stale else None, "base": held.edition if stale and held else given["base"],
        "rows": _rows(question, given["value"]), **limits(),
    }  # fmt: skip
    return render(request, "web/conventions/clause.html", context, status=409 if stale else 422 if told else 200)


def _given(request: Request, question: Question) -> Any:
    if not question.columns:
        return request.POST.get("value", "")
    columns = [request.POST.getlist(f"cell-{one.key}") for one in question.columns]
    keys = [one.key for one in question.columns]
    return [dict(zip(keys, cells, strict=True)) for cells in zip(*columns, strict=False)]


def _number(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _rows(question: Question, value: Any) -> list[list[str]]:
    """The rows of a table with blank ones below, as far as it takes them."""
    filled = [[row.get(one.key, "") for one in question.columns] for row in value or []] if question.columns else []
    blank = min(_BLANK_ROWS, question.most - len(filled)) if question.columns else 0
    return filled + [[""] * len(question.columns) for _each in range(blank)]


@taking_a_file
def attach(request: Request, pk: int, number: int, name: str, intake: Intake) -> HttpResponse:
    """Attach the file that a heading asks for."""
    version = _written(request, pk, number)
    try:
        incoming = came_in(intake)
        with settled(incoming):
            about: dict[str, Any] = {"convention_id": pk, "version": number, "heading": name}
            attach_clause(actor=request.actor, at=timezone.now(), **about, incoming=incoming)
    except Impossible as error:
        messages.error(request, str(error))
    return redirect(version.convention)


def file(request: Request, pk: int, digest: str) -> HttpResponseBase:
    """The bytes of a file of the convention."""
    convention = convention_of(request, pk)
    within = files(actor=request.actor).filter(record_kind=Convention.kind_name(), record_id=convention.pk)
    found = within.filter(content__digest=digest).first()
    if found is None:
        raise Http404(_("No file has this address, or it is not for every reader."))
    return handed_out(request, found)


class EntityForm(forms.Form):
    """An entity of a perimeter."""

    organisation = forms.CharField(label=gettext_lazy("Key of the entity"), max_length=80)
    host = forms.CharField(label=gettext_lazy("Key of its host establishment"), max_length=80)
    share = forms.CharField(label=gettext_lazy("Share, in percent"), max_length=12)
    since = forms.DateField(label=gettext_lazy("From, if later than the label"), required=False)
    until = forms.DateField(label=gettext_lazy("To, if before its end"), required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *arguments: Any, removing: bool = False, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if removing:
            self.fields["host"].required = self.fields["share"].required = False
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def perimeter(request: Request, pk: int, number: int) -> HttpResponse:
    """The entities of a version, each confirmed, changed or taken out by itself; others are added."""
    version = _written(request, pk, number)
    removing = request.POST.get("do") == "remove"
    sent = EntityForm(request.POST, removing=removing) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        try:
            _act(request, version, sent.cleaned_data)
            return redirect("convention-perimeter", pk, number)
        except Stale as error:
            sent = _read_anew(version, sent, error)
        except Impossible as error:
            sent.add_error(None, str(error))
    key = sent.cleaned_data.get("organisation", "") if sent else ""
    rows = [
        (one, sent if one.organisation.key == key and sent else _form(one), share_words(one.share))
        for one in perimeter_of(version)
    ]
    is_new = sent is not None and not any(form is sent for _one, form, _share in rows)
    context = {"version": version, "rows": rows, "form": sent if is_new else EntityForm(auto_id="new_%s")}
    return render(request, "web/conventions/perimeter.html", context, status=422 if sent else 200)


def _read_anew(version: ConventionVersion, sent: EntityForm, told: Stale) -> EntityForm:
    """What was sent, beside what somebody else wrote in the meantime; sent again it takes that place."""
    held = version.entities.filter(organisation__key=sent.cleaned_data["organisation"]).first()
    again = EntityForm(dict(sent.data.items()) | {"base": held.edition if held else 0})
    theirs = entity_words(held) if held else _("It was taken out.")
    again.add_error(None, f"{told} {theirs}")
    return again


def _form(entity: Entity) -> EntityForm:
    """An entity as it stands, to be confirmed or changed."""
    initial = {
        "organisation": entity.organisation.key, "host": entity.host.key if entity.host else "",
        "share": f"{entity.share.normalize():f}" if entity.share else "", "since": entity.since, "until": entity.until,
        "base": entity.edition,
    }  # fmt: skip
    return EntityForm(initial=initial, auto_id=f"entity_{entity.pk}_%s")


def _act(request: Request, version: ConventionVersion, given: dict[str, Any]) -> None:
    """Confirm or change an entity, add one, or take one out."""
    by: dict[str, Any] = {"actor": request.actor, "at": timezone.now()}
    about: dict[str, Any] = {
        "convention_id": version.convention_id,
        "version": version.number,
        "base": given["base"] or 0,
    }
    unit = _body(request, given["organisation"])
    if request.POST.get("do") == "remove":
        remove_entity(**by, **about, organisation_id=unit)
        return
    days: dict[str, Any] = {name: given[name].isoformat() if given[name] else "" for name in ("since", "until")}
    host = _body(request, given["host"])
    write_entity(**by, **about, organisation_id=unit, host_id=host, share=given["share"], **days)


def _body(request: Request, key: str) -> int:
    found = Organisation.objects.visible_to(request.actor).filter(key=key.strip(), merged_into=None).first()
    if found is None:
        raise Impossible(_("“%s” is not the key of a body of the register.") % key.strip()[:80])
    return int(found.pk)
