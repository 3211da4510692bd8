"""Actions: attach files, declare something, and add or remove certificates, to show that a charter is kept."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.charter_document import EvidenceKind
from maillage.charter.follow_ups import HOLDER_ROLES, get_commitment, lock_follow_up, refuse_unknown_file
from maillage.charter.models import Certificate, CertificateKind, FollowUp, Proof
from maillage.charter.queries import concerned_organisations, readers_of_follow_up
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, Actor
from maillage.core.security.visibility import Visibility
from maillage.files.attachments import share_files, store_file
from maillage.files.models import File
from maillage.files.uploads import IncomingFile


@action(
    *HOLDER_ROLES, LABEL_OFFICER, title=gettext_lazy("Attach a file to a follow-up"),
    concerns=concerned_organisations("follow_up_id", holder=True, operators=True), over_api=False,
)  # fmt: skip
def attach_to_follow_up(*, actor: Actor, at: dt.datetime, follow_up_id: int, incoming: IncomingFile) -> File:
    """Store a file for the holder and who runs the label; proofs and other parts refer to it by its digest.

    Raises `ActionError` for a type or a size that is not accepted.
    """
    follow_up = lock_follow_up(follow_up_id)
    record = (FollowUp.kind_name(), follow_up.pk)
    file = store_file(actor=actor, at=at, incoming=incoming, record=record, organisation_id=follow_up.holder_id,
                visibility=Visibility.ORGANISATION)  # fmt: skip
    share_files(*record, readers_of_follow_up(follow_up))
    return file


@action(
    *HOLDER_ROLES,
    title=gettext_lazy("Show that a commitment is kept"),
    concerns=concerned_organisations("follow_up_id", holder=True),
)
def give_proof(
    *, actor: Actor, at: dt.datetime, follow_up_id: int, commitment: str, text: str = "", digest: str = ""
) -> Proof:
    """Add a declaration (`text`) or an attached file (`digest`, with an optional text) as proof for a commitment.

    Raises `ActionError` where the commitment does not ask for this kind of evidence, or both are empty.
    """
    follow_up, day = lock_follow_up(follow_up_id), timezone.localdate(at)
    request_of = get_commitment(follow_up, commitment, day).evidence_request
    if not request_of(EvidenceKind.ATTACHMENT if digest else EvidenceKind.DECLARATION):
        needs_file = request_of(EvidenceKind.ATTACHMENT) and not digest
        raise ActionError(_("Attach the file that this commitment asks for.") if needs_file
                         else _("This commitment does not ask for that; read what it asks for."))  # fmt: skip
    if not (digest or text.strip()):
        raise ActionError(_("Write what you declare, or attach a file."))
    refuse_unknown_file(follow_up, digest)
    return Proof.objects.create(follow_up=follow_up, commitment=commitment, text=text.strip(), digest=digest,
                                given_on=day, by_id=actor.user_id)  # fmt: skip


@action(
    *HOLDER_ROLES,
    title=gettext_lazy("Add a certificate"),
    concerns=concerned_organisations("follow_up_id", holder=True),
)
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
    """Add a certificate, valid from and until days that are both included; a renewal is a new one of the same standard.

    Raises `ActionError` for an unknown kind, for an end before the beginning, or without standard or issuer.
    """
    follow_up = lock_follow_up(follow_up_id)
    if kind not in CertificateKind.values:
        raise ActionError(_("Choose one of the kinds listed."))
    if valid_until < valid_from:
        raise ActionError(_("The certificate ends before it begins; exchange the two days."))
    if not standard.strip() or not issuer.strip():
        raise ActionError(_("Name the standard, and who issued the certificate."))
    refuse_unknown_file(follow_up, digest)
    return Certificate.objects.create(
        follow_up=follow_up, kind=kind, standard=standard.strip()[:120], issuer=issuer.strip()[:200],
        number=number.strip()[:80], valid_from=valid_from, valid_until=valid_until, digest=digest,
    )  # fmt: skip


@action(
    *HOLDER_ROLES,
    title=gettext_lazy("Take a certificate out"),
    concerns=concerned_organisations("certificate_id", holder=True),
)
def remove_certificate(*, actor: Actor, at: dt.datetime, certificate_id: int, reason: Reason) -> FollowUp:
    """Delete a certificate that was withdrawn or entered wrongly; the history keeps it."""
    certificate = Certificate.objects.select_for_update(of=("self",)).select_related("follow_up").get(pk=certificate_id)
    follow_up: FollowUp = certificate.follow_up
    certificate.delete()
    return follow_up
