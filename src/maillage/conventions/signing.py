"""A version is signed by each party as it read it, and in force once all have signed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.document import HeadingKind
from maillage.conventions.actions import draft_of
from maillage.conventions.models import Convention, ConventionParty, ConventionVersion, Entity, Member, Signature
from maillage.conventions.queries import clauses_of, signers_of
from maillage.conventions.shares import days_of, refuse_beyond_whole
from maillage.conventions.telling import tell_in_force, tell_to_sign
from maillage.kernel.actions import Impossible, action, follows
from maillage.kernel.actors import LABEL_OFFICER, MANAGER, Actor
from maillage.kernel.text import fingerprint
from maillage.labels.models import Award
from maillage.register.models import Organisation
from maillage.reviews.models import Appeal
from maillage.reviews.publication import holder_of


def digest_of(version: ConventionVersion) -> str:
    """SHA-256 (hexadecimal) of all that a version says: its award, headings, clauses and entities.

    It is taken over JSON with sorted keys, so that anyone who has the same data finds the same digest.
    """
    convention, award = version.convention, version.convention.award
    entities = version.entities.values_list("organisation__key", "host__key", "share", "since", "until")
    content = {
        "award": [award.label.key, award.holder.key if award.holder else "", award.period_start],
        "terms": convention.terms_id,
        "version": version.number,
        "reason": version.reason,
        "clauses": {key: one.value for key, one in clauses_of(version).items() if one.value is not None},
        "entities": sorted([str(part) if part is not None else "" for part in one] for one in entities),
    }
    return fingerprint(content)


def missing_of(version: ConventionVersion) -> list[str]:
    """What must be written or confirmed before anybody signs, in words."""
    given = {key for key, one in clauses_of(version).items() if one.value is not None}
    entities = list(version.entities.select_related("organisation").order_by("organisation__sort_name"))
    return [
        str(one.title) for one in version.convention.says.convention
        if one.required and not (entities if one.kind is HeadingKind.PERIMETER else one.key in given)
    ] + [_("%s, to be confirmed") % one.organisation.short_name for one in entities if not one.confirmed]  # fmt: skip


def unsigned_of(version: ConventionVersion, digest: str) -> list[Organisation]:
    """The bodies that must sign a version as it reads and have not."""
    signed = set(version.signatures.filter(digest=digest).values_list("organisation_id", flat=True))
    return [one for one in signers_of(version) if one.pk not in signed]


def _signer(*, convention_id: int, organisation_id: int, **_others: Any) -> Iterable[int]:
    found = ConventionParty.objects.filter(convention=convention_id, organisation=organisation_id)
    return found.values_list("organisation_id", flat=True)


@action(MANAGER, LABEL_OFFICER, title=gettext_lazy("Sign a convention"), concerns=_signer)
def sign_convention(
    *, actor: Actor, at: dt.datetime, convention_id: int, version: int, organisation_id: int, digest: str
) -> Signature:
    """A body signs a version as it was read (`digest`); with the last signature it is in force.

    Raises `Impossible` where it has changed since, for a body that does not sign it, with what is missing, and where
    an entity has been given away in the meantime.
    """
    draft = draft_of(convention_id, version)
    if digest_of(draft) != digest:
        raise Impossible(_("The convention has changed since you read it; read it again, then sign."))
    if organisation_id not in {one.pk for one in signers_of(draft)}:
        raise Impossible(_("This body does not sign the convention: who runs the label and the hosts do."))
    if missing := missing_of(draft):
        raise Impossible(_("Before anybody signs, still to be written: %s.") % "; ".join(missing[:5]))
    signed = {"digest": digest, "signed_at": at, "by_id": actor.user_id}
    made = Signature.objects.update_or_create(version=draft, organisation_id=organisation_id, defaults=signed)[0]
    if unsigned_of(draft, digest):
        tell_to_sign(draft, actor=actor, at=at)
    else:
        _come_into_force(draft, digest, actor=actor, at=at)
    return made


def _come_into_force(version: ConventionVersion, digest: str, *, actor: Actor, at: dt.datetime) -> None:
    """The version counts from now on, if no entity is given away beyond the whole; members are facts at once."""
    convention: Convention = version.convention
    entities = list(version.entities.select_related("organisation").order_by("organisation_id"))
    # Two conventions that share out one entity come into force one after the other.
    list(Organisation.objects.select_for_update(no_key=True).filter(
        pk__in=[one.organisation_id for one in entities]).order_by("pk").values_list("pk"))  # fmt: skip
    for entity in entities:
        refuse_beyond_whole(entity, convention.award, actor=actor)
    version.in_force_at, version.digest = at, digest
    version.save()
    convention.in_force = version
    convention.save()
    _tell_members(convention.award, entities)
    tell_in_force(convention, actor=actor, at=at)


@follows("labels.end_award", "labels.extend_award", "labels.confirm_award")
def keep_within(*, value: Award, **_others: Any) -> None:
    """An entity belongs to the holder for as long as the label is held, when that changes too."""
    _tell_again(Convention.objects.filter(award=value))


@follows("reviews.answer_appeal")
def keep_within_what_was_upheld(*, value: Appeal, **_others: Any) -> None:
    """The same where an appeal changes the term, or ends the label for another: all that this call gave the holder."""
    holder = holder_of(value.decision)
    call = value.decision.dossier.version.call_id
    _tell_again(Convention.objects.filter(terms__call=call, **{f"award__{key}": who for key, who in holder.items()}))


def _tell_again(conventions: QuerySet[Convention]) -> None:
    for one in conventions.exclude(in_force=None).select_related("award"):
        held = Entity.objects.filter(version=one.in_force_id).order_by("organisation_id")
        _tell_members(one.award, list(held))


def _tell_members(award: Award, entities: list[Entity]) -> None:
    """Which entities belong to the holder, and when, becomes what the version in force says: no share, no host."""
    end = days_of(Entity(), award)[1]
    within = [one for one in entities if one.since is None or one.since <= end]
    Member.objects.filter(award=award).exclude(organisation__in=[one.organisation_id for one in within]).delete()
    for one in within:
        period = {
            "period_start": one.since.isoformat() if one.since else award.period_start,
            "period_end": one.until.isoformat() if one.until and one.until <= end else award.period_end,
        }
        Member.objects.update_or_create(award=award, organisation_id=one.organisation_id, defaults=period)
