"""The page of a badge, and the page where anybody verifies one."""

import datetime as dt
import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core import formats
from maillage.core.actors import PUBLIC
from maillage.core.certainty import evidence_of
from maillage.core.json_types import Json
from maillage.core.periods import UNKNOWN
from maillage.core.request import Request
from maillage.labels.badges import (
    badge_credential,
    badge_reference,
    find_badge_token,
    get_badge_award,
    revocation_reason,
)
from maillage.labels.models import Award
from maillage.labels.signing_keys import UnverifiedBadgeError, verified_claims
from maillage.presentation import marks
from maillage.presentation.action_forms import posted_data
from maillage.web.labels.badge_file_views import as_of_today
from maillage.web.labels.forms import MAX_BADGE_BYTES, BadgeForm

# Allowance for what a form adds to its file.
_AROUND = 64 * 1024


@require_safe
@as_of_today
def badge_page(request: Request, pk: int) -> HttpResponse:
    """The content of a badge, its state today, and how to verify it."""
    award = get_badge_award(pk)
    if award is None:
        texts = {
            "title": _("No badge stands here"),
            "advice": _("No public award has this number: a badge that bears it does not hold today."),
        }
        return render(request, "web/refusal.html", texts, status=404)
    key = (Award.kind_name(), award.pk)
    context = {
        "award": award,
        "citations": evidence_of([key], actor=PUBLIC)[key].citations,
        "shown": json.dumps(badge_credential(award), ensure_ascii=False, indent=2),
        "keys_url": f"{settings.SITE_URL}/.well-known/jwks.json",
        **_state_today(award),
    }
    return render(request, "web/badges/badge.html", context)


def _state_today(award: Award) -> dict[str, object]:
    day = timezone.localdate()
    return {
        "today": day,
        "force": marks.fact_state_mark(marks.fact_state_on(award, day)),
        "state": marks.fact_state_on(award, day).name,
        "end_unknown": award.period_end == UNKNOWN,
    }


@csrf_exempt  # A request that is too large is refused before it is read; `_verify` then checks the token.
@require_http_methods(["GET", "HEAD", "POST"])
def verify_badge_page(request: Request) -> HttpResponse:
    """The form that verifies a badge, and the result; too large a request is refused unread (413)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= MAX_BADGE_BYTES + _AROUND:
        return _verify(request)
    message = _("This is too large for a badge, which has fewer than %(most)d bytes.") % {"most": MAX_BADGE_BYTES}
    return render(request, "web/badges/verify.html", {"form": BadgeForm(), "refused": message}, status=413)


@csrf_protect
def _verify(request: Request) -> HttpResponse:
    """Check that this site signed the badge, and show its state today. Nothing is fetched or stored."""
    form = BadgeForm(posted_data(request), request.FILES or None)
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        try:
            context |= _verification_context(verified_claims(_get_token(form.cleaned_data["text"])))
        except UnverifiedBadgeError as error:
            context["refused"] = str(error)
    failed = form.is_bound and "claims" not in context
    return render(request, "web/badges/verify.html", context, status=422 if failed else 200)


def _get_token(text: str) -> str:
    token = find_badge_token(text)
    if not token:
        raise UnverifiedBadgeError(
            _("No signed badge is in this text: one begins with “eyJ” and has three parts between dots.")
        )
    return token


def _verification_context(claims: dict[str, object]) -> dict[str, object]:
    """The signed claims, and the current state of the award in the register."""
    number, seal = badge_reference(claims)
    award = get_badge_award(number)
    return {
        "claims": claims,
        "valid": {"from": _day_text(claims.get("validFrom")), "until": _day_text(claims.get("validUntil"))},
        "withdrawn": revocation_reason(number, seal, timezone.localdate()),
        "award": award,
        **(_state_today(award) if award else {}),
    }


def _day_text(moment: Json) -> str:
    return formats.day(timezone.localtime(dt.datetime.fromisoformat(moment)).date()) if moment else ""
