"""What is done with rows of the desk: taken, given, given back, put off, reminded of, handed over."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from maillage.core import formats
from maillage.core.days import day_or_none
from maillage.core.request import Request
from maillage.desk.actions.hand_over import HandOver, hand_over_desk
from maillage.desk.actions.rows import assign_rows, release_rows, remind_of_rows, snooze_rows, wake_rows
from maillage.people.models import User
from maillage.presentation.action_forms import ActionOutcome, AnyOutcome, parse_number, run_action_form
from maillage.web.desk.views import desk_response


@require_POST
@login_required
def change_rows(request: Request) -> HttpResponse:
    """Take, give, give back, put off or bring back the rows that were ticked, or the one whose button was used."""
    what, _separator, key = request.POST.get("do", "").partition(" ")
    keys = [key] if key else request.POST.getlist("row")
    change, next_url = _CHANGES.get(what), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, {request.get_host()}):
        next_url = reverse("desk")
    if change is None or change(request, keys):
        return redirect(next_url)
    return _page_as_it_stood(request, urlsplit(next_url).query)


def _page_as_it_stood(request: Request, query: str) -> HttpResponse:
    """The desk under its own address, with what was ticked and typed."""
    typed, request.GET, request.META["QUERY_STRING"] = request.POST, QueryDict(query), query
    request.path = reverse("desk")
    return desk_response(request, typed)


def _take(request: Request, keys: list[str]) -> AnyOutcome:
    return run_action_form(
        request,
        assign_rows,
        arguments={"keys": keys, "person_id": request.user.pk},
        success=lambda rows: ngettext("You take care of %d row.", "You take care of %d rows.", len(rows)) % len(rows),
    )


def _give(request: Request, keys: list[str]) -> AnyOutcome:
    person = User.objects.filter(pk=parse_number(request.POST.get("person", ""))).first()
    if person is None:
        messages.error(request, _("Choose the colleague who takes care of these rows."))
        return ActionOutcome()
    return run_action_form(
        request,
        assign_rows,
        arguments={"keys": keys, "person_id": person.pk},
        success=lambda rows: (
            ngettext("%(count)d row is given to %(name)s.", "%(count)d rows are given to %(name)s.", len(rows))
            % {"count": len(rows), "name": person.name}
        ),
    )


def _give_back(request: Request, keys: list[str]) -> AnyOutcome:
    return run_action_form(
        request,
        release_rows,
        arguments={"keys": keys},
        success=lambda rows: ngettext("%d row is nobody’s now.", "%d rows are nobody’s now.", len(rows)) % len(rows),
    )


def _put_off(request: Request, keys: list[str]) -> AnyOutcome:
    until = day_or_none(request.POST.get("until", ""))
    if until is None:
        messages.error(request, _("Choose the day on which these rows come back."))
        return ActionOutcome()
    return run_action_form(
        request,
        snooze_rows,
        arguments={"keys": keys, "until": until},
        success=lambda rows: (
            ngettext("%(count)d row comes back on %(day)s.", "%(count)d rows come back on %(day)s.", len(rows))
            % {"count": len(rows), "day": formats.day(until)}
        ),
    )


def _remind(request: Request, keys: list[str]) -> AnyOutcome:
    return run_action_form(
        request,
        remind_of_rows,
        arguments={"keys": keys},
        success=lambda names: _("Reminded: %s.") % ", ".join(names),
    )


def _hand_over(request: Request, _keys: list[str]) -> AnyOutcome:
    """Give all that the reader takes care of, ticked or not, to a colleague."""
    person_id = parse_number(request.POST.get("to", ""))
    if person_id is None:
        messages.error(request, _("Choose the colleague to whom you hand over."))
        return ActionOutcome()
    arguments = {"person_id": person_id, "reason": request.POST.get("reason", "")}
    return run_action_form(request, hand_over_desk, arguments=arguments, success=hand_over_words)


def hand_over_words(done: HandOver) -> str:
    """What was handed over to whom, and what stays."""
    words = ngettext("%(count)d row is handed over to %(name)s.", "%(count)d rows are handed over to %(name)s.",
                     done.number) % {"count": done.number, "name": done.person.name}  # fmt: skip
    if not done.left:
        return words
    left = _("%(name)s holds no mandate for these, which stay with you: %(titles)s.")
    return f"{words} {left % {'name': done.person.name, 'titles': '; '.join(done.left)}}"


def _wake(request: Request, keys: list[str]) -> AnyOutcome:
    return run_action_form(request, wake_rows, arguments={"keys": keys}, success=_("It is back on your desk."))


_CHANGES: dict[str, Callable[[Request, list[str]], AnyOutcome]] = {
    "take": _take,
    "give": _give,
    "give-back": _give_back,
    "put-off": _put_off,
    "remind": _remind,
    "hand-over": _hand_over,
    "wake": _wake,
}
