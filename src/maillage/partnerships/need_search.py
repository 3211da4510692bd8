"""Search in the words of needs, messages and files, as far as a person reads them by any of their mandates.

It is asked of the database and not of the index of the site, which holds no confidential text.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from maillage.core.folded_text import FoldedText
from maillage.core.security.session_scope import actor_scope
from maillage.core.text import fold
from maillage.desk.providers import MANDATE_PARAMETER, DeskReader
from maillage.desk.queries import desk_readers
from maillage.files.models import File
from maillage.listing.values import Records
from maillage.partnerships.models import Message, Need, NeedAddress, TeamRequest
from maillage.partnerships.queries import needs, requesters_of
from maillage.people.models import User

_MAX_WORDS, _MAX_LETTERS = 8, 200
# The most that are found of each kind, by each role.
MAX_FOUND = 20
# So many organisations read one file, at most, for it to be counted once.
_READERS = 5
_EXCERPT = 70


@dataclass(frozen=True, slots=True)
class NeedHit:
    """Something about a need: what kind of thing, the need, what it says there, and its page."""

    kind: str | Promise
    title: str
    excerpt: str
    url: str


def find_in_needs(text: str, user: User, at: dt.datetime) -> list[NeedHit]:
    """The needs, messages and files that hold all words of a text and that a person may read, the latest first."""
    words = fold(text[:_MAX_LETTERS]).split()[:_MAX_WORDS]
    hits: dict[tuple[str, int], NeedHit] = {}
    for reader in desk_readers(user, at) if words else ():
        with actor_scope(reader.actor):
            for key, hit in (*_needs(reader, words), *_messages(reader, words), *_files(reader, words)):
                hits.setdefault(key, hit)
    return list(hits.values())


def _holding(records: Records, words: Iterable[str], *fields: str) -> Records:
    """The records whose fields hold all words between them."""
    # The break keeps the end of a field and the beginning of the next apart.
    parts = [part for field in fields for part in (F(field), Value("\n"))]
    condition = Q()
    for word in words:
        condition &= Q(_words__contains=word)
    holding: Records = records.alias(_words=FoldedText(Concat(*parts, output_field=TextField())))
    return holding.filter(condition)


Found = Iterator[tuple[tuple[str, int], NeedHit]]


def _needs(reader: DeskReader, words: list[str]) -> Found:
    readable = needs(actor=reader.actor)
    asking = _holding(requesters_of(readable.values("pk"), actor=reader.actor), words, "organisation", "contact")  # type: ignore[arg-type]
    by_words = _holding(readable, words, "title", "text", "key").values("pk")
    found = readable.filter(Q(pk__in=by_words) | Q(pk__in=asking.values("need"))).order_by("-stated_at", "-pk")
    for need in found[:MAX_FOUND]:
        url = _address(need.get_absolute_url(), need.pk, reader)
        yield ("need", need.pk), NeedHit(gettext_lazy("Need"), need.title, excerpt(need.text, words), url)


def _messages(reader: DeskReader, words: list[str]) -> Found:
    readable = Message.objects.visible_to(reader.actor).filter(need__in=needs(actor=reader.actor))
    found = _holding(readable, words, "text", "author_name").select_related("need").order_by("-written_at", "-pk")
    for message in found[:MAX_FOUND]:
        hit = NeedHit(gettext_lazy("Message"), message.need.title, excerpt(message.text, words), _page(message, reader))
        yield ("message", message.pk), hit


def _files(reader: DeskReader, words: list[str]) -> Found:
    """Each file once, however many organisations read it."""
    readable = needs(actor=reader.actor)
    messages = Message.objects.visible_to(reader.actor).filter(need__in=readable)
    of_both = Q(record_kind=Need.kind_name(), record_id__in=readable.values("pk")) | Q(
        record_kind=Message.kind_name(), record_id__in=messages.values("pk")
    )
    files = _holding(File.objects.visible_to(reader.actor).filter(of_both), words, "name")
    # Each organisation that reads a file has a row of it.
    found = list(files.order_by("-uploaded_at", "-pk")[: MAX_FOUND * _READERS])
    need_by_id = readable.in_bulk(_record_ids(found, Need.kind_name()))
    message_by_id = messages.select_related("need").in_bulk(_record_ids(found, Message.kind_name()))
    hits: dict[tuple[str, int], NeedHit] = {}
    for file in found:
        key = (f"file {file.record_kind} {file.record_id}", file.content_id)
        if key in hits or len(hits) == MAX_FOUND:
            continue
        # What was erased, or hidden from the reader, since the files were read is in neither.
        if need := need_by_id.get(file.record_id) if file.record_kind == Need.kind_name() else None:
            url = _address(need.get_absolute_url(), need.pk, reader)
        elif message := message_by_id.get(file.record_id) if file.record_kind == Message.kind_name() else None:
            need, url = message.need, _page(message, reader)
        else:
            continue
        hits[key] = NeedHit(gettext_lazy("File"), need.title, file.name, url)
    yield from hits.items()


def _record_ids(files: Iterable[File], kind: str) -> set[int]:
    return {file.record_id for file in files if file.record_kind == kind}


def _page(message: Message, reader: DeskReader) -> str:
    """The page of the conversation: for a team, that on which it replies."""
    if message.team_id and message.team_id in reader.actor.reach:
        requests = TeamRequest.objects.filter(need=message.need_id, offer__provider=message.team_id)
        if request := requests.order_by("pk").first():
            url = reverse("reply-to-request", args=[request.pk])
            return f"{_address(url, message.need_id, reader)}#message-{message.pk}"
    return f"{_address(message.need.get_absolute_url(), message.need_id, reader)}#message-{message.pk}"


def _address(url: str, need_id: int, reader: DeskReader) -> str:
    """An address opened by the mandate that lets the reader read the need, if one does."""
    organisations = set(NeedAddress.objects.filter(need=need_id).values_list("organisation_id", flat=True))
    mandate = next((one for one in reader.mandates if one.reach & organisations), None)
    return f"{url}?{MANDATE_PARAMETER}={mandate.mandate_id}" if mandate else url


def excerpt(text: str, words: Iterable[str]) -> str:
    """What stands around the first of some folded words, on one line."""
    line = " ".join(text.split())
    folded = fold(line)
    start = min((place for word in words if (place := folded.find(word)) >= 0), default=0)
    # Whole words: from the first that begins in this stretch to the last that ends in it.
    begin = line.rfind(" ", 0, start - _EXCERPT + 1) + 1 if start > _EXCERPT else 0
    space = line.find(" ", start + _EXCERPT * 2)
    end = space if space >= 0 else len(line)
    return f"{'… ' if begin else ''}{line[begin:end].strip()}{' …' if end < len(line) else ''}"
