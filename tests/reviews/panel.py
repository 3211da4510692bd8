"""A wave whose dossiers are sent, with reviewers named."""

from maillage.calls.models import Dossier
from maillage.kernel.actors import READER, Actor
from maillage.people.models import User
from maillage.register.models import Organisation
from maillage.reviews.actions import name_reviewer
from maillage.reviews.models import Assignment, Reviewer
from maillage.reviews.reviewing import write_review
from tests.calls.wave import DURING, Wave


def reviewer(wave: Wave, name: str, employer: Organisation | None = None, **more) -> Reviewer:
    """Somebody with an account, named by the agency."""
    User.objects.get_or_create(email=f"{name}@example.org", defaults={"name": name})
    agency = wave.acting(wave.agency, "label-officer")
    return name_reviewer(actor=agency, at=DURING, call_id=wave.call.pk, email=f"{name}@example.org",
                         employer_id=employer.pk if employer else None, **more)  # fmt: skip


def themselves(one: Reviewer) -> Actor:
    """The reviewer, signed in, acting for nobody."""
    return Actor(one.person.name, frozenset({READER}), one.person_id)


def marked(assignment: Assignment, strategy: str, means: str, send: bool = True):
    """A review of an assignment."""
    return write_review(
        actor=themselves(assignment.reviewer), at=DURING, assignment_id=assignment.pk, send=send,
        marks={"strategy": strategy, "means": means}, to_applicant=f"Of {assignment.dossier.title}.",
        to_panel="Between us.",
    )  # fmt: skip


def assignments(dossier: Dossier | None = None) -> list[Assignment]:
    """Who is asked, in the order of asking."""
    found = Assignment.objects.select_related("reviewer__person", "dossier").order_by("pk")
    return list(found.filter(dossier=dossier) if dossier else found)
