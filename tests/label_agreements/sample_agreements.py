"""From a dossier that was sent to the convention that follows it."""

from maillage.calls.actions.applications import add_party
from maillage.calls.actions.calls import publish_call
from maillage.calls.actions.submission import send_application
from maillage.calls.models import Application
from maillage.core.actors import SYSTEM
from maillage.label_agreements.actions.agreements import open_agreement
from maillage.label_agreements.actions.clauses import write_clause
from maillage.label_agreements.actions.perimeter import write_entity
from maillage.label_agreements.actions.signatures import sign_agreement
from maillage.label_agreements.completeness import agreement_digest
from maillage.label_agreements.models import LabelAgreement, PerimeterEntity
from maillage.register.models import Organisation
from maillage.reviews.actions.decisions import decide, propose_outcome
from maillage.reviews.actions.publication import publish_decisions
from tests.calls.sample_call import (
    DURING,
    TEXT,
    SampleCall,
    begin_sample_application,
    sign_sample_application,
    write_sample_reply,
)

HEADINGS = """
convention:
  perimeter: {title: {fr: Périmètre, en: Perimeter}, kind: perimeter, required: yes}
  governance: {title: {fr: Gouvernance, en: Governance}, required: yes}
  objectives: {title: {fr: Objectifs, en: Objectives}, kind: objectives}
  annex: {title: {fr: Annexe, en: Annex}, kind: attachment}
"""
# Both institutes may win, so that they can share an entity.
CALL_WITH_HEADINGS = TEXT.replace("months: 60, most: 1", "months: 60, most: 2") + HEADINGS


def get_or_create_organisation(key: str, kind: str = "research-unit") -> Organisation:
    return Organisation.objects.get_or_create(key=key, defaults={"kind": kind, "name_fr": key.title()})[0]


def send_application_with_unit(wave: SampleCall, lead: Organisation, unit: str) -> Application:
    """A dossier in which a unit takes part, sent."""
    application = begin_sample_application(wave, lead)
    add_party(
        actor=wave.acting(lead),
        at=DURING,
        application_id=application.pk,
        organisation_id=get_or_create_organisation(unit).pk,
        part="partner",
    )
    write_sample_reply(wave, application, "summary/abstract", "What it does.", lead)
    write_sample_reply(wave, application, "summary/charter", "yes", lead)
    sign_sample_application(wave, application, lead, wave.host)
    return send_application(actor=wave.acting(lead), at=DURING, application_id=application.pk)


def open_agreements(wave: SampleCall, *leads: Organisation, text: str = CALL_WITH_HEADINGS) -> list[LabelAgreement]:
    """Conventions of institutes, each with the unit `unit` as partner, opened after the award."""
    publish_call(actor=SYSTEM, at=DURING, text=text, reason="It has headings now.")
    agency, ministry = (wave.acting(one, "label-officer") for one in (wave.agency, wave.ministry))
    applications = [send_application_with_unit(wave, lead, "unit") for lead in leads]
    for application in applications:
        propose_outcome(actor=agency, at=DURING, application_id=application.pk, outcome="award")
    call = applications[0].version.call_id
    decide(actor=ministry, at=DURING, call_id=call)
    publish_decisions(actor=ministry, at=DURING, call_id=call)
    return [open_agreement(actor=agency, at=DURING, decision_id=one.decision.pk) for one in applications]


def holder_arguments(
    wave: SampleCall, agreement: LabelAgreement, lead: Organisation | None = None, version: int = 0
) -> dict:
    """What every change of a convention by its holder takes."""
    return {"actor": wave.acting(lead or wave.institute), "at": DURING, "agreement_id": agreement.pk,
            "version": version or agreement.last.number}  # fmt: skip


def write_sample_entity(
    wave: SampleCall,
    agreement: LabelAgreement,
    share: str,
    lead: Organisation | None = None,
    key: str = "unit",
    host: Organisation | None = None,
    **more,
) -> PerimeterEntity:
    """An entity of the perimeter, on the edition that is there."""
    unit = get_or_create_organisation(key)
    entity = agreement.last.entities.filter(organisation=unit).first()
    wanted = {"organisation_id": unit.pk, "host_id": (host or wave.host).pk, "share": share}
    return write_entity(
        **holder_arguments(wave, agreement, lead) | wanted | {"base": entity.edition if entity else 0} | more
    )


def sign_by_all(wave: SampleCall, agreement: LabelAgreement, *hosts: Organisation) -> None:
    """All sign the last version as it reads."""
    version = agreement.last
    for item, role in ((wave.agency, "label-officer"), *((host, "manager") for host in hosts or (wave.host,))):
        sign_agreement(actor=wave.acting(item, role), at=DURING, agreement_id=agreement.pk, version=version.number,
                        organisation_id=item.pk, digest=agreement_digest(version))  # fmt: skip
    agreement.refresh_from_db()


def conclude_agreement(
    wave: SampleCall, agreement: LabelAgreement, share: str, lead: Organisation | None = None, **more
) -> None:
    """A convention in force in which the unit has a share."""
    write_sample_entity(wave, agreement, share, lead, **more)
    write_clause(**holder_arguments(wave, agreement, lead), heading="governance", value="A board of five.", base=0)
    sign_by_all(wave, agreement)
