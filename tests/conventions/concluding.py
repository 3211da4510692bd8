"""From a dossier that was sent to the convention that follows it."""

from maillage.calls.actions import publish_call
from maillage.calls.applying import add_party
from maillage.calls.models import Dossier
from maillage.calls.sending import send_dossier
from maillage.conventions.actions import open_convention
from maillage.conventions.models import Convention, Entity
from maillage.conventions.signing import digest_of, sign_convention
from maillage.conventions.writing import write_clause, write_entity
from maillage.kernel.actors import SYSTEM
from maillage.register.models import Organisation
from maillage.reviews.deciding import decide, propose_outcome
from maillage.reviews.publication import publish_decisions
from tests.calls.wave import DURING, TEXT, Wave, begun, said, sign

HEADINGS = """
convention:
  perimeter: {title: {fr: Périmètre, en: Perimeter}, kind: perimeter, required: yes}
  governance: {title: {fr: Gouvernance, en: Governance}, required: yes}
  objectives: {title: {fr: Objectifs, en: Objectives}, kind: objectives}
  annex: {title: {fr: Annexe, en: Annex}, kind: attachment}
"""
# Both institutes may win, so that they can share an entity.
WITH_HEADINGS = TEXT.replace("months: 60, most: 1", "months: 60, most: 2") + HEADINGS


def body(key: str, kind: str = "research-unit") -> Organisation:
    return Organisation.objects.get_or_create(key=key, defaults={"kind": kind, "name_fr": key.title()})[0]


def sent_with_unit(wave: Wave, lead: Organisation, unit: str) -> Dossier:
    """A dossier in which a unit takes part, sent."""
    dossier = begun(wave, lead)
    add_party(actor=wave.acting(lead), at=DURING, dossier_id=dossier.pk, organisation_id=body(unit).pk, part="partner")
    said(wave, dossier, "summary/abstract", "What it does.", lead)
    said(wave, dossier, "summary/charter", "yes", lead)
    sign(wave, dossier, lead, wave.host)
    return send_dossier(actor=wave.acting(lead), at=DURING, dossier_id=dossier.pk)


def opened(wave: Wave, *leads: Organisation, text: str = WITH_HEADINGS) -> list[Convention]:
    """Conventions of institutes, each with the unit `unit` as partner, opened after the award."""
    publish_call(actor=SYSTEM, at=DURING, text=text, reason="It has headings now.")
    agency, ministry = (wave.acting(one, "label-officer") for one in (wave.agency, wave.ministry))
    dossiers = [sent_with_unit(wave, lead, "unit") for lead in leads]
    for dossier in dossiers:
        propose_outcome(actor=agency, at=DURING, dossier_id=dossier.pk, outcome="award")
    call = dossiers[0].version.call_id
    decide(actor=ministry, at=DURING, call_id=call)
    publish_decisions(actor=ministry, at=DURING, call_id=call)
    return [open_convention(actor=agency, at=DURING, decision_id=one.decision.pk) for one in dossiers]


def given(wave: Wave, convention: Convention, lead: Organisation | None = None, version: int = 0) -> dict:
    """What every change of a convention by its holder takes."""
    return {"actor": wave.acting(lead or wave.institute), "at": DURING, "convention_id": convention.pk,
            "version": version or convention.last.number}  # fmt: skip


def entity(wave: Wave, convention: Convention, share: str, lead: Organisation | None = None, key: str = "unit",
           host: Organisation | None = None, **more) -> Entity:  # fmt: skip
    """An entity of the perimeter, on the edition that is there."""
    unit = body(key)
    held = convention.last.entities.filter(organisation=unit).first()
    wanted = {"organisation_id": unit.pk, "host_id": (host or wave.host).pk, "share": share}
    return write_entity(**given(wave, convention, lead) | wanted | {"base": held.edition if held else 0} | more)


def signed(wave: Wave, convention: Convention, *hosts: Organisation) -> None:
    """All sign the last version as it reads."""
    version = convention.last
    for one, role in ((wave.agency, "label-officer"), *((host, "manager") for host in hosts or (wave.host,))):
        sign_convention(actor=wave.acting(one, role), at=DURING, convention_id=convention.pk, version=version.number,
                        organisation_id=one.pk, digest=digest_of(version))  # fmt: skip
    convention.refresh_from_db()


def concluded(wave: Wave, convention: Convention, share: str, lead: Organisation | None = None, **more) -> None:
    """A convention in force in which the unit has a share."""
    entity(wave, convention, share, lead, **more)
    write_clause(**given(wave, convention, lead), heading="governance", value="A board of five.", base=0)
    signed(wave, convention)
