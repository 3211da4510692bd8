"""A small call with the bodies around it: a ministry, an agency that runs it, institutes with their hosts."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import maillage
from maillage.calls.actions.applications import add_party, begin_application
from maillage.calls.actions.calls import publish_call
from maillage.calls.actions.replies import write_reply
from maillage.calls.actions.submission import send_application, sign_application
from maillage.calls.completeness import application_digest
from maillage.calls.models import Application, Call, Reply
from maillage.core.actors import SYSTEM, Actor
from maillage.labels.models import Label
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation

EXAMPLES = Path(maillage.__file__).parent / "calls" / "examples"
OPENS = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
CLOSES = dt.datetime(2026, 4, 30, 11, 0, tzinfo=dt.UTC)
DURING = dt.datetime(2026, 3, 16, 9, 0, tzinfo=dt.UTC)
TEXT = """
call: simulated
label: mark
wave: first
title: {fr: Appel simulé, en: Simulated call}
simulated: yes
authority: {decides: ministry, runs: agency}
dates: {opens: 2026-03-02T09:00, closes: 2026-04-30T13:00, zone: Europe/Paris}
holders: [institute]
signatures: each-host
rules:
  kind: {check: holder-kind, title: {fr: Nature, en: Kind}, mark: confirmed}
  hosts: {check: members-at-least, number: 1, role: host, title: {fr: Hôtes, en: Hosts}, mark: confirmed}
  charter: {check: said-yes, question: summary/charter, title: {fr: Charte, en: Charter}, mark: confirmed}
criteria:
  strategy: {title: {fr: Stratégie, en: Strategy}, weight: 0.6,
             anchors: {0: {fr: aucune, en: none}, 5: {fr: forte, en: strong}}}
  means: {title: {fr: Moyens, en: Means}, weight: 0.4}
sections:
  summary:
    title: {fr: En bref, en: In brief}
    questions:
      abstract: {title: {fr: Résumé, en: Summary}, most: 400, required: yes}
      charter: {title: {fr: Charte signée, en: Charter signed}, kind: yes-no, required: yes}
      receipts: {title: {fr: Recettes, en: Receipts}, kind: amount}
      field: {title: {fr: Domaine, en: Field}, kind: choice,
              choices: {aml: {fr: LAM, en: AML}, all: {fr: LAL, en: ALL}}}
      answered: {title: {fr: Réponses à temps, en: Answers in time}, kind: figure, figure: needs-answered-in-time}
      annex: {title: {fr: Annexe, en: Annex}, kind: file, most: 1}
  sites:
    title: {fr: Sites, en: Sites}
    repeat: 3
    questions:
      name: {title: {fr: Nom, en: Name}, most: 100}
      staff: {title: {fr: Personnel, en: Staff}, kind: table, most: 2, columns: {who: {title: {fr: Qui, en: Who}},
              months: {title: {fr: Mois, en: Months}, kind: number}}}
outcomes:
  award: {title: {fr: Labellisation, en: Award}, label: mark, months: 60, most: 1}
  preparatory: {title: {fr: Préparatoire, en: Preparatory}, label: mark-ahead, months: 36, most: 1}
  refusal: {title: {fr: Refus, en: Refusal}}
review: {reviews: 2, years: 3}
"""


@dataclass
class SampleCall:
    ministry: Organisation
    agency: Organisation
    institute: Organisation
    rival: Organisation
    host: Organisation
    stranger: Organisation

    def acting(self, body: Organisation, role: str = "manager", at: dt.datetime = DURING) -> Actor:
        """Somebody who holds a role for a body."""
        email = f"{role}-{body.key}@example.org"
        person = User.objects.get_or_create(email=email, defaults={"name": f"{role} of {body.key}"})[0]
        given = {"person": person, "organisation": body, "role": role, "first_day": dt.date(2020, 1, 1)}
        return actor_of(person, at, Mandate.objects.get_or_create(**given)[0].pk)

    @property
    def call(self) -> Call:
        return Call.objects.get(key="simulated")


def publish_sample_call() -> SampleCall:
    """The call published, nothing sent yet."""
    kinds = {"ministry": "ministry", "agency": "agency", "institute": "institute", "rival": "institute",
             "host": "university", "stranger": "company"}  # fmt: skip
    bodies = {key: Organisation.objects.create(key=key, kind=kind, name_fr=key.title(), country="FR")
              for key, kind in kinds.items()}  # fmt: skip
    for key in ("mark", "mark-ahead"):
        Label.objects.create(key=key, name_fr=key, name_en=key, authority=bodies["ministry"],
                             managed_by=bodies["agency"], period_start="2006")  # fmt: skip
    publish_call(actor=SYSTEM, at=OPENS - dt.timedelta(days=10), text=TEXT, reason="The call opens.")
    return SampleCall(**bodies)


def begin_sample_application(
    wave: SampleCall, lead: Organisation | None = None, at: dt.datetime = DURING
) -> Application:
    """A dossier of an institute with one host."""
    lead = lead or wave.institute
    by = wave.acting(lead)
    application = begin_application(
        actor=by, at=at, call_id=wave.call.pk, lead_id=lead.pk, title=f"Dossier of {lead.key}"
    )
    add_party(actor=by, at=at, application_id=application.pk, organisation_id=wave.host.pk, part="host")
    return application


def write_sample_reply(
    wave: SampleCall, application: Application, place: str, value: Any, body: Organisation | None = None, **more: Any
) -> Reply:
    """A reply, written by a body of the dossier."""
    section, question = place.split("/")
    by = wave.acting(body or wave.institute)
    given = {"actor": by, "at": DURING, "application_id": application.pk, "section": section, "question": question}
    return write_reply(**given, value=value, **more)


def complete_sample_application(wave: SampleCall, lead: Organisation | None = None) -> Application:
    """A dossier with all that must be answered, signed by its lead and its host."""
    lead = lead or wave.institute
    application = begin_sample_application(wave, lead)
    write_sample_reply(wave, application, "summary/abstract", f"What {lead.key} does.", lead)
    write_sample_reply(wave, application, "summary/charter", "yes", lead)
    sign_sample_application(wave, application, lead, wave.host)
    return application


def sign_sample_application(wave: SampleCall, application: Application, *bodies: Organisation) -> None:
    """Let bodies sign a dossier as it reads now."""
    for body in bodies:
        sign_application(actor=wave.acting(body), at=DURING, application_id=application.pk, organisation_id=body.pk,
                     digest=application_digest(application))  # fmt: skip


def send_sample_application(
    wave: SampleCall, lead: Organisation | None = None, at: dt.datetime = DURING
) -> Application:
    """A dossier that was sent."""
    application = complete_sample_application(wave, lead)
    return send_application(actor=wave.acting(lead or wave.institute), at=at, application_id=application.pk)
