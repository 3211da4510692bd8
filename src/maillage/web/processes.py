"""Processes: the list, the drawing with the table that says the same, the versions, and the editor with its dry run."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel import wording
from maillage.kernel.actions import Forbidden, Impossible
from maillage.kernel.processes import queries
from maillage.kernel.processes.actions import publish_definition
from maillage.kernel.processes.document import Definition
from maillage.kernel.processes.drawing import drawn
from maillage.kernel.processes.guards import GUARDS
from maillage.kernel.processes.models import ProcessDefinition
from maillage.kernel.processes.plain_yaml import LONGEST
from maillage.kernel.processes.reading import BadDefinition, from_text
from maillage.kernel.processes.rehearsal import rehearse
from maillage.kernel.request import Request
from maillage.web.roles import role_words

_VERSIONS = 50


def process_list(request: Request) -> HttpResponse:
    """Every process, in the version that is in force."""
    return render(request, "web/processes.html", {"versions": queries.processes(timezone.now())})


def process_page(request: Request, name: str, version: int | None = None) -> HttpResponse:
    """One version of a process, drawn and in words; without a number, the one in force."""
    shown = _version(name, version)
    context = described(shown.definition) | {"shown": shown, "versions": queries.versions(name)[:_VERSIONS]}
    return render(request, "web/process.html", context)


def _version(name: str, version: int | None) -> ProcessDefinition:
    try:
        return queries.versions(name).get(version=version) if version else queries.in_force(name, timezone.now())
    except (ProcessDefinition.DoesNotExist, Impossible) as error:
        raise Http404(_("There is no such process or version.")) from error


def described(definition: Definition) -> dict[str, Any]:
    """A definition for its page: the drawing, and the rows of the tables that say the same."""
    opening = definition.opening
    return {
        "definition": definition,
        "calendar": ", ".join(filter(None, (wording.country(definition.country), definition.region))),
        "drawing": drawn(definition),
        "opening": {"state": definition.states[opening.state], "roles": role_words(opening.roles)},
        "states": [
            {
                "state": one,
                "remind": role_words(one.deadline.remind) if one.deadline else "",
                "then": definition.transitions[one.deadline.then.fire] if one.deadline and one.deadline.then else None,
                "waits": role_words(definition.waits_for(one.name)),
            }
            for one in definition.states.values()
        ],
        "ways": [
            {
                "way": way,
                "sources": [definition.states[name] for name in way.sources],
                "target": definition.states[way.target],
                "roles": role_words(way.roles),
                "guards": [str(GUARDS[name].title) if name in GUARDS else name for name in way.guards],
                "notices": [(notice.name, role_words(notice.to)) for notice in way.notices],
            }
            for way in definition.transitions.values()
        ],
    }


class DefinitionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The definition, as YAML"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, which stands beside the version"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)


def process_edit(request: Request, name: str) -> HttpResponse:
    """Change a definition: read it, try it on the running cases, publish it. For officers of the site."""
    if not request.actor.is_officer:
        raise Forbidden(_("Processes are changed by officers of the site."))
    known = _version(name, None)
    if request.method != "POST":
        return render(
            request,
            "web/process_edit.html",
            {"form": DefinitionForm(initial={"text": known.text, "base": known.version}), "known": known},
        )
    form = DefinitionForm(request.POST)
    context: dict[str, Any] = {"form": form, "known": known}
    if form.is_valid():
        try:
            definition = _read(form.cleaned_data["text"], name)
            context |= {"rehearsal": rehearse(definition, timezone.now()), **described(definition)}
            if request.POST.get("do") == "publish":
                return _publish(request, form)
            return render(request, "web/process_edit.html", context)
        except BadDefinition as error:
            context["faults"] = error.faults
        except Impossible as error:
            form.add_error(None, str(error))
    return render(request, "web/process_edit.html", context, status=422)


def _read(text: str, name: str) -> Definition:
    definition = from_text(text)
    if definition.name != name:
        raise Impossible(_("This is the page of “%(page)s”; keep “process: %(page)s”.") % {"page": name})
    return definition


def _publish(request: Request, form: DefinitionForm) -> HttpResponse:
    made = publish_definition(actor=request.actor, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Version %s is in force; cases that run stay on theirs.") % made.version)
    return redirect("process", made.name)
