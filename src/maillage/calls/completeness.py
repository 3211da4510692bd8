"""Completeness."""

from typing import Any

from maillage.calls.call_document import Question, QuestionKind, SignatureRule
from maillage.calls.models import Application, PartyRole
from maillage.core.text import fingerprint
from maillage.register.models import Organisation


def application_digest(application: Application) -> str:
    """SHA-256 (hexadecimal) of all that a dossier says: its call, bodies and replies, each file by its own digest.

    It is taken over JSON with sorted keys, so that anyone who has the same data finds the same digest.
    """
    content = {
        "call": application.version_id,
        "title": application.title,
        "theme": application.theme,
        "parties": sorted(application.parties.exclude(part=PartyRole.OFFICE).values_list("organisation__key", "part")),
        "replies": sorted(
            ([section, number, question, value] for section, number, question, value in
             application.replies.values_list("section", "number", "question", "value") if value is not None),
            key=lambda reply: reply[:3],
        ),
    }  # fmt: skip
    return fingerprint(content)


def missing_replies(application: Application) -> list[tuple[str, str]]:
    """Section and question (titles) of what must be answered and is not, or is longer than the call now takes."""
    given: dict[tuple[str, str], list[Any]] = {}
    most = {section.key: section.repeat for section in application.call.sections}
    kept = application.replies.exclude(value=None).values_list("section", "number", "question", "value")
    for section, number, question, value in kept:
        if number <= most.get(section, 0):
            given.setdefault((section, question), []).append(value)
    return [
        (str(section.title), str(question.title))
        for section, question in application.call.questions()
        if _is_incomplete(question, given.get((section.key, question.key), []))
    ]


def _is_incomplete(question: Question, given: list[Any]) -> bool:
    overlong = question.kind is QuestionKind.TEXT and any(len(str(value)) > question.most for value in given)
    return overlong or (question.required and not given)


def missing_signatures(application: Application, digest: str) -> list[Organisation]:
    """The bodies that must sign the dossier as it reads now and have not."""
    asked = {
        SignatureRule.HOSTS: application.parties.filter(part__in=(PartyRole.LEAD, PartyRole.HOST)),
        SignatureRule.LEAD: application.parties.filter(part=PartyRole.LEAD),
        SignatureRule.NONE: application.parties.none(),
    }[application.call.signatures]
    signed = set(application.sign_offs.filter(digest=digest).values_list("organisation_id", flat=True))
    return [party.organisation for party in asked.select_related("organisation") if party.organisation_id not in signed]
