"""What an application still lacks before it can be sent, and its digest."""

from typing import Any

from maillage.calls.call_document import Question, QuestionKind, SignatureRule
from maillage.calls.models import Application, PartyRole
from maillage.core.text import fingerprint
from maillage.register.models import Organisation


def application_digest(application: Application) -> str:
    """SHA-256 (hexadecimal) of an application: its call, parties and replies, each file by its own digest.

    It is computed over JSON with sorted keys, so that the same data always gives the same digest.
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
    """Titles (section, question) of required questions without a reply, and of replies longer than the call allows."""
    values_by_question: dict[tuple[str, str], list[Any]] = {}
    max_fillings = {section.key: section.repeat for section in application.call.sections}
    replies = application.replies.exclude(value=None).values_list("section", "number", "question", "value")
    for section, number, question, value in replies:
        if number <= max_fillings.get(section, 0):
            values_by_question.setdefault((section, question), []).append(value)
    return [
        (str(section.title), str(question.title))
        for section, question in application.call.questions()
        if _is_incomplete(question, values_by_question.get((section.key, question.key), []))
    ]


def _is_incomplete(question: Question, values: list[Any]) -> bool:
    overlong = question.kind is QuestionKind.TEXT and any(len(str(value)) > question.most for value in values)
    return overlong or (question.required and not values)


def missing_signatures(application: Application, digest: str) -> list[Organisation]:
    """The organisations that must sign the application with this digest and have not."""
    signatories = {
        SignatureRule.HOSTS: application.parties.filter(part__in=(PartyRole.LEAD, PartyRole.HOST)),
        SignatureRule.LEAD: application.parties.filter(part=PartyRole.LEAD),
        SignatureRule.NONE: application.parties.none(),
    }[application.call.signatures]
    signed = set(application.sign_offs.filter(digest=digest).values_list("organisation_id", flat=True))
    parties = signatories.select_related("organisation")
    return [party.organisation for party in parties if party.organisation_id not in signed]
