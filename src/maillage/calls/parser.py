"""Parse a call from YAML; every fault has its line and its remedy.

call: carnot-2016
label: carnot
wave: carnot-3
title: {fr: …, en: …}
about: {fr: …, en: …}                     # optional
authority: {decides: mesr, proposes: anr, runs: anr}      # keys of organisations
dates: {opens: 2015-11-15T09:00, closes: 2016-02-15T13:00, zone: Europe/Paris, appeal_days: 60}
holders: [institute, consortium]          # kinds of organisation that may apply
awarded_to: lead                          # optional; title where an event, or a centre of the lead, is distinguished
signatures: each-host                     # or lead, none
themes: {aml: {fr: …, en: …}}             # optional; one_per_theme: yes where the label is unique in each
texts: [https://…]                        # the legal texts
rules:
  hosts: {check: members-at-least, number: 2, role: host, title: {…}, text: {…}, mark: confirmed}
criteria:
  strategy: {title: {…}, weight: 0.25, low: 0, high: 5, anchors: {0: {…}, 5: {…}}}
sections:
  summary:
    title: {…}
    questions:
      abstract: {title: {…}, kind: text, most: 4000, required: yes}
      staff: {title: {…}, kind: table, most: 50, columns: {name: {title: {…}}, months: {title: {…}, kind: number}}}
      answers: {title: {…}, kind: figure, figure: needs-answered-in-time}
outcomes:
  award: {title: {…}, label: carnot, months: 60, most: 29}
  probation: {title: {…}, label: carnot, months: 18, confirmed_months: 60}
  refusal: {title: {…}, letter: {fr: "Le dossier {dossier} …", en: …}}
review: {reviews: 3, blind: no, years: 3, days: 28, remind_before: 7, remind_after: 1}     # optional, as are its parts
convention:                               # optional: the headings of what is concluded after an award
  perimeter: {title: {…}, guidance: {…}, kind: perimeter, required: yes}     # text, perimeter, objectives, attachment
simulated: no                             # optional; yes where the call tries something out, which its awards then say
"""

from collections.abc import Mapping

from maillage.calls.call_document import CallDocument
from maillage.documents.document_model import parse_document, read_stored_document


def parse_call(text: str) -> CallDocument:
    """The call of a YAML text. Raises `InvalidDocumentError` with every fault."""
    return parse_document(CallDocument, text)


def call_from_document(document: Mapping[str, object]) -> CallDocument:
    """The call of a stored document. A check or figure that no longer exists stays in it, and gives no result."""
    return read_stored_document(CallDocument, document)
