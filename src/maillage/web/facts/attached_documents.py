"""The document that is attached to a source: its fields in a form, and how it is kept with the fact."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.models import Citation, LastingKey, Source
from maillage.core.request import Request
from maillage.core.rows.values import Values
from maillage.core.security.visibility import Visibility
from maillage.files.actions.source_documents import attach_source_document
from maillage.files.file_types import FileRejectedError
from maillage.files.models import File
from maillage.files.source_documents import source_documents
from maillage.files.uploads import IncomingFile, StreamingUploadHandler, discard_unless_stored
from maillage.presentation.action_forms import run_action_form
from maillage.web.files.uploads import upload_limits

Value = TypeVar("Value")

SOURCE_FILE = "source_file"
# The digest of a document that is kept already, and the name of a file that must be chosen again.
KEPT_DOCUMENT, FILE_AGAIN, WITHOUT_FILE = "source_sha256", "source_file_again", "source_without_file"
DOCUMENT_READERS = "source_readers"
_READERS = (
    (Visibility.ORGANISATION, gettext_lazy("only the organisations concerned")),
    (Visibility.NETWORK, gettext_lazy("their networks too")),
    (Visibility.PUBLIC, gettext_lazy("everybody who reads the fact")),
)


def document_fields() -> dict[str, forms.Field]:
    """The fields of an attached document by name."""
    limits = upload_limits()
    help_text = _("At most %(size)d MB: %(endings)s") % {
        "size": limits["file_megabytes"], "endings": limits["file_endings"]
    }  # fmt: skip
    file_field = forms.FileField(
        label=_("The document itself, if you have it"), required=False, allow_empty_file=True, help_text=help_text
    )
    file_field.widget.attrs["accept"] = limits["file_endings"]
    return {
        SOURCE_FILE: file_field,
        DOCUMENT_READERS: forms.ChoiceField(
            label=_("Who may read the document"), choices=_READERS, required=False, initial=Visibility.ORGANISATION
        ),
        KEPT_DOCUMENT: forms.CharField(required=False, widget=forms.HiddenInput),
        FILE_AGAIN: forms.CharField(required=False, max_length=300, widget=forms.HiddenInput),
        WITHOUT_FILE: forms.BooleanField(label=_("Without the document itself"), required=False),
    }


class AttachedDocumentMixin(forms.Form):
    """A form of which a source may have an attached document; `request` is its request.

    `proposed_document` is the document of the proposal that the form accepts, if its reader may read it.
    """

    request: Request
    proposed_document: File | None = None

    @property
    def incoming(self) -> IncomingFile | None:
        """The document that was sent with the form and is taken."""
        file = self.cleaned_data.get(SOURCE_FILE) if self.is_bound and self.is_valid() else None
        return file if isinstance(file, IncomingFile) and self._cites_document() else None

    @property
    def cited_digest(self) -> str:
        """The SHA-256 of the document that is cited, sent with the form or kept already; empty without one."""
        if not (self.is_bound and self.is_valid() and self._cites_document()):
            return ""
        return self.incoming.digest if self.incoming else str(self.cleaned_data.get(KEPT_DOCUMENT) or "")

    def _cites_document(self) -> bool:
        return self.cleaned_data.get("source_kind") in (Source.Kind.DOCUMENT, Source.Kind.LETTER)

    def document_digest(self, cleaned: Values) -> str:
        """The SHA-256 of the document that the source names; errors are added at its field."""
        if file := cleaned.get(SOURCE_FILE):
            return self._digest_of(file)
        if cleaned.get(WITHOUT_FILE):
            return ""
        if again := cleaned.get(FILE_AGAIN):
            self.add_error(SOURCE_FILE, _("Choose “%s” again: it is kept only once the form is accepted.") % again)
            return ""
        return str(cleaned.get(KEPT_DOCUMENT) or "")

    def _digest_of(self, file: IncomingFile) -> str:
        try:
            file.detect_type()
        except FileRejectedError as error:
            self.add_error(SOURCE_FILE, str(error))
        return str(file.digest)

    def refuse_upload(self, intake: StreamingUploadHandler) -> None:
        """Say at its field why a file was not read to its end, if that is so."""
        if intake.refused and self.is_bound and SOURCE_FILE in self.fields:
            self.add_error(SOURCE_FILE, str(intake.refused))

    def has_document(self) -> bool:
        """Whether the source has a document already, kept here or not."""
        return bool(self[KEPT_DOCUMENT].value())

    def kept_document(self) -> str:
        """The name of the document that the source has; empty if its file is not kept, or not for the reader."""
        digest = str(self[KEPT_DOCUMENT].value() or "")
        if self.proposed_document and self.proposed_document.content.digest == digest:
            return self.proposed_document.name
        file = source_documents([digest], actor=self.request.actor).get(digest)
        return file.name if file else ""

    def file_to_choose_again(self) -> str:
        """The name of a file that came with a form that is shown again: a browser does not send it again by itself."""
        sent = self.request.FILES.get(SOURCE_FILE)
        if not self.is_bound or (sent and SOURCE_FILE in self.errors):
            return ""
        return str(sent.name if sent else self.data.get(FILE_AGAIN, ""))[:300]


def keeping_document(
    form: AttachedDocumentMixin, write: Callable[..., Value], record_of: Callable[[Value], object] | None = None
) -> Callable[..., Value]:
    """An action on a fact that also keeps the document that its form cites: both are done, or neither.

    A document that is kept already is opened to those who act for the organisations of this fact. `record_of` gives the
    record that was written, or its citation, from what the action returns; by default it is that.
    """

    def write_and_keep(**arguments: Any) -> Value:  # Any: the arguments of the action, given on as they came
        incoming, digest = form.incoming, form.cited_digest
        if not digest:
            return write(**arguments)
        with discard_unless_stored(incoming) if incoming else nullcontext(), transaction.atomic():
            value = write(**arguments)
            attach_source_document(
                actor=arguments["actor"],
                at=arguments["at"],
                citation_id=_citation_of(record_of(value) if record_of else value, digest).pk,
                incoming=incoming,
                visibility=form.cleaned_data.get(DOCUMENT_READERS) or Visibility.ORGANISATION,
            )
            return value

    return write_and_keep


def _citation_of(value: object, digest: str) -> Citation:
    """The last citation of a document, which is what was written, or is of the record that was written.

    A fact may cite one document several times, for several articles.
    """
    if isinstance(value, Citation):
        return value
    if not isinstance(value, LastingKey):
        raise TypeError(f"{type(value).__name__} cites no source")
    about = {"record_kind": value.kind_name(), "record_id": value.pk, "property": ""}
    citation: Citation = Citation.objects.filter(**about, source__digest=digest).latest("pk")
    return citation


class DocumentForm(AttachedDocumentMixin):
    """The document that a source names already, and who may read it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        is_sent = request.method == "POST"
        super().__init__(request.POST if is_sent else None, request.FILES if is_sent else None, label_suffix="")
        fields = document_fields()
        self.fields |= {name: fields[name] for name in (SOURCE_FILE, DOCUMENT_READERS)}
        self.fields[SOURCE_FILE].label = _("The document")

    def clean(self) -> Values:
        cleaned = super().clean() or {}
        if not cleaned.get(SOURCE_FILE) and not self.errors:
            self.add_error(SOURCE_FILE, _("Choose the document."))
        return cleaned

    def _cites_document(self) -> bool:
        return True


def attach_document(request: Request, form: DocumentForm, citation: Citation) -> bool:
    """Keep the document of the form for the source of a citation; whether it was done."""
    incoming = form.incoming
    if incoming is None:
        return False
    with discard_unless_stored(incoming):
        outcome = run_action_form(
            request,
            partial(attach_source_document, citation_id=citation.pk, incoming=incoming),
            form,
            arguments=lambda: {"visibility": form.cleaned_data[DOCUMENT_READERS] or Visibility.ORGANISATION},
            success=_("The document is attached."),
            error_field=SOURCE_FILE,
        )
    return bool(outcome)
