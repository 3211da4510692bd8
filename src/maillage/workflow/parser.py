"""Parse a definition from YAML; every fault has its line and its remedy.

process: correction
title: {fr: …, en: …}
country: FR                      # whose working days count; region: Alsace-Moselle, 973 …
opening: {state: received, roles: [reader], notices: {correction-received: [officer]}}
states:
  received:
    title: {fr: …, en: …}
    deadline: {working_days: 10, remind_before: [3], remind_after: [1, 5], remind: [officer]}
    # from: opening (not from entering the state), own: yes (a delay that the organisation promised counts instead),
    # then: {fire: transition, after: 3} (without anybody's action, three working days after the end)
  answered: {title: {fr: …, en: …}, final: true}
transitions:
  answer:
    {title: {fr: …, en: …}, from: received, to: answered, roles: [officer], guards: [with-reason], notices: {…}}
"""

from collections.abc import Mapping

from maillage.documents.document_model import parse_document, read_stored_document
from maillage.workflow.definition import Definition


def parse_definition(text: str) -> Definition:
    """The definition of a YAML text. Raises `InvalidDocumentError` with every fault."""
    return parse_document(Definition, text)


def definition_from_document(document: Mapping[str, object]) -> Definition:
    """The definition of a stored document. A guard that is no longer registered stays in it, and always refuses."""
    return read_stored_document(Definition, document)
