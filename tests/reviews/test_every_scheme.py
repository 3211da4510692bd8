"""Each call that ships runs from its YAML text to an award: the same steps, whatever the scheme."""

import datetime as dt
from typing import Any

import pytest

from maillage.calls.actions.applications import add_party, begin_application
from maillage.calls.actions.calls import publish_call
from maillage.calls.actions.eligibility import check_application
from maillage.calls.actions.replies import write_reply
from maillage.calls.actions.submission import send_application, sign_application
from maillage.calls.call_document import CallDocument, Question, QuestionKind, SignatureRule
from maillage.calls.completeness import application_digest
from maillage.calls.models import Application, Reply
from maillage.calls.parser import parse_call
from maillage.core.actors import SYSTEM
from maillage.labels.models import Award, Label
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.reviews.actions.assignments import assign_reviews
from maillage.reviews.actions.decisions import decide, propose_outcome
from maillage.reviews.actions.publication import publish_decisions
from maillage.reviews.actions.reviewers import name_reviewer
from maillage.reviews.actions.reviews import write_review
from maillage.reviews.awards import last_day_of_term
from maillage.reviews.letters import render_letter_pdf
from maillage.reviews.models import Assignment, Decision
from maillage.reviews.ranking import call_ranking
from tests.calls.sample_call import EXAMPLES
from tests.reviews.sample_panel import reviewer_actor

pytestmark = pytest.mark.django_db

REPLIES = {
    QuestionKind.TEXT: "Simulé.",
    QuestionKind.NUMBER: "12",
    QuestionKind.AMOUNT: "1000",
    QuestionKind.DATE: "2026-01-01",
    QuestionKind.YES_NO: True,
}


def reply(question: Question) -> Any:
    """Something that a question takes."""
    if question.kind is QuestionKind.CHOICE:
        return next(iter(question.choices))
    if question.kind is QuestionKind.TABLE:
        return [{column.key: REPLIES[column.kind] for column in question.columns}]
    return REPLIES[question.kind]


def bodies_of(document: CallDocument) -> None:
    """The authority, who runs it, and the labels that the call names."""
    for key in {document.authority.decides, document.authority.proposes, document.authority.runs}:
        Organisation.objects.create(key=key, kind="agency", name_fr=key.upper())
    authority = Organisation.objects.get(key=document.authority.decides)
    office = Organisation.objects.get(key=document.authority.runs)
    for key in {document.label, *(outcome.label for outcome in document.outcomes if outcome.label)}:
        Label.objects.create(key=key, name_fr=key, authority=authority, managed_by=office)


def applied(document: CallDocument, call_id: int, at: dt.datetime) -> Application:
    """A dossier with all that the call asks, led by the first kind of body it takes, signed and sent."""
    by = {"actor": SYSTEM, "at": at}
    lead = Organisation.objects.create(key="candidate", kind=document.holders[0], name_fr="Candidat simulé")
    theme = next(iter(document.themes), "")
    application = begin_application(**by, call_id=call_id, lead_id=lead.pk, title="Dossier simulé", theme=theme)
    host = Organisation.objects.create(key="host", kind="university", name_fr="Hôte simulé")
    add_party(**by, application_id=application.pk, organisation_id=host.pk, part="host")
    for section, question in document.questions():
        place = {"section": section.key, "question": question.key}
        if question.required and question.kind in (QuestionKind.FIGURE, QuestionKind.FILE):
            # A figure is pulled and a file attached elsewhere in the tests; here it is only there.
            Reply.objects.create(
                application=application, **place, value={"file": "0" * 64, "name": "f.pdf", "size": 1}, at=at
            )
        elif question.required:
            write_reply(**by, application_id=application.pk, **place, value=reply(question))
    if document.signatures is not SignatureRule.NONE:
        for body in (lead, host):
            sign_application(
                **by, application_id=application.pk, organisation_id=body.pk, digest=application_digest(application)
            )
    return send_application(**by, application_id=application.pk)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_from_its_text_to_an_award(path):
    text = path.read_text("utf-8")
    document = parse_call(text)
    at = document.opens + dt.timedelta(days=1)
    by = {"actor": SYSTEM, "at": at}
    bodies_of(document)
    call = publish_call(**by, text=text, reason="It opens.").call
    application = applied(document, call.pk, at)
    assert {one.rule for one in check_application(**by, application_id=application.pk)} == {
        rule.key for rule in document.rules
    }

    for number in range(document.review.reviews):
        User.objects.create(email=f"r{number}@example.org", name=f"R{number}")
        name_reviewer(**by, call_id=call.pk, email=f"r{number}@example.org")
    assert assign_reviews(**by, call_id=call.pk).proven
    for assignment in Assignment.objects.select_related("reviewer__person"):
        marks = {criterion.key: str(criterion.high) for criterion in document.criteria}
        write_review(actor=reviewer_actor(assignment.reviewer), at=at, assignment_id=assignment.pk, marks=marks,
                     to_applicant="Simulé.", send=True)  # fmt: skip
    assert [line.reviews for line in call_ranking(call)] == [document.review.reviews]

    outcome = next(one for one in document.outcomes if one.label)
    propose_outcome(**by, application_id=application.pk, outcome=outcome.key)
    decide(**by, call_id=call.pk)
    publish_decisions(**by, call_id=call.pk)
    award = Award.objects.get()
    assert (award.label.key, award.holder.key) == (outcome.label, "candidate")
    assert award.period_end == last_day_of_term(at.date(), outcome.months).isoformat()
    assert render_letter_pdf(Decision.objects.get()).startswith(b"%PDF")
