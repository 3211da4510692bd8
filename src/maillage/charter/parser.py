"""From a YAML text to a charter, every fault named with its line and remedy.

charter: carnot
label: carnot
title: {fr: …, en: …}
about: {fr: …, en: …}                     # optional
from: 2026-01-01                          # the day from which this version applies
warn_days: 90                             # what ends within so many days is about to end
sections:
  quality:
    title: {…}
    commitments:
      c07:
        text: {fr: …, en: …}              # in one's own words
        source: https://…                 # where it was read
        mark: confirmed
        evidence:
          figure: needs-rated             # told by the platform, for the holder, over the last year
          least: 3                        # optional: below it the figure does not do
          certificates: yes               # one in force at least
          objectives: yes                 # a target for the year
          attachment: {title: {…}, months: 12}      # to be attached, again after so many months
          declaration: {title: {…}}       # to be declared, once
reviews:
  mid-term: {title: {…}, months: 24}      # due so many months after the award
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from maillage.charter.charter_document import (
    CharterDocument,
    CharterReview,
    CharterSection,
    Commitment,
    EvidenceKind,
    EvidenceRequest,
)
from maillage.documents.document_reader import DocumentReader
from maillage.documents.plain_yaml import DocumentPath
from maillage.labels.vocabulary import CertaintyMark
from maillage.register.figure_provider import FIGURES

_MAX_TEXT = 2_000
_OPTIONAL_KEYS = {"about", "warn_days", "reviews"}
_TOP_KEYS = {"charter", "label", "title", "from", "sections", *_OPTIONAL_KEYS}
_EVIDENCE_KEYS = {*(kind.value for kind in EvidenceKind), "least"}


def parse_charter(text: str) -> CharterDocument:
    """The charter that a YAML text gives. Raises `InvalidDocumentError` with every fault."""
    return _CharterReader.from_text(text, _CharterReader.charter)


def charter_from_document(document: dict[str, Any]) -> CharterDocument:
    """The charter of a stored document. A figure that is gone stays in it, and is then not known."""
    return _CharterReader().charter(document)


class _CharterReader(DocumentReader):
    def charter(self, document: Any) -> CharterDocument:
        top = self.mapping(document, (), _TOP_KEYS, optional=_OPTIONAL_KEYS)
        found = CharterDocument(
            name=self.name(top.get("charter"), ("charter",)),
            label=self.name(top.get("label"), ("label",)),
            title=self.words(top, ()),
            about=self.words(top, (), "about", _MAX_TEXT),
            since=self.day(top.get("from"), ("from",)),
            warn_days=self.number(top.get("warn_days", 90), ("warn_days",), 0, 1_000),
            sections=tuple(self.sections(top.get("sections"))),
            reviews=tuple(self.reviews(top.get("reviews"))),
            document=top,
        )
        self.refuse_twins(found)
        return found

    def day(self, value: Any, path: DocumentPath) -> dt.date:
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fault(path, _("“%s” is no day; write it as 2026-01-31.") % str(value)[:60])
            return dt.date.min

    def refuse_twins(self, found: CharterDocument) -> None:
        """What a holder gives is kept by the key of the commitment, whichever section that stands in."""
        seen: set[str] = set()
        for section in found.sections:
            for one in section.commitments:
                if one.key in seen:
                    path = ("sections", section.key, "commitments", one.key)
                    self.fault(
                        path, _("“%s” stands in another section too; give one of the two another key.") % one.key
                    )
                seen.add(one.key)

    def sections(self, value: Any) -> Iterator[CharterSection]:
        for key, item in self.named(value, ("sections",)).items():
            path: DocumentPath = ("sections", key)
            given = self.mapping(item, path, {"title", "commitments"}, optional=set())
            commitments = tuple(self.commitments(given.get("commitments"), (*path, "commitments")))
            yield CharterSection(self.name(key, path), self.words(given, path), commitments)

    def commitments(self, value: Any, around: DocumentPath) -> Iterator[Commitment]:
        for key, item in self.named(value, around).items():
            path: DocumentPath = (*around, key)
            given = self.mapping(item, path, {"text", "source", "mark", "evidence"}, optional={"source"})
            yield Commitment(
                key=self.name(key, path),
                text=self.words(given, path, "text", _MAX_TEXT),
                source=str(given.get("source") or ""),
                mark=self.choice(given.get("mark"), (*path, "mark"), CertaintyMark.values) or CertaintyMark.UNCERTAIN,
                asked=tuple(self.evidence(given.get("evidence"), (*path, "evidence"))),
            )

    def evidence(self, value: Any, path: DocumentPath) -> Iterator[EvidenceRequest]:
        if not value:
            self.fault(path, _("Ask for one piece of evidence at least: %s.") % ", ".join(EvidenceKind))
        given = self.mapping(value or {}, path, _EVIDENCE_KEYS, optional=_EVIDENCE_KEYS)
        if "least" in given and "figure" not in given:
            self.fault((*path, "least"), _("A “least:” belongs to a “figure:”; name the figure or take it out."))
        if "figure" in given:
            yield self.figure(given, path)
        for kind in (EvidenceKind.CERTIFICATES, EvidenceKind.OBJECTIVES):
            if self.yes_or_no(given.get(kind), (*path, kind)):
                yield EvidenceRequest(kind)
        for kind in (EvidenceKind.ATTACHMENT, EvidenceKind.DECLARATION):
            if kind in given:
                yield self.given_by_holder(kind, given[kind], (*path, kind))

    def figure(self, given: dict[str, Any], path: DocumentPath) -> EvidenceRequest:
        name, place = given["figure"], (*path, "figure")
        if name is None:
            self.fault(place, _("Name a figure."))
        known = str(name) if self.stored else self.choice(name, place, FIGURES)
        least = self.decimal(given["least"], (*path, "least")) if "least" in given else None
        return EvidenceRequest(EvidenceKind.FIGURE, figure=known, least=least)

    def given_by_holder(self, kind: EvidenceKind, value: Any, path: DocumentPath) -> EvidenceRequest:
        given = self.mapping(value, path, {"title", "months"}, optional={"months"})
        months = self.number(given.get("months", 0), (*path, "months"), 0, 240)
        return EvidenceRequest(kind, self.words(given, path, most=300), months)

    def reviews(self, value: Any) -> Iterator[CharterReview]:
        for key, item in (self.named(value, ("reviews",)) if value else {}).items():
            path: DocumentPath = ("reviews", key)
            given = self.mapping(item, path, {"title", "months"}, optional=set())
            months = self.number(given.get("months"), (*path, "months"), 1, 600)
            yield CharterReview(self.name(key, path), self.words(given, path), months)
