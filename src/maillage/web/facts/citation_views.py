"""The sources of a fact: correct one, remove one; the button by which an officer accepts a document."""

from functools import partial

from django import forms
from django.apps import apps
from django.db.models import Model
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.action_registry import Arguments
from maillage.core.actions.citations import accept_citation, correct_citation, remove_citation
from maillage.core.models import Citation
from maillage.core.record_versions import form_version
from maillage.core.request import Request
from maillage.core.rows.sources import source_value
from maillage.core.rows.values import Values
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import (
    check_action_allowed,
    posted_data,
    redirect_after_action,
    run_action_form,
)
from maillage.register.fact_addresses import fact_address
from maillage.web.facts.attached_documents import DocumentForm, attach_document, keeping_document
from maillage.web.facts.forms import ReasonForm
from maillage.web.facts.source_fields import SourceFieldsMixin, source_fields, source_initial
from maillage.web.files.uploads import accepts_document
from maillage.web.form_fields import day_field, reason_field


class CitationForm(SourceFieldsMixin):
    """The source of a fact as it should have been cited."""

    def __init__(self, request: Request, citation: Citation, data: QueryDict | None) -> None:
        self.request = request
        super().__init__(data, request.FILES if data is not None else None, label_suffix="")
        self.fields |= source_fields(request)
        self.fields["read_on"] = day_field(_("Read on"))
        self.fields["reason"] = reason_field()
        self.initial = {**source_initial([source_value(citation.source)]), "read_on": citation.read_on}

    def clean(self) -> Values:
        cleaned = super().clean() or {}
        source = self.given_source(cleaned)
        if source is None and not self.errors:
            self.add_error("source_url", _("Give the source."))
        cleaned["source"] = {"url": source} if isinstance(source, str) else source
        return cleaned


def _citation(request: Request, pk: int, action: str) -> tuple[Citation, Model]:
    """A citation with its record, if the reader may change it. Raises `Http404`, `ActionForbiddenError`."""
    citation = get_object_or_404(Citation.objects.select_related("source"), pk=pk)
    records = apps.get_model(citation.record_kind)._default_manager.filter(pk=citation.record_id)
    record = (records.visible_to(request.actor) if hasattr(records, "visible_to") else records).first()
    if record is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    check_action_allowed(request, action, citation_id=pk)
    return citation, record


@accepts_document
def correct_citation_page(request: Request, pk: int, intake: StreamingUploadHandler) -> HttpResponse:
    """The form that corrects a source of a fact."""
    citation, record = _citation(request, pk, "core.correct_citation")
    form = CitationForm(request, citation, posted_data(request))
    form.refuse_upload(intake)

    def arguments() -> Arguments:
        return {key: form.cleaned_data[key] for key in ("source", "read_on", "reason")}

    correct = keeping_document(form, partial(correct_citation, citation_id=pk))
    success = _("The source is corrected; the history keeps what it was.")
    if run_action_form(request, correct, form, arguments=arguments, success=success, version_of=citation):
        return redirect(fact_address(record))
    return _page(
        request, citation, record, form, heading=_("Correct a source: %s") % record, go=_("Save the correction")
    )


@accepts_document
def attach_document_page(request: Request, pk: int, intake: StreamingUploadHandler) -> HttpResponse:
    """The form that attaches the document that a source names, where its file is not kept."""
    citation, record = _citation(request, pk, "files.attach_source_document")
    form = DocumentForm(request)
    form.refuse_upload(intake)
    if attach_document(request, form, citation):
        return redirect(fact_address(record))
    return _page(request, citation, record, form, heading=_("Attach a document: %s") % record, go=_("Attach it"))


def remove_citation_page(request: Request, pk: int) -> HttpResponse:
    """The form that removes a source of a fact."""
    citation, record = _citation(request, pk, "core.remove_citation")
    form = ReasonForm(posted_data(request))
    remove = partial(remove_citation, citation_id=pk)
    if run_action_form(request, remove, form, success=lambda words: _("No longer cited: %s.") % words):
        return redirect(fact_address(record))
    return _page(request, citation, record, form, heading=_("Remove a source: %s") % record, go=_("Remove the source"))


def _page(request: Request, citation: Citation, record: Model, form: forms.Form, **words: str) -> HttpResponse:
    context = {
        "form": form,
        "citation": citation,
        "record": record,
        "record_url": fact_address(record),
        "version": form_version(request, citation),
        **words,
    }
    return render(request, "web/facts/citation.html", context, status=422 if form.is_bound else 200)


@require_POST
def accept_citation_button(request: Request, pk: int) -> HttpResponse:
    """Let a document that an organisation cites about itself confirm the fact; the page of the fact follows."""
    to = request.POST.get("next", "")
    to = to if url_has_allowed_host_and_scheme(to, allowed_hosts=None) else reverse("front-door")
    return redirect_after_action(request, accept_citation, to, _("The document is accepted."), citation_id=pk)
