"""Atom feed of calls open now and to come: one entry per call, updated when a version of it is published."""

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.calls.listing import call_state, moment_in_call_zone
from maillage.calls.models import Call
from maillage.calls.queries import calls
from maillage.core.actors import PUBLIC
from maillage.presentation.feeds import entry_tag
from maillage.site.queries import network_name

_ENTRIES = 100


@require_safe
def calls_feed(request: HttpRequest) -> HttpResponse:
    """Public calls that are not closed yet, the first to close first."""
    site, language = settings.SITE_URL, (get_language() or "fr")[:2]
    feed = Atom1Feed(
        title=_("%s: calls open now and to come") % network_name(),
        link=f"{site}{reverse('calls:list')}",
        feed_url=f"{site}{request.path}",
        description=_("Calls for applications for a label, with their dates."),
        language=language,
        feed_guid=entry_tag("calls", language),
    )
    running = calls(actor=PUBLIC).filter(closes_at__gt=timezone.now(), withdrawn_at=None)
    for call in running.annotate(changed=Max("versions__published_at")).order_by("closes_at", "pk")[:_ENTRIES]:
        feed.add_item(
            str(call),
            f"{site}{call.get_absolute_url()}",
            _summary(call),
            updateddate=call.changed,
            pubdate=call.changed,
            unique_id=entry_tag("calls", call.key),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _summary(call: Call) -> str:
    words = _("%(label)s: %(state)s. Opens %(opens)s, closes %(closes)s.")
    zone = call.last.document.zone
    return words % {
        "label": call.label,
        "state": call_state(call),
        "opens": moment_in_call_zone(call.opens_at, zone),
        "closes": moment_in_call_zone(call.closes_at, zone),
    }
