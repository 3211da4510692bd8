"""A label with a small charter: two institutes hold it, an agency runs it for a ministry."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from maillage.charter.actions.charters import publish_charter
from maillage.charter.compliance import CommitmentStatus, compliance_by_section
from maillage.charter.models import Charter, FollowUp
from maillage.charter.queries import follow_ups
from maillage.core.actors import SYSTEM, Actor
from maillage.labels.models import Award
from maillage.register.models import Organisation
from tests.calls.sample_call import SampleCall, publish_sample_call

AT = dt.datetime(2026, 3, 16, 9, 0, tzinfo=dt.UTC)
DAY = AT.date()
TEXT = """
charter: simulated
label: mark
title: {fr: Charte simulée, en: Simulated charter}
from: 2026-01-01
warn_days: 90
sections:
  quality:
    title: {fr: Qualité, en: Quality}
    commitments:
      plan:
        text: {fr: Suivre un plan., en: Follow a plan.}
        source: https://example.org/charter
        mark: confirmed
        evidence: {attachment: {title: {fr: Plan qualité, en: Quality plan}, months: 12}}
      certified:
        text: {fr: Se faire certifier., en: Be certified.}
        mark: confirmed
        evidence: {certificates: yes}
      legal:
        text: {fr: Un appui juridique., en: Legal support.}
        mark: uncertain
        evidence: {declaration: {title: {fr: Qui, en: Who}}}
  partners:
    title: {fr: Partenaires, en: Partners}
    commitments:
      complaints:
        text: {fr: Traiter les réclamations., en: Deal with complaints.}
        mark: confirmed
        evidence: {figure: complaints-open}
      answers:
        text: {fr: Répondre à temps., en: Answer in time.}
        mark: confirmed
        evidence: {figure: needs-answered-in-time, least: 80}
      aims:
        text: {fr: Des objectifs chiffrés., en: Objectives in numbers.}
        mark: confirmed
        evidence: {objectives: yes}
reviews:
  mid-term: {title: {fr: Bilan à mi-parcours, en: Mid-term review}, months: 24}
  final: {title: {fr: Bilan final, en: Final review}, months: 48}
"""


@dataclass
class SampleCharter:
    wave: SampleCall
    follow_up: FollowUp

    @property
    def holder(self) -> Actor:
        return self.acting(self.wave.institute)

    @property
    def agency(self) -> Actor:
        return self.acting(self.wave.agency, "label-officer")

    @property
    def neighbour(self) -> Actor:
        return self.acting(self.wave.rival)

    def acting(self, body: Organisation, role: str = "manager") -> Actor:
        return self.wave.acting(body, role, AT)

    def done(self, act: Callable[..., Any], by: Actor | None = None, at: dt.datetime = AT, **given: Any) -> Any:
        """What an action of the holder, or of another, on the follow-up returns."""
        return act(actor=by or self.holder, at=at, follow_up_id=self.follow_up.pk, **given)

    def read(self) -> FollowUp:
        """The follow-up as it is now, read by the holder."""
        return follow_ups(actor=self.holder).get(pk=self.follow_up.pk)

    def standing(self, key: str, day: dt.date = DAY) -> CommitmentStatus:
        """How a commitment stands on a day."""
        sections = compliance_by_section(self.read(), Charter.objects.get().on(day).document, day)
        return next(one for _section, each in sections for one in each if one.commitment.key == key)


def publish_sample_charter() -> SampleCharter:
    """Both institutes have held the label since April 2024; the charter is published, nothing given yet."""
    bodies = publish_sample_call()
    label = bodies.call.label
    for holder in (bodies.institute, bodies.rival):
        Award.objects.create(label=label, holder=holder, period_start="2024-04-01", period_end="2029-03-31")
    publish_charter(actor=SYSTEM, at=AT, text=TEXT, reason="The charter of the label.")
    return SampleCharter(bodies, FollowUp.objects.get(holder=bodies.institute))
