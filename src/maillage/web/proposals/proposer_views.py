"""The pages of who proposed a change, opened by signed links: confirm it, follow it, take it back."""

from functools import partial

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from maillage.core.action_registry import ActionError
from maillage.core.actors import PUBLIC
from maillage.core.request import Request
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.security.session_scope import read_everything
from maillage.presentation.action_forms import redirect_after_action, run_action_form
from maillage.proposals.access_tokens import make_proposal_token, proposal_id_of_token, proposal_id_to_confirm
from maillage.proposals.actions.proposals import confirm_proposal, take_back_proposal
from maillage.proposals.models import Proposal, ProposalState
from maillage.proposals.queries import find_fact
from maillage.register.fact_addresses import fact_address, list_address
from maillage.web.facts.changes import row_changes
from maillage.web.proposals.changes import written_otherwise
from maillage.web.rate_limits import enforce_rate_limit


def _proposal(pk: int) -> Proposal:
    # The signed link gives access to the proposal; its holder may have no account.
    with read_everything():
        proposal = Proposal.objects.filter(pk=pk).first()
    if proposal is None:
        raise Http404(_("This proposal is not there any more: it was not confirmed in time, or erased."))
    return proposal


def _proposal_of_token(token: str) -> Proposal:
    try:
        return _proposal(proposal_id_of_token(token))
    except signing.BadSignature as error:
        raise Http404(_("This link is cut or wrong; copy it whole.")) from error


@never_cache
def follow_page(request: Request, token: str) -> HttpResponse:
    """What was proposed, and its answer."""
    proposal = _proposal_of_token(token)
    return render(request, "web/proposals/follow.html", _context(request, proposal) | {"token": token})


def _context(request: Request, proposal: Proposal) -> dict[str, object]:
    fact_list = FACT_LISTS[proposal.list_name]
    # Of the fact as it is now, only what every reader may see.
    record = find_fact(fact_list, proposal, PUBLIC)
    waits = proposal.state in (ProposalState.UNCONFIRMED, ProposalState.OPEN)
    return {
        "proposal": proposal,
        "fact_list": fact_list,
        "list_url": list_address(fact_list),
        "fact_url": fact_address(record) if record is not None else "",
        "changes": list(row_changes(request, fact_list, proposal.before, proposal.values)),
        # What was written is told only of a fact that every reader may see.
        "written": written_otherwise(request, proposal) if record is not None else [],
        "is_unconfirmed": proposal.state == ProposalState.UNCONFIRMED,
        "waits": waits,
    }


@never_cache
def confirm_page(request: Request, token: str) -> HttpResponse:
    """The page that a mail leads to; a button confirms, since programs that read mails follow links."""
    try:
        proposal = _proposal(proposal_id_to_confirm(token))
    except signing.SignatureExpired as error:
        raise Http404(
            _("This link is too old: what was not confirmed in time is deleted. Propose it again.")
        ) from error
    except signing.BadSignature as error:
        raise Http404(_("This link is cut or wrong; copy it whole.")) from error
    follow = redirect("follow-proposal", make_proposal_token(proposal))
    if proposal.state != ProposalState.UNCONFIRMED:
        return follow
    confirm = partial(confirm_proposal, proposal_id=proposal.pk)
    success = _("Thank you: your proposal is with those who answer for this fact.")
    if request.method == "POST":
        run_action_form(request, confirm, success=success)
        return follow
    return render(request, "web/proposals/confirm.html", _context(request, proposal))


@require_POST
def take_back(request: Request, token: str) -> HttpResponse:
    """Take a proposal back."""
    proposal, to = _proposal_of_token(token), redirect("follow-proposal", token).url
    try:
        enforce_rate_limit(request)
    except ActionError as error:
        return render(request, "web/refused.html", {"reason": str(error), "back": to}, status=429)
    return redirect_after_action(
        request, take_back_proposal, to, _("Your proposal is taken back."), proposal_id=proposal.pk
    )
