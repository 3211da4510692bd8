"""A process of one's own: begun as a copy of another, changed as text beside its drawing; and its first cases."""

import json
import re

from django import forms
from django.core.validators import RegexValidator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.documents.faults import InvalidDocumentError
from maillage.presentation.action_forms import require_officer, run_action_form
from maillage.web.workflow.forms import DefinitionForm
from maillage.web.workflow.process_views import (
    definition_context,
    edit_response,
    faults_in_text,
    get_process_version,
    may_open,
)
from maillage.workflow import queries
from maillage.workflow.actions.cases import open_case
from maillage.workflow.definition import Definition
from maillage.workflow.models import ProcessDefinition
from maillage.workflow.parser import parse_definition

_NAME, _TITLE, _COMMENT = re.compile(r"^process:.*$", re.M), re.compile(r"^title:.*$", re.M), re.compile(r"\A(#.*\n)+")
_SLUG = RegexValidator(r"^[a-z][a-z0-9-]{1,58}\Z", gettext_lazy("Use lower-case letters, digits and hyphens."))


class CopyForm(forms.Form):
    """Which process is copied, and what the copy is called."""

    copy = forms.ChoiceField(label=gettext_lazy("Copy of"))
    title_fr = forms.CharField(label=gettext_lazy("Title in French"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=120)
    name = forms.CharField(
        label=gettext_lazy("Name in addresses"),
        help_text=gettext_lazy("Lower-case letters, digits and hyphens; it stays."),
        max_length=59,
        validators=[_SLUG],
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request.GET if "name" in request.GET else None, label_suffix="")
        known = queries.current_definitions(timezone.now())
        self.known_names = {version.name for version in known}
        self.fields["copy"].choices = [  # type: ignore[attr-defined]  # a choice field
            (version.name, str(version.definition.title)) for version in known
        ]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name in self.known_names:
            raise forms.ValidationError(_("A process has this name already; choose another."))
        return name

    def text(self) -> str:
        """The text of the copied process under its new name and title."""
        text = get_process_version(self.cleaned_data["copy"], None).text
        titles = (json.dumps(self.cleaned_data[name], ensure_ascii=False) for name in ("title_fr", "title_en"))
        title = "title: {{fr: {}, en: {}}}".format(*titles)
        text = _NAME.sub(f"process: {self.cleaned_data['name']}", _COMMENT.sub("", text), count=1)
        return _TITLE.sub(lambda _match: title, text, count=1)


@require_http_methods(["GET", "POST"])
def new_process_page(request: Request) -> HttpResponse:
    """Choose a process to copy, then change the copy and publish it. For officers of the site."""
    require_officer(request, _("Processes are changed by officers of the site."))
    if request.method == "POST":
        return edit_response(request, DefinitionForm(request.POST), _new_definition, {})
    copy_form = CopyForm(request)
    if not copy_form.is_valid():
        status = 422 if copy_form.is_bound else 200
        return render(request, "web/process_copy.html", {"form": copy_form}, status=status)
    text = copy_form.text()
    context = {"form": DefinitionForm(initial={"text": text}), **definition_context(parse_definition(text))}
    return render(request, "web/process_edit.html", context)


def _new_definition(text: str) -> Definition:
    definition = parse_definition(text)
    if ProcessDefinition.objects.filter(name=definition.name).exists():
        raise ActionError(_("A process “%s” exists; write another name after “process:”.") % definition.name)
    return definition


@require_POST
def process_preview(request: Request) -> HttpResponse:
    """The drawing of a text that is being changed, or its faults; the page asks for it after each pause."""
    require_officer(request, _("Processes are changed by officers of the site."))
    text = request.POST.get("text", "")
    context: dict[str, object] = {}
    try:
        context = definition_context(parse_definition(text))
    except InvalidDocumentError as error:
        context["faults"] = faults_in_text(text, error)
    return render(request, "web/process_preview.html", context)


@require_POST
def open_case_button(request: Request, name: str) -> HttpResponse:
    """Open a case of a process of one's own, for the organisation of the mandate in use."""
    process = get_process_version(name, None)
    if not may_open(request, process):
        raise Http404(_("Cases of this process are not opened here."))
    acting = request.actor.acting
    arguments = {
        "process": name,
        "title": request.POST.get("title", "").strip()[:400],
        "organisation_id": acting.organisation_id if acting else None,
    }
    outcome = run_action_form(request, open_case, arguments=arguments, success=_("The case is open."))
    return redirect("case", outcome.value.pk) if outcome else redirect("process", name)
