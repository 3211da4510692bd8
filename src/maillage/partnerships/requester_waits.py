"""What of their needs waits for a requester: an answer to a question, a yes, or a rating."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from maillage.partnerships.conversations import WAITING
from maillage.partnerships.models import Need, NeedAddress, NeedAddressRole
from maillage.partnerships.queries import AGREEMENT, answers_waiting_for_consent, consent_day

# The rows of the desk of whoever states a need, numbered by the need.
OWN_NEED = "own-need"
# An answer waits so long for its rating.
RATING_DELAY = dt.timedelta(days=60)
_ACTS = {
    WAITING: pgettext_lazy("act on the desk", "Answer the question"),
    AGREEMENT: pgettext_lazy("act on the desk", "Say whether it goes on"),
}


@dataclass(frozen=True, slots=True)
class WaitingNeed:
    """A need that waits for its requester, who is waiting, what is to be done, since when and until which day."""

    need: Need
    organisation: str
    act: str | Promise
    since: dt.datetime | None
    due: dt.date | None = None


def needs_waiting_for_requester(person_id: int, at: dt.datetime) -> Iterator[WaitingNeed]:
    """The needs that a person stated with their account and that wait for them; each once, the most pressing first."""
    seen: set[int] = set()
    for waiting in (*_asked(person_id), *_to_agree(person_id, at), *_to_rate(person_id, at)):
        if waiting.need.pk not in seen:
            seen.add(waiting.need.pk)
            yield waiting


def _asked(person_id: int) -> Iterator[WaitingNeed]:
    addresses = NeedAddress.objects.filter(
        need__requester__person=person_id, role=NeedAddressRole.ADDRESSEE, case__ended_at=None, case__state__in=_ACTS
    )
    for address in addresses.select_related("need", "organisation", "case").order_by("pk"):
        case = address.case
        if case:
            due = timezone.localdate(case.due_at) if case.due_at and case.state == AGREEMENT else None
            yield WaitingNeed(address.need, str(address.organisation), _ACTS[case.state], case.entered_at, due)


def _to_agree(person_id: int, at: dt.datetime) -> Iterator[WaitingNeed]:
    waiting = answers_waiting_for_consent(at).filter(need__requester__person=person_id)
    for answer in waiting.select_related("need", "organisation").order_by("sent_at"):
        since = answer.sent_at or answer.written_at
        yield WaitingNeed(answer.need, str(answer.organisation), _ACTS[AGREEMENT], since, consent_day(answer))


def _to_rate(person_id: int, at: dt.datetime) -> Iterator[WaitingNeed]:
    answered = Need.objects.filter(requester__person=person_id, rating=None, addresses__dealt_at__isnull=False)
    lately = answered.annotate(answered_at=Max("answers__sent_at")).filter(answered_at__gte=at - RATING_DELAY)
    for need in lately.order_by("answered_at"):
        answer = need.answers.exclude(sent_at=None).select_related("organisation").latest("sent_at")
        rate = pgettext_lazy("act on the desk", "Rate the answer")
        yield WaitingNeed(need, str(answer.organisation), rate, answer.sent_at)
