"""The desk: what waits for the reader over all mandates, who takes care of it, and what was done today."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from maillage.core import formats
from maillage.core.request import Request
from maillage.desk.actions.rows import assign_rows, release_rows, snooze_rows, wake_rows
from maillage.desk.done_rows import done_today
from maillage.desk.providers import DESK_KINDS, DeskKind, DeskRow
from maillage.desk.queries import (
    colleagues,
    count_waiting,
    desk_readers,
    desk_rows,
    organisation_names_of,
    snoozed_rows,
    waits_for,
)
from maillage.desk.row_groups import DueGroup, RowGroup, days_left_words, due_group, group_rows
from maillage.people.models import User
from maillage.presentation.action_forms import parse_number, run_action_form
from maillage.register.models import Organisation
from maillage.web.desk.header_count import keep_count
from maillage.web.templatetags.maillage import role_name

ROWS_SHOWN = 50
_WHOSE: dict[str, str | Promise] = {
    "": gettext_lazy("Yours or nobody’s"),
    "nobody": gettext_lazy("Nobody’s"),
    "colleagues": gettext_lazy("Colleagues’"),
    "all": gettext_lazy("Whole team"),
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row in words, for the page."""

    row: DeskRow
    kind: DeskKind
    mandate: str
    organisation: str
    days_left: str
    group: DueGroup
    is_own: bool
    act: str
    act_address: str


@login_required
def desk_page(request: Request) -> HttpResponse:
    """The rows of the reader, filtered and grouped by due day; 50 a page."""
    user, now = cast(User, request.user), timezone.now()
    day, everything = timezone.localdate(now), desk_rows(user, now)
    of_whom = _rows_of(request.GET.get("whose", ""), everything, user)
    chosen = _filtered(request, of_whom)
    start = _start(chosen, request.GET.get("after", ""))
    page = chosen[start : start + ROWS_SHOWN]
    context = {
        "groups": _shown_groups(request, group_rows(page, day), day),
        "count": len(chosen),
        "by_group": Counter(due_group(row, day).value for row in chosen),
        "more": page[-1].key if start + ROWS_SHOWN < len(chosen) else "",
        "waits": keep_count(request, count_waiting(everything, user.pk, day), now),
        "whose": _whose_choices(request, everything, user),
        "filters": _filter_choices(request, of_whom),
        "colleagues": colleagues(page, user, day),
        "snoozed": snoozed_rows(user, now),
        "done": done_today(desk_readers(user, now)),
        "unattended": [
            (organisation.short_name, _mandates_page(organisation))
            for organisation in _unattended_organisations(request, everything)
        ],
        "today": day,
        "tomorrow": day + dt.timedelta(days=1),
        "is_filtered": bool(request.GET.get("kind") or request.GET.get("mandate") or request.GET.get("whose")),
    }
    return render(request, "web/desk/desk.html", context)


def old_address(request: Request) -> HttpResponse:
    """The desk stood at another address before."""
    return redirect("desk", permanent=True)


def _rows_of(whose: str, rows: Sequence[DeskRow], user: User) -> list[DeskRow]:
    if whose == "all":
        return list(rows)
    if whose == "nobody":
        return [row for row in rows if row.owner_id is None]
    if whose == "colleagues":
        return [row for row in rows if row.owner_id not in (None, user.pk)]
    return waits_for(rows, user.pk)


def _filtered(request: Request, rows: Sequence[DeskRow]) -> list[DeskRow]:
    kind, mandate = request.GET.get("kind", ""), request.GET.get("mandate", "")
    return [row for row in rows if kind in ("", row.kind) and mandate in ("", _mandate_value(row))]


def _mandate_value(row: DeskRow) -> str:
    return str(row.mandate.mandate_id) if row.mandate else "site"


def _mandate_words(row: DeskRow) -> str:
    if row.mandate is None:
        return _("yourself") if row.person_id else _("officer of the site")
    return f"{row.mandate.organisation}, {role_name(row.mandate.role)}"


def _start(rows: Sequence[DeskRow], after: str) -> int:
    return next((place + 1 for place, row in enumerate(rows) if row.key == after), 0)


def _whose_choices(request: Request, rows: Sequence[DeskRow], user: User) -> list[tuple[str, str, int, bool]]:
    chosen = request.GET.get("whose", "")
    return [
        (str(title), _with(request, whose=value), len(_filtered(request, _rows_of(value, rows, user))), value == chosen)
        for value, title in _WHOSE.items()
    ]


def _filter_choices(request: Request, rows: Sequence[DeskRow]) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """The selects of mandates and kinds: name, label, and the options with the number of rows of each."""
    mandates = {_mandate_value(row): _mandate_words(row) for row in rows}
    kinds = {row.kind: str(DESK_KINDS[row.kind].title) for row in rows}
    by_mandate, by_kind = Counter(map(_mandate_value, rows)), Counter(row.kind for row in rows)
    return [
        ("mandate", _("Mandate"), _options(request, "mandate", mandates, by_mandate)),
        ("kind", _("Kind"), _options(request, "kind", kinds, by_kind)),
    ]


def _options(request: Request, name: str, titles: dict[str, str], counts: Counter[str]) -> list[tuple[str, str, bool]]:
    chosen = request.GET.get(name, "")
    ordered = sorted(titles.items(), key=lambda item: item[1])
    return [(value, f"{title} ({counts[value]})", value == chosen) for value, title in ordered]


def _with(request: Request, **changes: str) -> str:
    kept = {name: request.GET[name] for name in ("whose", "kind", "mandate") if request.GET.get(name)} | changes
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{reverse('desk')}?{query}" if query else reverse("desk")


def _shown_groups(request: Request, groups: list[RowGroup], day: dt.date) -> list[tuple[RowGroup, list[ShownRow]]]:
    names = organisation_names_of((row for group in groups for row in group.rows), request.actor)
    mandate_pages = {
        organisation.pk: _mandates_page(organisation)
        for organisation in _unattended_organisations(request, [row for group in groups for row in group.rows])
    }
    return [(group, [_shown(request, row, names, mandate_pages, day) for row in group.rows]) for group in groups]


def _shown(
    request: Request, row: DeskRow, names: dict[int, str], mandate_pages: dict[int, str], day: dt.date
) -> ShownRow:
    return ShownRow(
        row,
        DESK_KINDS[row.kind],
        _mandate_words(row),
        _organisation_words(row, names),
        days_left_words(row.due, day),
        due_group(row, day),
        row.owner_id == request.user.pk,
        *_act_on(row, mandate_pages),
    )


def _act_on(row: DeskRow, mandate_pages: dict[int, str]) -> tuple[str, str]:
    """The button of a row and its page; where nobody can act, an officer invites somebody who can."""
    if row.is_unattended and (page := mandate_pages.get(row.organisation_id or 0)):
        return _("Invite somebody"), page
    return row.act, row.address


def _organisation_words(row: DeskRow, names: dict[int, str]) -> str:
    """For whom the row is done, unless the mandate says so already."""
    if row.organisation_id is None or (row.mandate and row.mandate.organisation_id == row.organisation_id):
        return ""
    return names.get(row.organisation_id, "")


def _mandates_page(organisation: Organisation) -> str:
    return reverse("mandates-of", args=[organisation.key])


def _unattended_organisations(request: Request, rows: Sequence[DeskRow]) -> list[Organisation]:
    """For an officer: the organisations that are waited for and for which nobody can act."""
    organisation_ids = {row.organisation_id for row in rows if row.is_unattended and row.organisation_id}
    found = Organisation.objects.visible_to(request.actor).filter(pk__in=organisation_ids).order_by("sort_name")
    return list(found[:ROWS_SHOWN])


@require_POST
@login_required
def change_rows(request: Request) -> HttpResponse:
    """Take, give, give back, put off or bring back the rows that were ticked, or the one whose button was used."""
    what, _separator, key = request.POST.get("do", "").partition(" ")
    keys = [key] if key else request.POST.getlist("row")
    change = _CHANGES.get(what)
    if change:
        change(request, keys)
    next_url = request.POST.get("next", "")
    return redirect(next_url if url_has_allowed_host_and_scheme(next_url, {request.get_host()}) else "desk")


def _take(request: Request, keys: list[str]) -> None:
    arguments = {"keys": keys, "person_id": request.user.pk}
    success: Callable[[list[DeskRow]], str] = lambda rows: _said(  # noqa: E731
        rows, ngettext("You take care of %d row.", "You take care of %d rows.", len(rows))
    )
    run_action_form(request, assign_rows, arguments=arguments, success=success)


def _give(request: Request, keys: list[str]) -> None:
    person = User.objects.filter(pk=parse_number(request.POST.get("person", ""))).first()
    if person is None:
        messages.error(request, _("Choose the colleague who takes care of these rows."))
        return
    run_action_form(
        request,
        assign_rows,
        arguments={"keys": keys, "person_id": person.pk},
        success=lambda rows: _said(
            rows, ngettext("%d row is given to {name}.", "%d rows are given to {name}.", len(rows))
        ).format(name=person.name),
    )


def _give_back(request: Request, keys: list[str]) -> None:
    run_action_form(
        request,
        release_rows,
        arguments={"keys": keys},
        success=lambda rows: _said(rows, ngettext("%d row is nobody’s now.", "%d rows are nobody’s now.", len(rows))),
    )


def _put_off(request: Request, keys: list[str]) -> None:
    until = parse_date_or_none(request.POST.get("until", ""))
    if until is None:
        messages.error(request, _("Choose the day on which these rows come back."))
        return
    run_action_form(
        request,
        snooze_rows,
        arguments={"keys": keys, "until": until},
        success=lambda rows: _said(
            rows, ngettext("%d row comes back on {day}.", "%d rows come back on {day}.", len(rows))
        ).format(day=formats.day(until)),
    )


def parse_date_or_none(text: str) -> dt.date | None:
    """A day as a form sends it; `None` for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _wake(request: Request, keys: list[str]) -> None:
    run_action_form(request, wake_rows, arguments={"keys": keys}, success=_("It is back on your desk."))


def _said(rows: Sequence[DeskRow], message: str) -> str:
    return message % len(rows)


_CHANGES: dict[str, Callable[[Request, list[str]], None]] = {
    "take": _take,
    "give": _give,
    "give-back": _give_back,
    "put-off": _put_off,
    "wake": _wake,
}
