"""Pages of processes: list, drawing with tables of the same content, versions, and the editor with its dry run."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.documents.faults import Fault, InvalidDocumentError
from maillage.presentation.action_forms import require_officer
from maillage.web.workflow.forms import DefinitionForm
from maillage.web.workflow.role_names import role_names
from maillage.workflow import queries
from maillage.workflow.actions.definitions import publish_definition
from maillage.workflow.definition import CaseState, Definition, Transition
from maillage.workflow.drawing import draw_definition
from maillage.workflow.dry_run import dry_run_definition
from maillage.workflow.guards import GUARDS
from maillage.workflow.models import ProcessDefinition
from maillage.workflow.parser import parse_definition
from maillage.workflow.shipped_definitions import shipped_names

_VERSIONS = 50


def process_list_page(request: Request) -> HttpResponse:
    """Every process, in the version that is in force."""
    return render(request, "web/processes.html", {"versions": queries.current_definitions(timezone.now())})


def process_page(request: Request, name: str, version: int | None = None) -> HttpResponse:
    """One version of a process, drawn and in tables; without a number, the one in force."""
    process_version = get_process_version(name, version)
    context = definition_context(process_version.definition) | {
        "shown": process_version,
        "may_open": may_open(request, process_version),
        "versions": queries.definition_versions(name)[:_VERSIONS],
    }
    return render(request, "web/process.html", context)


def may_open(request: Request, process: ProcessDefinition) -> bool:
    """Whether the reader may open a case of a process of one's own; those of the software open theirs elsewhere."""
    if process.name in shipped_names() or request.actor.user_id is None:
        return False
    return bool(request.actor.roles_on(timezone.localdate()) & set(process.definition.opening.roles))


def get_process_version(name: str, version: int | None) -> ProcessDefinition:
    """A version of a process; without a number, the one in force. Raises `Http404`."""
    try:
        return (
            queries.definition_versions(name).get(version=version)
            if version
            else queries.current_definition(name, timezone.now())
        )
    except (ProcessDefinition.DoesNotExist, ActionError) as error:
        raise Http404(_("There is no such process or version.")) from error


def _automatic_transitions(definition: Definition, state: CaseState) -> list[Transition]:
    """What a case does by itself at the end of the delay of a state, in the order in which it is tried."""
    automatic = state.deadline.then if state.deadline else None
    return [definition.transitions[name] for name in (automatic.in_order if automatic else ())]


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
                "then": _automatic_transitions(definition, state),
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
    require_officer(request, _("Processes are changed by officers of the site."))
    current = get_process_version(name, None)
    if request.method != "POST":
        form = DefinitionForm(initial={"text": current.text, "base": current.version})
        context = {"form": form, "known": current, **definition_context(current.definition)}
        return render(request, "web/process_edit.html", context)
    return edit_response(request, DefinitionForm(request.POST), lambda text: _parse(text, name), {"known": current})


def edit_response(
    request: Request, form: DefinitionForm, read: Callable[[str], Definition], context: dict[str, object]
) -> HttpResponse:
    """The page of a definition that was posted: tried on the running cases or published, or with its faults."""
    context["form"] = form
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            definition = read(text)
            context |= {"rehearsal": dry_run_definition(definition, timezone.now()), **definition_context(definition)}
            if request.POST.get("do") == "publish":
                return _publish(request, form)
            return render(request, "web/process_edit.html", context)
        except InvalidDocumentError as error:
            context["faults"] = faults_in_text(text, error)
        except ActionError as error:
            form.add_error(None, str(error))
    return render(request, "web/process_edit.html", context, status=422)


def faults_in_text(text: str, error: InvalidDocumentError) -> list[tuple[Fault, str]]:
    """Each fault with the line of the text that it is on."""
    lines = text.splitlines()
    return [(fault, lines[fault.line - 1] if 0 < fault.line <= len(lines) else "") for fault in error.faults]


def _parse(text: str, name: str) -> Definition:
    definition = parse_definition(text)
    if definition.name != name:
        raise ActionError(_("This is the page of “%(page)s”; keep “process: %(page)s”.") % {"page": name})
    return definition


def _publish(request: Request, form: DefinitionForm) -> HttpResponse:
    published = publish_definition(actor=request.actor, at=timezone.now(), **form.cleaned_data)
    first = _("The process is published; cases can be opened now.")
    later = _("Version %s is in force; cases that run stay on theirs.")
    messages.success(request, first if published.version == 1 else later % published.version)
    return redirect("process", published.name)
