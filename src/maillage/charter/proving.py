"""What the holder gives to show that it keeps the charter: files, declarations, certificates."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.document import Commitment, Kind
from maillage.charter.models import Certificate, CertificateKind, FollowUp, Proof
from maillage.charter.queries import charter_of, concerned, readers_of
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.kernel.files.actions import hand_on, keep
from maillage.kernel.files.intake import Incoming
from maillage.kernel.files.models import File
from maillage.kernel.visibility import Visibility

HOLDER = (MANAGER, LEAD, PILOT, OFFICER)


def held(follow_up_id: int) -> FollowUp:
    """The follow-up, held until the transaction ends."""
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("holder", "label")
    found: FollowUp = rows.get(pk=follow_up_id)
    return found


def commitment_of(follow_up: FollowUp, key: str, day: dt.date) -> Commitment:
    """The commitment of a key, by the version that applies. Raises `Impossible` where there is none."""
    found = charter_of(follow_up, day).says.commitment(key)
    if found is None:
        raise Impossible(_("The charter has no commitment “%s”.") % key[:60])
    return found


def refuse_unknown_file(follow_up: FollowUp, digest: str) -> None:
    """Raise `Impossible` for a file that is not attached to the follow-up."""
    attached = File.objects.filter(record_kind=FollowUp.kind_name(), record_id=follow_up.pk, content__digest=digest)
    if digest and not attached.exists():
        raise Impossible(_("No file of this digest is attached to the follow-up; attach it first."))


@action(
    *HOLDER, LABEL_OFFICER, title=gettext_lazy("Attach a file to a follow-up"),
    concerns=concerned("follow_up_id", holder=True, offices=True), over_api=False,
)  # fmt: skip
def attach_to_follow_up(*, actor: Actor, at: dt.datetime, follow_up_id: int, incoming: Incoming) -> File:
    """Keep a file, read by the holder and by who runs the label; what it shows then names it by its digest.

    Raises `Impossible` for a type or a size that is not taken.
    """
    follow_up = held(follow_up_id)
    record = (FollowUp.kind_name(), follow_up.pk)
    file = keep(actor=actor, at=at, incoming=incoming, record=record, organisation_id=follow_up.holder_id,
                visibility=Visibility.ORGANISATION)  # fmt: skip
    hand_on(*record, readers_of(follow_up))
    return file


@action(
    *HOLDER, title=gettext_lazy("Show that a commitment is kept"), concerns=concerned("follow_up_id", holder=True)
)  # fmt: skip
def give_proof(
    *, actor: Actor, at: dt.datetime, follow_up_id: int, commitment: str, text: str = "", digest: str = ""
) -> Proof:
    """Declare something (`text`), or name an attached file by its `digest`, with or without words.

    Raises `Impossible` where the commitment asks for nothing of the kind, or nothing is given.
    """
    follow_up, day = held(follow_up_id), timezone.localdate(at)
    asks = commitment_of(follow_up, commitment, day).asks
    if not asks(Kind.ATTACHMENT if digest else Kind.DECLARATION):
        missing = asks(Kind.ATTACHMENT) and not digest
        raise Impossible(_("Attach the file that this commitment asks for.") if missing
                         else _("This commitment does not ask for that; read what it asks for."))  # fmt: skip
    if not (digest or text.strip()):
        raise Impossible(_("Write what you declare, or attach a file."))
    refuse_unknown_file(follow_up, digest)
    return Proof.objects.create(follow_up=follow_up, commitment=commitment, text=text.strip(), digest=digest,
                                given_on=day, by_id=actor.user_id)  # fmt: skip


@action(*HOLDER, title=gettext_lazy("Add a certificate"), concerns=concerned("follow_up_id", holder=True))
def add_certificate(
    *,
    actor: Actor,
    at: dt.datetime,
    follow_up_id: int,
    kind: str,
    standard: str,
    issuer: str,
    valid_from: dt.date,
    valid_until: dt.date,
    number: str = "",
    digest: str = "",
) -> Certificate:
    """What a third party attests up to a day, that day included; a renewal is another one of the same standard.

    Raises `Impossible` for a kind there is not, for one that ends before it begins, or without standard or issuer.
    """
    follow_up = held(follow_up_id)
    if kind not in CertificateKind.values:
        raise Impossible(_("Choose one of the kinds listed."))
    if valid_until < valid_from:
        raise Impossible(_("The certificate ends before it begins; exchange the two days."))
    if not standard.strip() or not issuer.strip():
        raise Impossible(_("Name the standard, and who issued the certificate."))
    refuse_unknown_file(follow_up, digest)
    return Certificate.objects.create(
        follow_up=follow_up, kind=kind, standard=standard.strip()[:120], issuer=issuer.strip()[:200],
        number=number.strip()[:80], valid_from=valid_from, valid_until=valid_until, digest=digest,
    )  # fmt: skip


@action(*HOLDER, title=gettext_lazy("Take a certificate out"), concerns=concerned("certificate_id", holder=True))
def remove_certificate(*, actor: Actor, at: dt.datetime, certificate_id: int, reason: str) -> FollowUp:
    """A certificate that was withdrawn, or written wrongly, counts no more; the history keeps it."""
    if not reason.strip():
        raise Impossible(_("Give the reason: it stays in the history."))
    certificate = Certificate.objects.select_for_update(of=("self",)).select_related("follow_up").get(pk=certificate_id)
    follow_up: FollowUp = certificate.follow_up
    certificate.delete()
    return follow_up
