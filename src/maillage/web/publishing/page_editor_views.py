"""The pages on which the ecosystem page of an organisation is edited."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from maillage.core import formats
from maillage.core.actors import PUBLIC
from maillage.core.days import day_or_none
from maillage.core.record_versions import form_version
from maillage.core.request import Request
from maillage.presentation.action_forms import get_organisation_for_action, posted_data, run_action_form
from maillage.publishing.actions import pages
from maillage.publishing.fact_catalogue import fact_catalogue
from maillage.publishing.models import Section, Statement, ecosystem_address
from maillage.publishing.previews import PreviewedSentence, preview_sentence
from maillage.publishing.queries import EcosystemPage, MarkedSentence, get_ecosystem_page
from maillage.publishing.sentences import SENTENCE_LANGUAGES
from maillage.register.models import Organisation
from maillage.web.publishing.sentence_form import SentenceForm


class TitlesForm(forms.Form):
    title_fr = forms.CharField(label=gettext_lazy("Title in French"), max_length=200)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=200)


@dataclass(frozen=True, slots=True)
class EditedSentence:
    """A sentence on the day in both languages; neither is shown if its facts have not begun or if it has a fault."""

    statement: Statement
    readings: list[tuple[str, MarkedSentence]]

    @property
    def fault(self) -> str:
        """Why it is not shown, in the reader's language."""
        return dict(self.readings)[formats.language()].evaluated.unbound

    @property
    def is_shown(self) -> bool:
        return self.readings[0][1].evaluated.is_shown


def _organisation(request: Request, key: str) -> Organisation:
    return get_organisation_for_action(request, key, "publishing.start_page", "organisation_id")


def _editor(organisation: Organisation, request: Request | None = None) -> str:
    address = reverse("edit-ecosystem", args=[organisation.key])
    query = request.as_of.query() if request else ""
    return f"{address}?{query}" if query else address


def _section(organisation: Organisation, pk: int) -> Section:
    return get_object_or_404(Section.objects.filter(organisation=organisation), pk=pk)


def _statement(organisation: Organisation, number: int) -> Statement:
    return get_object_or_404(Statement.objects.filter(section__organisation=organisation), number=number)


@require_safe
def editor_page(request: Request, key: str) -> HttpResponse:
    """The page with its sentences in both languages on the day read, each with what can be done with it."""
    organisation = _organisation(request, key)
    readings = {language: _read(organisation, request, language) for language in SENTENCE_LANGUAGES}
    sections = [
        {"section": section, "sentences": _edited(section, readings)}
        for section in organisation.ecosystem_sections.all()
    ]
    context = {
        "organisation": organisation,
        "sections": sections,
        "draft": not sections,
        "titles": TitlesForm(prefix="new"),
        "public_address": ecosystem_address(organisation),
    }
    return render(request, "publishing/edit_page.html", context)


def _read(organisation: Organisation, request: Request, language: str) -> EcosystemPage:
    with translation.override(language):
        today = timezone.localdate()
        return get_ecosystem_page(organisation, actor=request.actor, day=request.as_of.on, today=today)


def _edited(section: Section, readings: dict[str, EcosystemPage]) -> list[EditedSentence]:
    rows = section.statements.order_by("position", "number")
    first = next(iter(readings.values()))
    shown = [statement for statement in rows if statement.number in first.marked]
    return [
        EditedSentence(row, [(language, page.marked[row.number]) for language, page in readings.items()])
        for row in shown
    ]


@require_POST
def start_page(request: Request, key: str) -> HttpResponse:
    """Start the page from its draft."""
    organisation = _organisation(request, key)
    success = _("The draft is yours to edit: every change is public at once, and its history is kept.")
    run_action_form(request, pages.start_page, arguments={"organisation_id": organisation.pk}, success=success)
    return redirect(_editor(organisation))


@require_POST
def add_section(request: Request, key: str) -> HttpResponse:
    """Add a section at the end."""
    organisation = _organisation(request, key)
    arguments = {"organisation_id": organisation.pk, **_posted_titles(request, "new-")}
    run_action_form(request, pages.add_section, arguments=arguments, success=_("The section is added."))
    return redirect(f"{_editor(organisation)}#end")


def _posted_titles(request: Request, prefix: str) -> dict[str, object]:
    return {name: str(request.POST.get(f"{prefix}{name}", "")) for name in ("title_fr", "title_en")}


@require_POST
def change_section(request: Request, key: str, pk: int) -> HttpResponse:
    """Rename, move or remove a section, as the button says."""
    organisation = _organisation(request, key)
    section = _section(organisation, pk)
    act = request.POST.get("act", "")
    acts: dict[str, tuple[Callable[..., object], dict[str, object], str]] = {
        "rename": (pages.rename_section, _posted_titles(request, ""), _("The section is renamed.")),
        "up": (pages.move_section, {"up": True}, _("The section is moved up.")),
        "down": (pages.move_section, {"up": False}, _("The section is moved down.")),
        "remove": (pages.remove_section, {}, _("The section is removed.")),
    }
    if act not in acts:
        raise Http404(_("There is no such act."))
    action, arguments, success = acts[act]
    run_action_form(request, action, arguments={"section_id": section.pk, **arguments}, success=success)
    return redirect(f"{_editor(organisation, request)}#{section.key}")


@require_POST
def change_sentence(request: Request, key: str, number: int) -> HttpResponse:
    """Move or remove a sentence, as the button says."""
    organisation = _organisation(request, key)
    statement = _statement(organisation, number)
    act = request.POST.get("act", "")
    acts: dict[str, tuple[Callable[..., object], dict[str, object], str]] = {
        "up": (pages.move_sentence, {"up": True}, _("The sentence is moved up.")),
        "down": (pages.move_sentence, {"up": False}, _("The sentence is moved down.")),
        "remove": (pages.remove_sentence, {}, _("The sentence is removed from the page; its history is kept.")),
    }
    if act not in acts:
        raise Http404(_("There is no such act."))
    action, arguments, success = acts[act]
    run_action_form(request, action, arguments={"statement_id": statement.pk, **arguments}, success=success)
    return redirect(f"{_editor(organisation, request)}#s{number}")


def new_sentence_page(request: Request, key: str, pk: int) -> HttpResponse:
    """Add a sentence to a section."""
    organisation = _organisation(request, key)
    section = _section(organisation, pk)
    form, day = _form(request, organisation, None)
    if request.method == "POST" and "save" in request.POST:
        outcome = run_action_form(
            request,
            partial(pages.add_sentence, section_id=section.pk),
            form,
            arguments=lambda: {"sentence": form.input()},
            success=_("The sentence is on the page."),
        )
        if outcome:
            return redirect(f"{_editor(organisation)}#s{outcome.value.number}")
    context: dict[str, object] = {"heading": _("Add a sentence"), "section": section, "go": _("Put it on the page")}
    return _form_response(request, organisation, form, day, context)


def sentence_page(request: Request, key: str, number: int) -> HttpResponse:
    """Change a sentence."""
    organisation = _organisation(request, key)
    statement = _statement(organisation, number)
    form, day = _form(request, organisation, statement)
    if request.method == "POST" and "save" in request.POST:
        outcome = run_action_form(
            request,
            partial(pages.revise_sentence, statement_id=statement.pk),
            form,
            arguments=lambda: {"sentence": form.input()},
            success=_("The sentence is changed."),
            version_of=statement,
        )
        if outcome:
            return redirect(f"{_editor(organisation)}#s{number}")
    context: dict[str, object] = {
        "heading": _("Change a sentence"),
        "section": statement.section,
        "statement": statement,
        "go": _("Save the sentence"),
        "version": form_version(request, statement),
    }
    return _form_response(request, organisation, form, day, context)


def _form(request: Request, organisation: Organisation, statement: Statement | None) -> tuple[SentenceForm, dt.date]:
    day = _preview_day(request)
    sentence = None
    if statement is not None:
        sentence = {**statement.sentence, "holds": statement.holds, "bind": statement.bind}
    elif request.method != "POST":
        sentence = {"holds": {"organisation": organisation.key}}
    catalogue = fact_catalogue(organisation, request.actor)
    form = SentenceForm(posted_data(request), catalogue=catalogue, actor=request.actor, day=day, sentence=sentence)
    return form, day


def _preview_day(request: Request) -> dt.date:
    return day_or_none(request.POST.get("day", "")) or request.as_of.on


def _form_response(
    request: Request, organisation: Organisation, form: SentenceForm, day: dt.date, context: dict[str, object]
) -> HttpResponse:
    is_saving, is_live = "save" in request.POST, "live" in request.POST
    context |= {
        "organisation": organisation,
        "form": form,
        "day": day,
        "previews": _previews(form, day),
        "unchosen": [name for name in form.variables if name not in form.bind()],
        "live": is_live,
        "regrown": is_live and form.has_grown(),
        "editor_address": _editor(organisation),
    }
    template = "publishing/sentence_preview.html" if is_live else "publishing/edit_sentence.html"
    return render(request, template, context, status=422 if is_saving else 200)


def _previews(form: SentenceForm, day: dt.date) -> list[PreviewedSentence]:
    """What readers would see; nothing while a text or the condition is missing."""
    templates, holds = form.templates(), form.holds()
    if not holds or not all(templates.get(language) for language in SENTENCE_LANGUAGES):
        return []
    return preview_sentence(templates, holds, form.bind(), actor=PUBLIC, day=day)
