"""Pages on which the holder gives evidence: proofs and certificates."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.charter.actions.evidence import add_certificate, give_proof, remove_certificate
from maillage.charter.charter_document import EvidenceKind
from maillage.core.request import Request
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import redirect_after_action, run_action_form
from maillage.web.charter.action_forms import follow_up_form_page, run_with_file
from maillage.web.charter.forms import CertificateForm, ProofForm
from maillage.web.charter.lookups import charter_document_on, get_follow_up_for_action
from maillage.web.charter.record_sections import evidence_title
from maillage.web.files.uploads import accepts_upload


@accepts_upload
def evidence_page(request: Request, pk: int, name: str, intake: StreamingUploadHandler) -> HttpResponse:
    """Give the evidence that a commitment requires of the holder."""
    follow_up = get_follow_up_for_action(request, pk, "give_proof")
    commitment = charter_document_on(request, follow_up).commitment(name)
    evidence_requests = (
        [
            evidence_request
            for evidence_request in commitment.asked
            if evidence_request.kind in (EvidenceKind.ATTACHMENT, EvidenceKind.DECLARATION)
        ]
        if commitment
        else []
    )
    if commitment is None or not evidence_requests:
        raise Http404(_("The charter asks for nothing here."))
    form = ProofForm(request.POST if request.method == "POST" else None)
    action = partial(run_with_file, give_proof, follow_up, intake, follow_up_id=pk, commitment=name)
    if run_action_form(request, action, form):
        return redirect(f"{follow_up.get_absolute_url()}#{name}")
    intro = " · ".join(evidence_title(evidence_request) for evidence_request in evidence_requests)
    upload = commitment.evidence_request(EvidenceKind.ATTACHMENT) is not None
    return follow_up_form_page(
        request, form, follow_up, upload=upload, heading=str(commitment.text), intro=intro, go=_("Give it")
    )


@accepts_upload
def new_certificate_page(request: Request, pk: int, intake: StreamingUploadHandler) -> HttpResponse:
    """Add a certificate."""
    follow_up = get_follow_up_for_action(request, pk, "add_certificate")
    form = CertificateForm(request.POST if request.method == "POST" else None)
    if run_action_form(request, partial(run_with_file, add_certificate, follow_up, intake, follow_up_id=pk), form):
        return redirect(f"{follow_up.get_absolute_url()}#certificates")
    intro = _("A renewal is another certificate of the same standard.")
    return follow_up_form_page(
        request, form, follow_up, upload=True, heading=_("Add a certificate"), intro=intro, go=_("Add it")
    )


@require_POST
def take_out_certificate(request: Request, pk: int, number: int) -> HttpResponse:
    """Remove a certificate."""
    follow_up = get_follow_up_for_action(request, pk, "give_proof")
    get_object_or_404(follow_up.certificates, pk=number)
    to, reason = f"{follow_up.get_absolute_url()}#certificates", request.POST.get("reason", "")
    return redirect_after_action(request, remove_certificate, to, certificate_id=number, reason=reason)
