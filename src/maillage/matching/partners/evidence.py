"""Parties and their past projects, as known on a day."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

ROLE_WEIGHTS: Final = {"coordinator": 1.2, "participant": 1.0, "associatedPartner": 0.6, "thirdParty": 0.3}
"""How much a role in a project says of the abilities of a party."""


@dataclass(frozen=True, slots=True)
class KnownParty:
    """An organisation in past projects; `kind` is a code of CORDIS (PRC, HES, REC, PUB, OTH), `country` ISO 3166."""

    key: str
    name: str
    short_name: str = ""
    city: str = ""
    kind: str = "OTH"
    country: str = ""
    small: bool | None = None


@dataclass(frozen=True, slots=True)
class EvidenceProject:
    """A project as known when it was signed. `parties` are pairs of a party's key and its role.

    Later data (cost, subjects, changes) are left out, so that nothing can be learned from them.
    """

    key: str
    signed_on: dt.date
    title: str
    objective: str = ""
    keywords: str = ""
    topic: str = ""
    topic_title: str = ""
    scheme: str = ""
    programme: str = ""
    parties: tuple[tuple[str, str], ...] = ()

    @property
    def coordinators(self) -> tuple[str, ...]:
        """The keys of the parties that coordinate it."""
        return tuple(key for key, role in self.parties if role == "coordinator")


@dataclass(frozen=True)
class PartnerEvidence:
    """Parties by key, and projects in the order of their signature."""

    parties: dict[str, KnownParty]
    projects: tuple[EvidenceProject, ...]

    @classmethod
    def of(cls, parties: list[KnownParty], projects: list[EvidenceProject]) -> PartnerEvidence:
        """The evidence in a fixed order, whatever the order of the source."""
        ordered = sorted(projects, key=lambda project: (project.signed_on, project.key))
        return cls({party.key: party for party in sorted(parties, key=lambda party: party.key)}, tuple(ordered))

    def until(self, day: dt.date) -> PartnerEvidence:
        """The evidence of projects signed on a day or before."""
        return PartnerEvidence(self.parties, tuple(project for project in self.projects if project.signed_on <= day))

    def between(self, after: dt.date, until: dt.date) -> tuple[EvidenceProject, ...]:
        """The projects signed after one day and up to another."""
        return tuple(project for project in self.projects if after < project.signed_on <= until)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all parties and projects."""
        digest = hashlib.sha256()
        for party in self.parties.values():
            digest.update(repr(party).encode())
        for project in self.projects:
            digest.update(repr(project).encode())
        return digest.hexdigest()
