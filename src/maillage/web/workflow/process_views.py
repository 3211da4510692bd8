"""Pages of processes: list, drawing with tables of the same content, versions, and the editor with its dry run."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.request import Request
from maillage.documents.faults import InvalidDocumentError
from maillage.web.workflow.forms import DefinitionForm
from maillage.web.workflow.role_names import role_names
from maillage.workflow import queries
from maillage.workflow.actions.definitions import publish_definition
from maillage.workflow.definition import Definition
from maillage.workflow.drawing import draw_definition
from maillage.workflow.dry_run import dry_run_definition
from maillage.workflow.guards import GUARDS
from maillage.workflow.models import ProcessDefinition
from maillage.workflow.parser import parse_definition

_VERSIONS = 50


def process_list_page(request: Request) -> HttpResponse:
    """Every process, in the version that is in force."""
    return render(request, "web/processes.html", {"versions": queries.current_definitions(timezone.now())})


def process_page(request: Request, name: str, version: int | None = None) -> HttpResponse:
    """One version of a process, drawn and in tables; without a number, the one in force."""
    process_version = _get_version(name, version)
    context = definition_context(process_version.definition) | {
        "shown": process_version,
        "versions": queries.definition_versions(name)[:_VERSIONS],
    }
    return render(request, "web/process.html", context)


def _get_version(name: str, version: int | None) -> ProcessDefinition:
    try:
        return (
            queries.definition_versions(name).get(version=version)
            if version
            else queries.current_definition(name, timezone.now())
        )
    except (ProcessDefinition.DoesNotExist, ActionError) as error:
        raise Http404(_("There is no such process or version.")) from error


def definition_context(definition: Definition) -> dict[str, object]:
    """The context of a definition: its drawing, and the rows of the tables of its states and transitions."""
    opening = definition.opening
    return {
        "definition": definition,
        "calendar": ", ".join(filter(None, (formats.country(definition.country), definition.region))),
        "drawing": draw_definition(definition),
        "opening": {"state": definition.states[opening.state], "roles": role_names(opening.roles)},
        "states": [
            {
                "state": state,
                "remind": role_names(state.deadline.remind) if state.deadline else "",
                "then": definition.transitions[state.deadline.then.transition]
                if state.deadline and state.deadline.then
                else None,
                "waits": role_names(definition.waits_for(state.name)),
            }
            for state in definition.states.values()
        ],
        "ways": [
            {
                "way": transition,
                "sources": [definition.states[name] for name in transition.sources],
                "target": definition.states[transition.target],
                "roles": role_names(transition.roles),
                "guards": [str(GUARDS[name].title) if name in GUARDS else name for name in transition.guards],
                "notices": [(notice.name, role_names(notice.to)) for notice in transition.notices],
            }
            for transition in definition.transitions.values()
        ],
    }


def process_edit_page(request: Request, name: str) -> HttpResponse:
    """Change a definition: read it, try it on the running cases, publish it. For officers of the site."""
    if not request.actor.is_officer:
        raise ActionForbiddenError(_("Processes are changed by officers of the site."))
    current = _get_version(name, None)
    if request.method != "POST":
        return render(
            request,
            "web/process_edit.html",
            {"form": DefinitionForm(initial={"text": current.text, "base": current.version}), "known": current},
        )
    form = DefinitionForm(request.POST)
    context: dict[str, object] = {"form": form, "known": current}
    if form.is_valid():
        try:
            definition = _parse(form.cleaned_data["text"], name)
            context |= {"rehearsal": dry_run_definition(definition, timezone.now()), **definition_context(definition)}
            if request.POST.get("do") == "publish":
                return _publish(request, form)
            return render(request, "web/process_edit.html", context)
        except InvalidDocumentError as error:
            context["faults"] = error.faults
        except ActionError as error:
            form.add_error(None, str(error))
    return render(request, "web/process_edit.html", context, status=422)


def _parse(text: str, name: str) -> Definition:
    definition = parse_definition(text)
    if definition.name != name:
        raise ActionError(_("This is the page of “%(page)s”; keep “process: %(page)s”.") % {"page": name})
    return definition


def _publish(request: Request, form: DefinitionForm) -> HttpResponse:
    published = publish_definition(actor=request.actor, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Version %s is in force; cases that run stay on theirs.") % published.version)
    return redirect("process", published.name)
