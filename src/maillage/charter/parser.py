"""Parse a charter from YAML; every fault has its line and its remedy.

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
          figure: needs-rated             # computed by the platform, for the holder, over the last year
          least: 3                        # optional: the minimum of the figure
          certificates: yes               # one in force at least
          objectives: yes                 # a target for the year
          attachment: {title: {…}, months: 12}      # to be attached, again after so many months
          declaration: {title: {…}}       # to be declared, once
reviews:
  mid-term: {title: {…}, months: 24}      # due so many months after the award
"""

from collections.abc import Mapping

from maillage.charter.charter_document import CharterDocument
from maillage.documents.document_model import parse_document, read_stored_document


def parse_charter(text: str) -> CharterDocument:
    """The charter of a YAML text. Raises `InvalidDocumentError` with every fault."""
    return parse_document(CharterDocument, text)


def charter_from_document(document: Mapping[str, object]) -> CharterDocument:
    """The charter of a stored document. A figure that no longer exists stays in it, and has no value."""
    return read_stored_document(CharterDocument, document)
