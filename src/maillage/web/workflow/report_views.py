"""Error reports on records, without an account; the reporter gets a link to the page of the answer."""

from django.core import signing
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.core.rows.list_register import list_of
from maillage.core.security.session_scope import read_everything
from maillage.listing.columns import ListedRecord
from maillage.listing.listing import LISTINGS, Listing
from maillage.presentation import record_links
from maillage.web.rate_limits import enforce_rate_limit
from maillage.web.workflow.forms import ReportForm
from maillage.workflow.actions.cases import open_case
from maillage.workflow.models import Case

CORRECTION_PROCESS = "correction"
_SALT = "maillage.report"


def report_form_page(request: Request, name: str, slug: str) -> HttpResponse:
    """Report an error on a record; after sending, redirect to the page where the answer will appear.

    For a fact, the report is a proposal of change, in whose form the fields are filled in.
    """
    listing, record = _get_record(request, name, slug)
    if (fact_list := list_of(record)) is not None:
        return redirect("propose-correction", fact_list.name, record.uid)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enforce_rate_limit(request)
            case = _open_correction_case(request, listing, record, form.cleaned_data["text"])
            return redirect("report", signing.dumps(case.pk, salt=_SALT))
        except ActionError as error:
            form.add_error(None, str(error))
    heading = record_links.record_heading(listing, record)
    status = 422 if form.is_bound else 200
    return render(
        request, "web/report.html", {"form": form, "heading": heading, "one": listing.singular}, status=status
    )


def _get_record(request: Request, name: str, slug: str) -> tuple[Listing, ListedRecord]:
    listing = LISTINGS.get(name)
    if listing is None or (listing.slug != "key" and not (slug.isdecimal() and len(slug) < 18)):
        raise Http404
    record = listing.visible(request.actor).filter(**{listing.slug: slug}).first()
    if record is None:
        raise Http404
    return listing, record


def _open_correction_case(request: Request, listing: Listing, record: Model, text: str) -> Case:
    case: Case = open_case(
        actor=request.actor,
        at=timezone.now(),
        process=CORRECTION_PROCESS,
        record=(listing.model._meta.label_lower, record.pk),
        reason=text,
    )
    return case


def report_status_page(request: Request, token: str) -> HttpResponse:
    """The state of a report, for those who have its link; it shows no names."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise Http404(_("This link is cut or wrong; copy it whole.")) from error
    with read_everything():  # The signed link gives access to the case.
        case = Case.objects.filter(pk=pk).select_related("definition").first()
        steps = list(case.steps.select_related("definition").exclude(kind="moved")[:200]) if case else []
    if case is None:
        raise Http404
    return render(request, "web/report_page.html", {"case": case, "steps": steps})
