"""Writing a dossier together: begun by its lead, joined by others, one reply at a time."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.document import Kind, Question
from maillage.calls.models import Call, CallVersion, Dossier, Duty, Part, Party, Reply
from maillage.calls.values import checked
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import CLINICAL, LEAD, MANAGER, PILOT, Actor
from maillage.kernel.files.actions import take_away
from maillage.kernel.versions import Stale
from maillage.register.models import Organisation

WRITERS = (MANAGER, LEAD, PILOT, CLINICAL)
MOST_PARTIES = 200
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def _lead(*, lead_id: int, **_others: Any) -> Iterable[int]:
    return [lead_id]


def leads_of(*, dossier_id: int, **_others: Any) -> Iterable[int]:
    """The body that leads a dossier."""
    return Party.objects.filter(dossier=dossier_id, part=Part.LEAD).values_list("organisation_id", flat=True)


def writers_of(*, dossier_id: int, section: str = "", **_others: Any) -> Iterable[int]:
    """The bodies that may write a section: those that have it as a duty and the lead, or all that take part."""
    within = Party.objects.filter(dossier=dossier_id).exclude(part=Part.OFFICE)
    duties = set(Duty.objects.filter(dossier=dossier_id, section=section).values_list("organisation_id", flat=True))
    if duties:
        return duties | set(leads_of(dossier_id=dossier_id))
    return within.values_list("organisation_id", flat=True)


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Begin a dossier"), concerns=_lead)
def begin_dossier(*, actor: Actor, at: dt.datetime, call_id: int, lead_id: int, title: str, theme: str = "") -> Dossier:
    """A dossier on the call's last version, led by a body.

    Raises `Impossible` outside the dates of the call, for a withdrawn one, a body of a kind that may not apply, or a
    theme that the call does not have.
    """
    call = Call.objects.get(pk=call_id)
    version: CallVersion = call.last
    lead = Organisation.objects.get(pk=lead_id, merged_into=None)
    _refuse_closed(call, version, at)
    if lead.kind not in version.says.holders:
        raise Impossible(_("A body of this kind (%s) does not apply to this call.") % lead.get_kind_display())
    if (theme or version.says.themes) and theme not in version.says.themes:
        raise Impossible(_("Choose one of the themes of the call."))
    if not title.strip():
        raise Impossible(_("Give the dossier a title."))
    key = "d-" + "".join(secrets.choice(_LETTERS) for _each in range(10))
    dossier = Dossier.objects.create(key=key, version=version, title=title.strip()[:200], theme=theme, begun_at=at)
    Party.objects.create(dossier=dossier, organisation=lead, part=Part.LEAD)
    return dossier


def _refuse_closed(call: Call, version: CallVersion, at: dt.datetime) -> None:
    if call.withdrawn_at:
        raise Impossible(_("This call was withdrawn: %s") % call.withdrawn_why)
    if at < version.says.opens:
        raise Impossible(_("This call is not open yet."))
    if at >= version.says.closes:
        raise Impossible(_("This call is closed."))


def writable(dossier_id: int) -> Dossier:
    """The dossier, held until the transaction ends. Raises `Impossible` where it was sent or withdrawn."""
    found: Dossier = Dossier.objects.select_for_update(of=("self",)).select_related("version").get(pk=dossier_id)
    if found.withdrawn_at:
        raise Impossible(_("This dossier was withdrawn."))
    if found.sent_at:
        raise Impossible(_("This dossier is sent; take it back before the call closes to change it."))
    return found


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Add a body to a dossier"), concerns=leads_of)
def add_party(*, actor: Actor, at: dt.datetime, dossier_id: int, organisation_id: int, part: str) -> Party:
    """Another body takes part, as host establishment or partner; it reads and writes from then on."""
    dossier = writable(dossier_id)
    if part not in (Part.HOST, Part.PARTNER):
        raise Impossible(_("A body joins as host establishment or as partner."))
    if dossier.parties.count() >= MOST_PARTIES:
        raise Impossible(_("A dossier has at most %d bodies.") % MOST_PARTIES)
    body = Organisation.objects.get(pk=organisation_id, merged_into=None)
    if dossier.parties.filter(organisation=body, part=Part.LEAD).exists():
        raise Impossible(_("This body leads the dossier already."))
    made: Party = Party.objects.update_or_create(dossier=dossier, organisation=body, defaults={"part": part})[0]
    return made


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Take a body out of a dossier"), concerns=leads_of)
def remove_party(*, actor: Actor, at: dt.datetime, dossier_id: int, organisation_id: int) -> None:
    """A body takes part no more; what it wrote stays. Raises `Impossible` for the lead."""
    dossier = writable(dossier_id)
    if dossier.parties.filter(organisation=organisation_id, part=Part.LEAD).exists():
        raise Impossible(_("The lead stays; withdraw the dossier instead."))
    dossier.parties.filter(organisation=organisation_id).delete()
    take_away(Dossier.kind_name(), dossier.pk, [organisation_id])
    dossier.duties.filter(organisation=organisation_id).delete()
    dossier.sign_offs.filter(organisation=organisation_id).delete()


@action(MANAGER, LEAD, PILOT, title=gettext_lazy("Say who writes a section"), concerns=leads_of)
def share_out(*, actor: Actor, at: dt.datetime, dossier_id: int, section: str, bodies: list[int]) -> None:
    """Only these bodies (ids) and the lead write a section; every one where none is named."""
    dossier = writable(dossier_id)
    if dossier.call.section(section) is None:
        raise Impossible(_("The dossier has no section “%s”.") % section[:60])
    within = set(dossier.parties.exclude(part=Part.OFFICE).values_list("organisation_id", flat=True))
    if set(bodies) - within:
        raise Impossible(_("Only a body of the dossier can write a section; add it first."))
    dossier.duties.filter(section=section).delete()
    Duty.objects.bulk_create(Duty(dossier=dossier, section=section, organisation_id=body) for body in set(bodies))


@action(*WRITERS, title=gettext_lazy("Write a reply"), concerns=writers_of)
def write_reply(
    *,
    actor: Actor,
    at: dt.datetime,
    dossier_id: int,
    section: str,
    question: str,
    value: Any,
    number: int = 1,
    base: int = 0,
) -> Reply:
    """Reply to a question, on the version (`base`, 0 for none) that was read.

    Two who write at once lose nothing: another question is another reply, and on the same one the second is refused
    (`Stale`) and sees what the first wrote. Raises `Impossible` for what the question does not take.
    """
    dossier = writable(dossier_id)
    part = dossier.call.section(section)
    asked = part.question(question) if part else None
    if part is None or asked is None or not 1 <= number <= part.repeat:
        raise Impossible(_("The dossier does not ask this; reload the page."))
    held = Reply.objects.filter(dossier=dossier, section=section, number=number, question=question).first()
    value = checked(asked, value)
    if held and held.value == value:
        return held
    if (held.version if held else 0) != base:
        raise Stale(_("Somebody has written here in the meantime; read both and keep what is right."))
    return kept_reply(dossier, Place(section, question, number), value, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply stands: its section, its question, and the n-th filling of the section."""

    section: str
    question: str
    number: int = 1


def question_at(dossier: Dossier, place: Place, kind: Kind) -> Question:
    """The question of a place. Raises `Impossible` where the call asks none of that kind there."""
    part = dossier.call.section(place.section)
    asked = part.question(place.question) if part else None
    if part is None or asked is None or asked.kind is not kind or not 1 <= place.number <= part.repeat:
        raise Impossible(_("The dossier does not ask this; reload the page."))
    return asked


def kept_reply(dossier: Dossier, place: Place, value: Any, *, actor: Actor, at: dt.datetime) -> Reply:
    """Keep a reply, one version further than what is there."""
    where: dict[str, Any] = {"dossier": dossier, **asdict(place)}
    last = Reply.objects.filter(**where).values_list("version", flat=True).first()
    behalf = actor.acting.organisation if actor.acting else ""
    written = {"value": value, "version": (last or 0) + 1, "by_id": actor.user_id, "on_behalf": behalf, "at": at}
    made: Reply = Reply.objects.update_or_create(**where, defaults=written)[0]
    return made
