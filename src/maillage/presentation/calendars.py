"""iCalendar (RFC 5545) of the records that have a day: events, and calls at the moment they close."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from maillage.calls.models import Call
from maillage.community.models import Event
from maillage.core.actors import Actor
from maillage.core.addresses import AddressedRecord
from maillage.core.formats import is_day
from maillage.core.periods import OPEN, UNKNOWN, span
from maillage.core.text import label_and_value
from maillage.listing.columns import ListedRecord
from maillage.listing.listing import Listing
from maillage.site.queries import network_name

CONTENT_TYPE = "text/calendar; charset=utf-8"
_MOST_ENTRIES = 1_000
_DAYS_KEPT = 365


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar says of a record. `end` is the first day after it, or the moment at which it ends."""

    title: str
    start: dt.date
    end: dt.date
    details: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class AddressedEntry:
    """An entry with its lasting key and the address of its page."""

    key: str
    address: str
    entry: CalendarEntry


def _event_entry(event: Event) -> CalendarEntry | None:
    """An event from its first to its last day; `None` where these are not known to the day."""
    first, last = event.period_start, event.period_end
    if first in (OPEN, UNKNOWN) or not is_day(first):
        return None
    last = last if last not in (OPEN, UNKNOWN) and is_day(last) else first
    organiser = str(event.organiser or event.organiser_text)
    details = [str(event.kind), label_and_value(_("Organiser"), organiser) if organiser else "", str(event.note)]
    end = span(last).last + dt.timedelta(days=1)
    return CalendarEntry(str(event), span(first).first, end, "\n".join(filter(None, details)))


def _call_entry(call: Call) -> CalendarEntry:
    """The moment at which a call closes."""
    title = _("Closes: %(call)s") % {"call": call}
    return CalendarEntry(title, call.closes_at, call.closes_at, str(call.label), is_cancelled=bool(call.withdrawn_at))


def _events_since(at: dt.datetime) -> Q:
    return Q(possible__endswith__gte=timezone.localdate(at)) | Q(possible__upper_inf=True)


def _calls_since(at: dt.datetime) -> Q:
    return Q(closes_at__gte=at)


# By listing: the entry of a record, and the condition that leaves out the records that were over at a moment.
_ENTRIES: dict[str, tuple[Callable[[ListedRecord], CalendarEntry | None], Callable[[dt.datetime], Q]]] = {
    "events": (_event_entry, _events_since),
    "calls": (_call_entry, _calls_since),
}


def has_calendar(listing: Listing) -> bool:
    """Whether records of a list have a day that a calendar can show."""
    return listing.name in _ENTRIES


def has_entry(listing: Listing, record: Model) -> bool:
    """Whether a calendar can show a record."""
    return has_calendar(listing) and _ENTRIES[listing.name][0](record) is not None


def list_calendar(listing: Listing, actor: Actor, at: dt.datetime) -> bytes:
    """The calendar of a list: what is to come, and what was in the last year."""
    _entry, since = _ENTRIES[listing.name]
    records = listing.records(actor).filter(since(at - dt.timedelta(days=_DAYS_KEPT)))
    newest = records.order_by("-pk")[:_MOST_ENTRIES]
    return record_calendar(listing, reversed(newest))


def record_calendar(listing: Listing, records: Iterable[AddressedRecord]) -> bytes:
    """A calendar of records of a list; those whose day is not known are left out."""
    addressed = (
        AddressedEntry(f"{listing.name}-{getattr(record, listing.slug)}", record.get_absolute_url(), entry)
        for record in records
        if (entry := _ENTRIES[listing.name][0](record))
    )
    return calendar_of(str(listing.title), addressed)


def calendar_of(title: str, entries: Iterable[AddressedEntry]) -> bytes:
    """A calendar of these entries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Maillage//maillage//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{network_name()}: {title}")
    for addressed in entries:
        calendar.add_component(_component(addressed, addressed.entry))
    return bytes(calendar.to_ical())


def _component(addressed: AddressedEntry, entry: CalendarEntry) -> CalendarEvent:
    component = CalendarEvent()
    component.add("uid", f"{addressed.key}@{urlsplit(settings.SITE_URL).hostname}")
    component.add("dtstamp", timezone.now().astimezone(dt.UTC))
    component.add("summary", entry.title)
    component.add("dtstart", _in_utc(entry.start))
    component.add("dtend", _in_utc(entry.end))
    component.add("url", f"{settings.SITE_URL}{addressed.address}")
    if entry.details:
        component.add("description", entry.details)
    if entry.is_cancelled:
        component.add("status", "CANCELLED")
    return component


def _in_utc(moment: dt.date) -> dt.date:
    return moment.astimezone(dt.UTC) if isinstance(moment, dt.datetime) else moment
