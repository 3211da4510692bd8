"""Opening a label agreement from a published award."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import HeadingKind
from maillage.calls.models import Application, PartyRole
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.label_agreements.models import LabelAgreement, LabelAgreementVersion, PerimeterEntity
from maillage.label_agreements.notifications import notify_opened
from maillage.label_agreements.shares import days_in_perimeter
from maillage.labels.models import Award
from maillage.reviews.models import Decision


def _operators_of_decision(*, decision_id: int, **_others: object) -> Iterable[int]:
    decision = Decision.objects.select_related("application__version__call__label").filter(pk=decision_id).first()
    return decision.application.version.call.operator_ids if decision else []


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Open a label agreement"), concerns=_operators_of_decision)
def open_agreement(*, actor: Actor, at: dt.datetime, decision_id: int) -> LabelAgreement:
    """Open the agreement of a published award, under the headings of the call's last version.

    Its perimeter is copied from the holder's last agreement for the label and from the partners of the application;
    each entity then waits to be confirmed. Raises `ActionError` before publication, for a decision without a label, a
    call without headings, or where it is already open.
    """
    decisions = Decision.objects.select_for_update(of=("self",)).select_related(
        "application__version__call__label", "award"
    )
    decision = decisions.get(pk=decision_id)
    award, terms = decision.award, decision.application.version.call.last
    if decision.published_at is None or award is None:
        raise ActionError(_("An agreement follows an award that is published."))
    if LabelAgreement.objects.filter(award=award).exists():
        raise ActionError(_("The agreement of this award is open already."))
    if not terms.document.agreement:
        raise ActionError(_("The call gives no headings of an agreement; publish a version that does, then open it."))
    agreement: LabelAgreement = LabelAgreement.objects.create(award=award, terms=terms, opened_at=at)
    _add_parties(agreement, decision.application, terms.call.operator_ids)
    version = LabelAgreementVersion.objects.create(agreement=agreement, number=1, begun_at=at)
    if any(heading.kind is HeadingKind.PERIMETER for heading in terms.document.agreement):
        _copy_perimeter(version, award, decision.application)
    notify_opened(agreement, actor=actor, at=at)
    return agreement


def _add_parties(agreement: LabelAgreement, application: Application, operator_ids: list[int]) -> None:
    """Make the organisations of the application and those that run the label parties to the agreement."""
    parts = dict(application.parties.values_list("organisation_id", "part")) | dict.fromkeys(
        operator_ids, PartyRole.OFFICE
    )
    for organisation_id, part in parts.items():
        agreement.parties.create(organisation_id=organisation_id, part=part)


def _copy_perimeter(version: LabelAgreementVersion, award: Award, application: Application) -> None:
    """Add the entities of the holder's last agreement and the partners of the application, none confirmed."""
    hosts = application.parties.filter(part=PartyRole.HOST).values_list("organisation_id", flat=True)
    only_host = hosts[0] if len(hosts) == 1 else None
    begun = {entity.organisation_id: (entity.host_id, entity.share) for entity in _previous_entities(award)}
    for organisation_id in (
        application.parties.filter(part=PartyRole.PARTNER).order_by("pk").values_list("organisation_id", flat=True)
    ):
        begun.setdefault(organisation_id, (only_host, None))
    PerimeterEntity.objects.bulk_create(
        PerimeterEntity(version=version, organisation_id=organisation_id, host_id=host, share=share)
        for organisation_id, (host, share) in begun.items()
    )


def _previous_entities(award: Award) -> list[PerimeterEntity]:
    """The entities of the holder's last agreement in force for the label that had not left before its end."""
    same = LabelAgreement.objects.filter(
        award__holder=award.holder_id, award__holder_text=award.holder_text, award__label=award.label_id
    )
    last = same.exclude(in_force=None).select_related("award", "in_force").order_by("-opened_at").first()
    if last is None or last.in_force is None:
        return []
    end = days_in_perimeter(PerimeterEntity(), last.award)[1]
    return [entity for entity in last.in_force.entities.order_by("pk") if entity.until is None or entity.until >= end]
