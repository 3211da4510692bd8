"""A convention is opened from a published award; it is amended later, by a version with a reason."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.applying import WRITERS
from maillage.calls.document import HeadingKind
from maillage.calls.models import Dossier, Part, Party
from maillage.conventions.models import Clause, Convention, ConventionVersion, Entity
from maillage.conventions.queries import concerned
from maillage.conventions.shares import days_of
from maillage.conventions.telling import tell_opened
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.kernel.files.actions import hand_on, take_away
from maillage.labels.models import Award
from maillage.register.models import Organisation
from maillage.reviews.models import Decision

Copied = TypeVar("Copied", Clause, Entity)
EDITORS = (*WRITERS, LABEL_OFFICER, OFFICER)


def _offices(*, decision_id: int, **_others: Any) -> Iterable[int]:
    found = Decision.objects.select_related("dossier__version__call__label").filter(pk=decision_id).first()
    return found.dossier.version.call.offices if found else []


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Open a convention"), concerns=_offices)
def open_convention(*, actor: Actor, at: dt.datetime, decision_id: int) -> Convention:
    """Open the convention of a published award, under the headings of the call's last version.

    Its perimeter begins from the holder's last convention for the label, and from the partners of the dossier; each
    entity then waits to be confirmed. Raises `Impossible` before publication, for a decision without a label, a call
    without headings, or where it is open already.
    """
    found = Decision.objects.select_for_update(of=("self",)).select_related("dossier__version__call__label", "award")
    decision = found.get(pk=decision_id)
    award, terms = decision.award, decision.dossier.version.call.last
    if decision.published_at is None or award is None:
        raise Impossible(_("A convention follows an award that is published."))
    if Convention.objects.filter(award=award).exists():
        raise Impossible(_("The convention of this award is open already."))
    if not terms.says.convention:
        raise Impossible(_("The call gives no headings of a convention; publish a version that does, then open it."))
    convention: Convention = Convention.objects.create(award=award, terms=terms, opened_at=at)
    _invite(convention, decision.dossier, terms.call.offices)
    version = ConventionVersion.objects.create(convention=convention, number=1, begun_at=at)
    if any(one.kind is HeadingKind.PERIMETER for one in terms.says.convention):
        _begin_perimeter(version, award, decision.dossier)
    tell_opened(convention, actor=actor, at=at)
    return convention


def _invite(convention: Convention, dossier: Dossier, offices: list[int]) -> None:
    """The bodies of the dossier and those that run the label are party to the convention."""
    parts = dict(dossier.parties.values_list("organisation_id", "part")) | dict.fromkeys(offices, Part.OFFICE)
    for body, part in parts.items():
        convention.parties.create(organisation_id=body, part=part)


def _begin_perimeter(version: ConventionVersion, award: Award, dossier: Dossier) -> None:
    """What the last convention of the holder covers to the end, then the partners of the dossier, none confirmed."""
    hosts = dossier.parties.filter(part=Part.HOST).values_list("organisation_id", flat=True)
    only_host = hosts[0] if len(hosts) == 1 else None
    begun = {one.organisation_id: (one.host_id, one.share) for one in _covered_before(award)}
    for body in dossier.parties.filter(part=Part.PARTNER).order_by("pk").values_list("organisation_id", flat=True):
        begun.setdefault(body, (only_host, None))
    Entity.objects.bulk_create(
        Entity(version=version, organisation_id=body, host_id=host, share=share)
        for body, (host, share) in begun.items()
    )


def _covered_before(award: Award) -> list[Entity]:
    """The entities of the holder's last convention in force for the label that had not left it before its end."""
    same = Convention.objects.filter(
        award__holder=award.holder_id, award__holder_text=award.holder_text, award__label=award.label_id
    )
    last = same.exclude(in_force=None).select_related("award", "in_force").order_by("-opened_at").first()
    if last is None:
        return []
    end = days_of(Entity(), last.award)[1]
    return [one for one in last.in_force.entities.order_by("pk") if one.until is None or one.until >= end]


@action(*EDITORS, title=gettext_lazy("Begin an amendment to a convention"), concerns=concerned)
def begin_amendment(*, actor: Actor, at: dt.datetime, convention_id: int, reason: str) -> ConventionVersion:
    """A version that begins as the one in force reads. Raises `Impossible` without a reason, or while one is open."""
    convention = Convention.objects.select_for_update().get(pk=convention_id)
    last = convention.last
    if not reason.strip():
        raise Impossible(_("Say why: the reason stands beside the version."))
    if last.in_force_at is None:
        raise Impossible(_("Version %d is still being written; change it instead.") % last.number)
    made = ConventionVersion.objects.create(
        convention=convention, number=last.number + 1, reason=reason.strip(), begun_at=at
    )
    Clause.objects.bulk_create(_as_begun(one, made) for one in last.clauses.order_by("pk"))
    Entity.objects.bulk_create(_as_begun(one, made) for one in last.entities.order_by("pk"))
    tell_opened(convention, actor=actor, at=at)
    return made


def _as_begun(copy: Copied, version: ConventionVersion) -> Copied:
    """A clause or entity of one version as the next one begins with it."""
    copy.pk, copy._state.adding, copy.version, copy.edition = None, True, version, 1
    return copy


def draft_of(convention_id: int, number: int) -> ConventionVersion:
    """A version that is being written, held until the transaction ends. Raises `Impossible` for another."""
    found: ConventionVersion | None = (
        ConventionVersion.objects.select_for_update(of=("self",))
        .select_related("convention__terms", "convention__award__label", "convention__award__holder")
        .filter(convention=convention_id, number=number)
        .first()
    )
    if found is None:
        raise Impossible(_("The convention has no version %d; reload the page.") % number)
    if found.in_force_at:
        raise Impossible(_("This version is signed by all and in force; begin an amendment to change it."))
    return found


@action(*EDITORS, title=gettext_lazy("Give up an amendment to a convention"), concerns=concerned)
def drop_amendment(*, actor: Actor, at: dt.datetime, convention_id: int, version: int, reason: str) -> None:
    """Take away an amendment that is not in force. Raises `Impossible` without a reason, or for the first version."""
    draft = draft_of(convention_id, version)
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    if draft.number == 1:
        raise Impossible(_("This is the first version, not an amendment; change it instead."))
    draft.delete()
    settle_hosts(draft.convention)


def settle_hosts(convention: Convention) -> None:
    """Who hosts an entity of any version is party to the convention; a host that was named by mistake no longer is."""
    named = set(Entity.objects.filter(version__convention=convention).exclude(host=None).values_list("host", flat=True))
    parties = set(concerned(convention_id=convention.pk))
    gone = convention.parties.filter(part=Part.HOST).exclude(organisation__in=named)
    gone = gone.exclude(organisation__in=_of_its_dossier(convention))
    left = list(gone.values_list("organisation_id", flat=True))
    gone.delete()
    for body in sorted(named - parties):
        convention.parties.create(organisation_id=body, part=Part.HOST)
    take_away(Convention.kind_name(), convention.pk, left)
    hand_on(Convention.kind_name(), convention.pk, named)


def _of_its_dossier(convention: Convention) -> QuerySet[Organisation]:
    """The bodies of the dossier, by call and holder: an appeal that was upheld gives its decision another award."""
    award = convention.award
    led = Q(parties__part=Part.LEAD, parties__organisation=award.holder_id)
    mine = Dossier.objects.filter(
        led if award.holder_id else Q(title=award.holder_text), version__call=convention.terms.call_id
    )
    return Organisation.objects.filter(pk__in=Party.objects.filter(dossier__in=mine).values("organisation"))
