"""The button by which an officer accepts a document as a source."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.actions.facts import accept_citation
from maillage.core.request import Request
from maillage.presentation.action_forms import redirect_after_action


@require_POST
def accept_citation_button(request: Request, pk: int) -> HttpResponse:
    """Let a document that an organisation cites about itself confirm the fact; the page of the fact follows."""
    to = request.POST.get("next", "")
    to = to if url_has_allowed_host_and_scheme(to, allowed_hosts=None) else reverse("front-door")
    return redirect_after_action(request, accept_citation, to, _("The document is accepted."), citation_id=pk)
