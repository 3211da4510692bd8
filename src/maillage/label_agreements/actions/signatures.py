"""Signatures: each party signs a version, which is in force once all have signed."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, MANAGER, Actor
from maillage.label_agreements.completeness import agreement_digest, missing_items, unsigned_organisations
from maillage.label_agreements.drafts import lock_draft_version
from maillage.label_agreements.members import update_members
from maillage.label_agreements.models import (
    LabelAgreement,
    LabelAgreementParty,
    LabelAgreementSignature,
    LabelAgreementVersion,
)
from maillage.label_agreements.notifications import notify_in_force, notify_signers
from maillage.label_agreements.queries import required_signers
from maillage.label_agreements.shares import refuse_excess_share
from maillage.register.models import Organisation


def _signing_party(*, agreement_id: int, organisation_id: int, **_others: object) -> Iterable[int]:
    parties = LabelAgreementParty.objects.filter(agreement=agreement_id, organisation=organisation_id)
    return parties.values_list("organisation_id", flat=True)


@action(MANAGER, LABEL_OFFICER, title=gettext_lazy("Sign a label agreement"), concerns=_signing_party)
def sign_agreement(
    *, actor: Actor, at: dt.datetime, agreement_id: int, version: int, organisation_id: int, digest: str
) -> LabelAgreementSignature:
    """Sign a version for an organisation, as it was read (`digest`); the last signature brings it into force.

    Raises `ActionError` where it has changed since, for an organisation that does not sign it, with what is missing,
    and where an entity has been given away in the meantime.
    """
    draft = lock_draft_version(agreement_id, version)
    if agreement_digest(draft) != digest:
        raise ActionError(_("The agreement has changed since you read it; read it again, then sign."))
    if organisation_id not in {signer.pk for signer in required_signers(draft)}:
        raise ActionError(_("This organisation does not sign the agreement: who runs the label and the hosts do."))
    if missing := missing_items(draft):
        raise ActionError(_("Before anybody signs, still to be written: %s.") % formats.join_items(missing[:5]))
    signed = {"digest": digest, "signed_at": at, "by_id": actor.user_id}
    signature = LabelAgreementSignature.objects.update_or_create(
        version=draft, organisation_id=organisation_id, defaults=signed
    )[0]
    if unsigned_organisations(draft, digest):
        notify_signers(draft, actor=actor, at=at)
    else:
        _bring_into_force(draft, digest, actor=actor, at=at)
    return signature


def _bring_into_force(version: LabelAgreementVersion, digest: str, *, actor: Actor, at: dt.datetime) -> None:
    """Bring a version into force and update members. Raises `ActionError` where an entity would exceed 100%."""
    agreement: LabelAgreement = version.agreement
    entities = list(version.entities.select_related("organisation").order_by("organisation_id"))
    # Lock the entities: two agreements that share one entity come into force one after the other.
    list(Organisation.objects.select_for_update(no_key=True).filter(
        pk__in=[entity.organisation_id for entity in entities]).order_by("pk").values_list("pk"))  # fmt: skip
    for entity in entities:
        refuse_excess_share(entity, agreement.award, actor=actor)
    version.in_force_at, version.digest = at, digest
    version.save()
    agreement.in_force = version
    agreement.save()
    update_members(agreement.award, entities)
    notify_in_force(agreement, actor=actor, at=at)
