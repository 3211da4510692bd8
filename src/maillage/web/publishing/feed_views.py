"""Atom feed of changes: one entry per change of a public record; a load of many rows is one entry."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.actors import PUBLIC
from maillage.core.addresses import list_address
from maillage.core.models import Contradiction
from maillage.core.text import label_and_value, label_and_value_html
from maillage.listing.listing import LISTINGS, Listing
from maillage.presentation import cells, record_links
from maillage.presentation.feeds import entry_tag
from maillage.presentation.record_history import Change, Difference, compare_events, list_events
from maillage.site.queries import network_name

ENTRIES = 50
# How many events are read of each table, and from how many records on a run becomes a single entry.
_EVENTS_READ, _LOAD_SIZE = 300, 6


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry, ready for the feed."""

    change: Change
    title: str
    body: SafeString
    url: str
    number: str


def changes_feed(request: HttpRequest) -> HttpResponse:
    """The latest changes of public records, the newest first."""
    site = settings.SITE_URL
    feed = Atom1Feed(
        title=_("%s: what changed") % network_name(),
        link=f"{site}{reverse('home')}",
        feed_url=f"{site}{request.path}",
        description=_("Every change of the register, with who made it and why."),
        language=(get_language() or "fr")[:2],
        feed_guid=entry_tag("changes", get_language() or "fr"),
    )
    for entry in latest_entries():
        feed.add_item(
            entry.title,
            f"{site}{entry.url}",
            entry.body,
            author_name=entry.change.who,
            updateddate=entry.change.when,
            pubdate=entry.change.when,
            unique_id=entry.number,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def latest_entries(
    limit: int = ENTRIES, *, lists: Iterable[str] | None = None, events_read: int = _EVENTS_READ
) -> list[FeedEntry]:
    """The latest entries over every kind of record that has a page, or over some lists by name."""
    listings = LISTINGS.values() if lists is None else [LISTINGS[name] for name in lists]
    entries = [entry for listing in listings for entry in _entries_of(listing, events_read)]
    return sorted(entries, key=lambda entry: entry.change.when, reverse=True)[:limit]


def _entries_of(listing: Listing, events_read: int) -> Iterator[FeedEntry]:
    events = list(list_events(listing.model, actor=PUBLIC)[:events_read])
    changes = compare_events(listing.model, events, actor=PUBLIC)
    visible = listing.records(PUBLIC).filter(pk__in={change.record_id for change in changes}).in_bulk()
    groups: dict[object, list[Change]] = defaultdict(list)
    for change in changes:
        if change.record_id not in visible:
            continue
        groups[change.event.pgh_context_id or change.number].append(change)
    for group in groups.values():
        if len({change.record_id for change in group}) >= _LOAD_SIZE:
            yield _load_entry(listing, group)
        else:
            yield from (_change_entry(listing, visible[change.record_id], change) for change in group)


def _load_entry(listing: Listing, group: list[Change]) -> FeedEntry:
    """The entry of a load of many records: their number, without their content."""
    change = group[0]
    # A load may be larger than what was read of it.
    loaded = list_events(listing.model, actor=PUBLIC).filter(pgh_context_id=change.event.pgh_context_id)
    number = loaded.order_by().values("id").distinct().count()
    title = _("%(list)s: %(number)s records %(what)s") % {
        "list": listing.title,
        "number": formats.number(number),
        "what": change.event_name,
    }
    url = list_address(listing.name)
    return FeedEntry(
        change, title, _author_html(change), url, entry_tag(listing.name, f"load-{change.event.pgh_context_id}")
    )


def _change_entry(listing: Listing, record: object, change: Change) -> FeedEntry:
    url, number = record_links.page_address(listing, record), entry_tag(listing.name, str(change.number))
    heading = record_links.record_heading(listing, record).text
    if isinstance(record, Contradiction) and _settles(change):
        title = _("Contradiction settled: %(topic)s") % {"topic": heading}
        return FeedEntry(change, title, _settlement_html(record, change), url, number)
    return FeedEntry(
        change,
        label_and_value(heading, change.event_name),
        _differences_html(change) + _author_html(change),
        url,
        number,
    )


def _settles(change: Change) -> bool:
    return bool(change.event.settled_side) and change.what == "update"


def _settlement_html(record: Contradiction, change: Change) -> SafeString:
    """Both sides as they were when this was settled, the accepted one, and the reason."""
    words = {True: _("held for true"), False: _("not held, kept visible")}
    letters = ("a", "b")
    status_by_letter = {
        letter: format_html("<b>{}</b>", words[letter == change.event.settled_side]) for letter in letters
    }
    texts = (
        (label_and_value_html(status_by_letter[letter], cells.render_text(getattr(record, letter))),)
        for letter in letters
    )
    sides = format_html_join("", "<li>{}</li>", texts)
    return format_html(
        "<ul>{}</ul><p>{}</p>{}", sides, change.event.settled_reason, _author_html(change, with_reason=False)
    )


def _differences_html(change: Change) -> SafeString:
    items = format_html_join(
        "",
        "<li>{}</li>",
        ((label_and_value_html(difference.label, _difference_html(difference)),) for difference in change.differences),
    )
    return format_html("<ul>{}</ul>", items) if items else SafeString()


def _difference_html(difference: Difference) -> SafeString:
    after = format_html("<ins>{}</ins>", difference.after)
    return format_html("<del>{}</del> → {}", difference.before, after) if difference.before else after


def _author_html(change: Change, *, with_reason: bool = True) -> SafeString:
    who = f"{change.who} ({change.action})" if change.action else change.who
    return format_html("<p>{}</p>", label_and_value(who, change.reason) if with_reason and change.reason else who)
