"""The desk as a file: CSV for spreadsheets, and a calendar to which programs subscribe by a signed link."""

import datetime as dt
from typing import cast
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.core.text import label_and_value
from maillage.desk.providers import DESK_KINDS, DeskRow
from maillage.desk.queries import desk_rows, organisation_names_of, waits_for
from maillage.people.models import User
from maillage.presentation import calendars
from maillage.presentation.exports import csv_table

_SALT = "maillage.desk.calendar"


@never_cache
@login_required
@require_safe
def desk_file(request: Request) -> HttpResponseBase:
    """All rows of the reader's desk, with those of colleagues, as CSV."""
    rows = desk_rows(cast(User, request.user), timezone.now())
    names = organisation_names_of(rows, request.actor)
    owner = pgettext("column", "Taken care of by")
    heading = [_("Due"), _("Kind"), _("What"), _("About"), _("Organisation"), owner, _("Address")]
    table = csv_table([heading, *(_cells(row, names) for row in rows)], french=get_language() == "fr")
    return FileResponse(table, as_attachment=True, filename=f"{_('desk')}-{timezone.localdate()}.csv",
                        content_type="text/csv; charset=utf-8")  # fmt: skip


def _cells(row: DeskRow, names: dict[int, str]) -> list[str]:
    due = row.due.isoformat() if row.due else ""
    organisation = names.get(row.organisation_id or 0, "")
    address = urljoin(settings.SITE_URL, _page_of(row))
    return [due, str(DESK_KINDS[row.kind].title), row.title, row.about, organisation, row.owner, address]


def _page_of(row: DeskRow) -> str:
    """The page of a row; the desk where the page is opened by a secret link, which belongs in no file."""
    return reverse("desk") if row.has_secret_link else row.address


def make_calendar_address(user: User) -> str:
    """The address of a person's calendar; it ends when they change their password."""
    return urljoin(
        settings.SITE_URL, reverse("desk-calendar", args=[signing.dumps([user.pk, _stamp(user)], salt=_SALT)])
    )


def _stamp(user: User) -> str:
    return user.get_session_auth_hash()[:20]


@never_cache
@require_safe
def desk_calendar(request: Request, token: str) -> HttpResponse:
    """What waits for the person of a signed link and is theirs or nobody's, on its due days."""
    user = _user_of_token(token)
    now = timezone.now()
    with read_everything(), translation.override(user.language):
        rows = [row for row in waits_for(desk_rows(user, now), user.pk) if row.due]
        entries = [_entry(row) for row in rows]
        calendar = calendars.calendar_of(_("Desk"), entries)
    return HttpResponse(calendar, content_type=calendars.CONTENT_TYPE)


def _user_of_token(token: str) -> User:
    try:
        pk, stamp = signing.loads(token, salt=_SALT)
        with read_everything():
            user: User | None = User.objects.filter(pk=pk, is_active=True).first()
    except (signing.BadSignature, ValueError, TypeError):
        user = None
    if user is None or not constant_time_compare(stamp, _stamp(user)):
        raise Http404(_("This link is not one of ours, or it has ended: take the new one from your desk."))
    return user


def _entry(row: DeskRow) -> calendars.AddressedEntry:
    """The entry of a row; not whom it concerns: calendars are kept by others, and that may be confidential."""
    due = row.due or timezone.localdate()
    entry = calendars.CalendarEntry(label_and_value(row.act, row.title), due, due + dt.timedelta(days=1))
    return calendars.AddressedEntry(row.key.replace(":", "-"), _page_of(row), entry)
