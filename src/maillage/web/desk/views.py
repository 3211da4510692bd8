"""The desk: what waits for the reader over all mandates, who takes care of it, and what was done today."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.request import Request
from maillage.desk.done_rows import done_today
from maillage.desk.providers import DESK_KINDS, MAX_ROWS_OF_KIND, DeskKind, DeskRow
from maillage.desk.queries import (
    Desk,
    colleagues,
    count_waiting,
    organisation_names_of,
    read_desk,
    waits_for,
)
from maillage.desk.row_groups import DueGroup, RowGroup, days_left_words, due_group, group_rows
from maillage.partnerships.need_figures import may_read_figures
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.web.desk.exports import make_calendar_address
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
    return desk_response(request)


def desk_response(request: Request, typed: QueryDict | None = None) -> HttpResponse:
    """The desk; with what was ticked and `typed` in a form that was refused."""
    user, now = cast(User, request.user), timezone.now()
    day, desk = timezone.localdate(now), read_desk(user, now)
    of_whom = _rows_of(request.GET.get("whose", ""), desk.rows, user)
    chosen = _filtered(request, of_whom)
    start = _start(chosen, request.GET.get("after", ""))
    page = chosen[start : start + ROWS_SHOWN]
    context = {
        "groups": _shown_groups(request, group_rows(page, day), day),
        "count": len(chosen),
        "cut": sorted(str(DESK_KINDS[kind].title) for kind in desk.cut & {row.kind for row in desk.rows}),
        "most": MAX_ROWS_OF_KIND,
        "by_group": Counter(due_group(row, day).value for row in chosen),
        "more": page[-1].key if start + ROWS_SHOWN < len(chosen) else "",
        "waits": keep_count(user, count_waiting(desk.rows, user.pk, day)),
        "whose": _whose_choices(request, desk.rows, user),
        "filters": _filter_choices(request, of_whom),
        "colleagues": colleagues(page, user, day),
        "successors": colleagues(_rows_to_hand_over(desk, user), user, day),
        "may_be_given": any(not row.person_id for row in page),
        "may_read_figures": any(may_read_figures(reader.actor) for reader in desk.readers),
        "snoozed": desk.snoozed,
        "done": done_today(desk.readers),
        "unattended": [
            (organisation.short_name, _mandates_page(organisation))
            for organisation in _unattended_organisations(request, desk.rows)
        ],
        "today": day,
        "tomorrow": day + dt.timedelta(days=1),
        "ticked": typed.getlist("row") if typed else [],
        "typed": typed or {},
        "calendar": make_calendar_address(user),
        "is_filtered": bool(request.GET.get("kind") or request.GET.get("mandate") or request.GET.get("whose")),
    }
    return render(request, "web/desk/desk.html", context, status=422 if typed else 200)


def _rows_to_hand_over(desk: Desk, user: User) -> list[DeskRow]:
    """What the reader takes care of, whatever the page shows, and what the reader put off."""
    return [*(row for row in desk.rows if row.owner_id == user.pk), *(row for row, _until in desk.snoozed)]


def old_address(request: Request) -> HttpResponse:
    """The desk stood at another address before."""
    return redirect("desk", permanent=True)


def _rows_of(whose: str, rows: Sequence[DeskRow], user: User) -> list[DeskRow]:
    if whose == "all":
        return list(rows)
    if whose == "nobody":
        return [row for row in rows if row.owner_id is None]
    if whose == "colleagues":
        return [row for row in rows if row.owner_id not in (None, user.pk) and not row.is_stood_in]
    return waits_for(rows, user.pk)


def _filtered(request: Request, rows: Sequence[DeskRow]) -> list[DeskRow]:
    kind, mandate = request.GET.get("kind", ""), request.GET.get("mandate", "")
    return [row for row in rows if kind in ("", row.kind) and mandate in ("", _mandate_value(row))]


def _mandate_value(row: DeskRow) -> str:
    return str(row.mandate.mandate_id) if row.mandate else "site"


def _mandate_words(row: DeskRow) -> str:
    if row.mandate is None:
        return _("yourself") if row.person_id else _("officer of the site")
    words = f"{row.mandate.organisation}, {role_name(row.mandate.role)}"
    if absent := row.mandate.stands_in_for:
        return _("%(mandate)s, standing in for %(name)s") % {"mandate": words, "name": absent}
    return words


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
