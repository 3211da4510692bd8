"""Page on which the meeting of a periodic review is recorded."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from maillage.charter.actions.reviews import hold_review
from maillage.core.request import Request
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import run_action_form
from maillage.web.charter.action_forms import follow_up_form_page, run_with_file
from maillage.web.charter.forms import MeetingForm
from maillage.web.charter.lookups import charter_document_on, get_follow_up_for_action
from maillage.web.files.uploads import accepts_upload


@accepts_upload
def review_page(request: Request, pk: int, name: str, intake: StreamingUploadHandler) -> HttpResponse:
    """Record a periodic review; recorded again, it is corrected."""
    follow_up = get_follow_up_for_action(request, pk, "hold_review")
    review = charter_document_on(request, follow_up).review(name)
    if review is None:
        raise Http404(_("The charter asks for nothing here."))
    form = MeetingForm(request.POST if request.method == "POST" else None)
    action = partial(run_with_file, hold_review, follow_up, intake, follow_up_id=pk, review=name)
    if run_action_form(request, action, form):
        return redirect(f"{follow_up.get_absolute_url()}#reviews")
    intro = _("Recorded again, it is corrected; the history keeps what stood there.")
    return follow_up_form_page(
        request, form, follow_up, upload=True, heading=str(review.title), intro=intro, go=_("Record it")
    )
