"""What an application still lacks before it can be sent, and its digest."""

from maillage.calls.call_document import Question, QuestionKind, SignatureRule
from maillage.calls.models import Application, PartyRole
from maillage.core.lookups import loaded_rows
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
        "parties": sorted(
            (party.organisation.key, party.part)
            for party in loaded_rows(application, "parties", "organisation")
            if party.part != PartyRole.OFFICE
        ),
        "replies": sorted(
            ([reply.section, reply.number, reply.question, reply.value]
             for reply in loaded_rows(application, "replies") if reply.value is not None),
            key=lambda reply: reply[:3],
        ),
    }  # fmt: skip
    return fingerprint(content)


def missing_replies(application: Application) -> list[tuple[str, str]]:
    """Titles (section, question) of required questions without a reply, and of replies longer than the call allows."""
    values_by_question: dict[tuple[str, str], list[object]] = {}
    max_fillings = {section.key: section.repeat for section in application.call_document.sections}
    for reply in loaded_rows(application, "replies"):
        if reply.value is not None and reply.number <= max_fillings.get(reply.section, 0):
            values_by_question.setdefault((reply.section, reply.question), []).append(reply.value)
    return [
        (str(section.title), str(question.title))
        for section, question in application.call_document.questions()
        if _is_incomplete(question, values_by_question.get((section.key, question.key), []))
    ]


def _is_incomplete(question: Question, values: list[object]) -> bool:
    overlong = question.kind is QuestionKind.TEXT and any(len(str(value)) > question.most for value in values)
    return overlong or (question.required and not values)


def missing_signatures(application: Application, digest: str) -> list[Organisation]:
    """The organisations that must sign the application with this digest and have not."""
    parts: tuple[str, ...] = {
        SignatureRule.HOSTS: (PartyRole.LEAD, PartyRole.HOST),
        SignatureRule.LEAD: (PartyRole.LEAD,),
        SignatureRule.NONE: (),
    }[application.call_document.signatures]
    signed = {one.organisation_id for one in loaded_rows(application, "sign_offs") if one.digest == digest}
    parties = loaded_rows(application, "parties", "organisation")
    return [party.organisation for party in parties if party.part in parts and party.organisation_id not in signed]
