"""Pages of a person's notices: list, choice of mails, and the unsubscribe link of each mail."""

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.action_registry import ActionError
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.notifications import queries
from maillage.notifications.actions.notices import choose_paces, mark_notices_read, stop_mails
from maillage.notifications.mails import read_unsubscribe_token
from maillage.notifications.models import Notice
from maillage.notifications.notice_kinds import NOTICE_KINDS, Pace
from maillage.presentation.action_forms import redirect_after_action


@login_required
def notifications_page(request: Request) -> HttpResponse:
    """The person's notices, latest first; for an officer also the mails that could not be delivered."""
    before = request.GET.get("before", "")
    notices = queries.notices(actor=request.actor)
    if before.isdecimal() and len(before) < 19:
        notices = notices.filter(pk__lt=int(before))
    latest = list(notices.order_by("-pk")[: queries.NOTICES_SHOWN + 1])
    context = {
        "notices": latest[: queries.NOTICES_SHOWN],
        "older": latest[queries.NOTICES_SHOWN - 1].pk if len(latest) > queries.NOTICES_SHOWN else None,
        "newest": max((notice.pk for notice in latest), default=0),
        "not_delivered": queries.undelivered_notices(actor=request.actor),
    }
    return render(request, "web/notices.html", context)


@require_POST
@login_required
def mark_as_read(request: Request) -> HttpResponse:
    """Mark as read the notices up to the newest one of the page."""
    newest = request.POST.get("newest", "")
    if newest.isdecimal() and len(newest) < 19:
        mark_notices_read(actor=request.actor, at=timezone.now(), up_to=int(newest))
    return redirect("notices:list")


@require_http_methods(["GET", "POST"])
@login_required
def mail_choices_page(request: Request) -> HttpResponse:
    """Choose how each kind of notice is mailed."""
    if request.method == "POST":
        paces = _chosen_paces(request)
        to, success = reverse("notices:choices"), _("Your choice is saved.")
        return redirect_after_action(request, choose_paces, to, success, paces=paces)
    rows = [
        (kind, [(pace, Pace(pace).label, pace == chosen) for pace in kind.paces])
        for kind, chosen in queries.notice_choices(actor=request.actor)
    ]
    by_mail = [(pace.value, pace.label) for pace in (Pace.IMMEDIATE, Pace.DIGEST, Pace.WEEKLY)]
    return render(request, "web/notice_choices.html", {"rows": rows, "paces": by_mail})


def _chosen_paces(request: Request) -> dict[str, str]:
    """The pace of each kind; with one for all, it is that of every kind that is mailed."""
    paces = {name: request.POST[name] for name in NOTICE_KINDS if name in request.POST}
    if not (of_all := request.POST.get("all-mails", "")):
        return paces
    unmailed = (Pace.SITE, Pace.NONE)
    return {
        name: pace if pace in unmailed or of_all not in Pace.values else NOTICE_KINDS[name].nearest_pace(of_all)
        for name, pace in paces.items()
    }


@csrf_exempt  # Mail programs send it by themselves (RFC 8058); the signed token is what allows it.
@require_http_methods(["GET", "POST"])
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Stop the mails of a kind, without signing in. Only a POST changes anything: mail scanners follow every link."""
    try:
        notice_id, digest = read_unsubscribe_token(token)
        with read_everything():  # The signed link gives access to the notice.
            notice = Notice.objects.get(pk=notice_id)
    except (signing.BadSignature, ValueError, TypeError, Notice.DoesNotExist) as error:
        raise Http404(_("This link is not one of ours, or it is cut off: copy it whole from the mail.")) from error
    kind = None if digest else notice.notice_kind
    context: dict[str, object] = {"kind": kind, "digest": digest, "used": bool(notice.stopped_at)}
    if request.method == "POST":
        try:
            stop_mails(actor=request.actor, at=timezone.now(), notice_id=notice_id, digest=digest)
            context["done"] = True
        except ActionError as error:
            context["refusal"] = str(error)
    return render(request, "web/notice_stop.html", context)
