"""Page for officers to find accounts, and to shut, reopen, reset or promote them."""

from collections.abc import Callable

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.core.request import Request
from maillage.people.actions import accounts as actions
from maillage.people.models import User
from maillage.presentation.action_forms import redirect_after_action, require_officer

_SHOWN = 50

_ACTIONS: dict[str, tuple[Callable[..., object], dict[str, object]]] = {
    "shut": (actions.shut_account, {}),
    "reopen": (actions.reopen_account, {}),
    "officer": (actions.say_who_is_officer, {"is_officer": True}),
    "no-officer": (actions.say_who_is_officer, {"is_officer": False}),
    "factor": (actions.reset_second_factor, {}),
}


@never_cache
@require_safe
def people_page(request: Request) -> HttpResponse:
    """Search accounts by a part of the name or mail address."""
    require_officer(request, _("Accounts are looked after by officers of the site."))
    text = request.GET.get("who", "").strip()[:200]
    persons = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).order_by("name", "pk")
    rows = list(persons[: _SHOWN + 1])
    context = {"persons": rows[:_SHOWN], "more": len(rows) > _SHOWN, "who": text}
    return render(request, "account/people.html", context)


@require_POST
def act_on_person(request: Request, pk: int, what: str) -> HttpResponse:
    """Run one action on an account."""
    require_officer(request, _("Accounts are looked after by officers of the site."))
    if what not in _ACTIONS:
        raise Http404
    action, arguments = _ACTIONS[what]
    to = f"{reverse('people')}?who={request.POST.get('who', '')[:200]}"
    reason = request.POST.get("reason", "")[:2_000]
    success = _("Done; the audit page keeps it.")
    return redirect_after_action(request, action, to, success, person_id=pk, reason=reason, **arguments)
