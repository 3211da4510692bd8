"""Each call that ships runs from its YAML text to an award: the same steps, whatever the scheme."""

import datetime as dt
from typing import Any

import pytest

from maillage.calls.actions import publish_call
from maillage.calls.applying import add_party, begin_dossier, write_reply
from maillage.calls.document import CallDocument, Kind, Question, Signature
from maillage.calls.models import Dossier, Reply
from maillage.calls.reading import from_text
from maillage.calls.sending import check_dossier, digest_of, send_dossier, sign_dossier
from maillage.kernel.actors import SYSTEM
from maillage.labels.models import Award, Label
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.reviews.actions import assign_reviews, name_reviewer
from maillage.reviews.deciding import decide, propose_outcome
from maillage.reviews.letters import letter_of
from maillage.reviews.models import Assignment, Decision
from maillage.reviews.publication import last_day, publish_decisions
from maillage.reviews.reviewing import write_review
from maillage.reviews.standing import standings
from tests.calls.wave import EXAMPLES
from tests.reviews.panel import themselves

REPLIES = {Kind.TEXT: "Simulé.", Kind.NUMBER: "12", Kind.AMOUNT: "1000", Kind.DATE: "2026-01-01", Kind.YES_NO: True}


def reply(question: Question) -> Any:
    """Something that a question takes."""
    if question.kind is Kind.CHOICE:
        return next(iter(question.choices))
    if question.kind is Kind.TABLE:
        return [{column.key: REPLIES[column.kind] for column in question.columns}]
    return REPLIES[question.kind]


def bodies_of(says: CallDocument) -> None:
    """The authority, who runs it, and the labels that the call names."""
    for key in {says.authority.decides, says.authority.proposes, says.authority.runs}:
        Organisation.objects.create(key=key, kind="agency", name_fr=key.upper())
    authority = Organisation.objects.get(key=says.authority.decides)
    office = Organisation.objects.get(key=says.authority.runs)
    for key in {says.label, *(one.label for one in says.outcomes if one.label)}:
        Label.objects.create(key=key, name_fr=key, authority=authority, managed_by=office)


def applied(says: CallDocument, call_id: int, at: dt.datetime) -> Dossier:
    """A dossier with all that the call asks, led by the first kind of body it takes, signed and sent."""
    by = {"actor": SYSTEM, "at": at}
    lead = Organisation.objects.create(key="candidate", kind=says.holders[0], name_fr="Candidat simulé")
    theme = next(iter(says.themes), "")
    dossier = begin_dossier(**by, call_id=call_id, lead_id=lead.pk, title="Dossier simulé", theme=theme)
    host = Organisation.objects.create(key="host", kind="university", name_fr="Hôte simulé")
    add_party(**by, dossier_id=dossier.pk, organisation_id=host.pk, part="host")
    for section, question in says.questions():
        place = {"section": section.key, "question": question.key}
        if question.required and question.kind in (Kind.FIGURE, Kind.FILE):
            # A figure is pulled and a file attached elsewhere in the tests; here it is only there.
            Reply.objects.create(dossier=dossier, **place, value={"file": "0" * 64, "name": "f.pdf", "size": 1}, at=at)
        elif question.required:
            write_reply(**by, dossier_id=dossier.pk, **place, value=reply(question))
    if says.signatures is not Signature.NONE:
        for body in (lead, host):
            sign_dossier(**by, dossier_id=dossier.pk, organisation_id=body.pk, digest=digest_of(dossier))
    return send_dossier(**by, dossier_id=dossier.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_from_its_text_to_an_award(path):
    text = path.read_text("utf-8")
    says = from_text(text)
    at = says.opens + dt.timedelta(days=1)
    by = {"actor": SYSTEM, "at": at}
    bodies_of(says)
    call = publish_call(**by, text=text, reason="It opens.").call
    dossier = applied(says, call.pk, at)
    assert {one.rule for one in check_dossier(**by, dossier_id=dossier.pk)} == {one.key for one in says.rules}

    for number in range(says.review.reviews):
        User.objects.create(email=f"r{number}@example.org", name=f"R{number}")
        name_reviewer(**by, call_id=call.pk, email=f"r{number}@example.org")
    assert assign_reviews(**by, call_id=call.pk).proven
    for one in Assignment.objects.select_related("reviewer__person"):
        marks = {criterion.key: str(criterion.high) for criterion in says.criteria}
        write_review(actor=themselves(one.reviewer), at=at, assignment_id=one.pk, marks=marks,
                     to_applicant="Simulé.", send=True)  # fmt: skip
    assert [line.reviews for line in standings(call)] == [says.review.reviews]

    outcome = next(one for one in says.outcomes if one.label)
    propose_outcome(**by, dossier_id=dossier.pk, outcome=outcome.key)
    decide(**by, call_id=call.pk)
    publish_decisions(**by, call_id=call.pk)
    award = Award.objects.get()
    assert (award.label.key, award.holder.key) == (outcome.label, "candidate")
    assert award.period_end == last_day(at.date(), outcome.months).isoformat()
    assert letter_of(Decision.objects.get()).startswith(b"%PDF")
