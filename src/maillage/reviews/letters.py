"""The letters in which the authority tells applicants its decision, in the active language."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.calls.call_document import LETTER_PLACEHOLDER, Outcome
from maillage.calls.models import Call, PartyRole
from maillage.core import formats
from maillage.core.pdf import render_pdf
from maillage.core.text import label_and_value
from maillage.register.models import Organisation
from maillage.reviews.awards import last_day_of_term
from maillage.reviews.models import Appeal, Decision
from maillage.reviews.outcomes import get_outcome


def letters_of_call(call: Call) -> Iterator[tuple[str, bytes]]:
    """A file name and a PDF for each decided application of a call, in the active language."""
    within = Decision.objects.filter(application__version__call=call, application__withdrawn_at=None)
    decided = within.exclude(decided_at=None).order_by("application__key")
    for decision in decided.select_related("application__version__call", "version", "appeal", "award").iterator():
        yield f"{decision.application.key}-{decision.outcome}.pdf", render_letter_pdf(decision)


def render_letter_pdf(decision: Decision) -> bytes:
    """The PDF of one letter in the active language; marked as a draft until the decision is published."""
    return render_pdf("maillage.core", "letter.typ", letter_content(decision))


def letter_content(decision: Decision) -> dict[str, object]:
    """The values for the letter's template, which treats no text as markup."""
    application = decision.application
    document = decision.call_document
    authority = Organisation.objects.get(key=document.authority.decides)
    day = _letter_day(decision)
    hosts = (
        application.parties.filter(part__in=(PartyRole.LEAD, PartyRole.HOST))
        .select_related("organisation")
        .order_by("-part")
    )
    return {
        "language": formats.language(),
        "from": str(authority),
        "place_and_day": formats.place_and_day(authority.city, day),
        "to": [str(party.organisation) for party in hosts],
        "subject": label_and_value(document.title, application.title),
        "reference": _("Our reference: %s") % application.key,
        "paragraphs": list(_paragraphs(decision, get_outcome(document, decision.outcome))),
        "footer": _footer(decision, document.simulated, authority),
    }


def _footer(decision: Decision, simulated: bool, authority: Organisation) -> str:
    if simulated:
        return _("Simulated: without effect")
    if not decision.published_at:
        return _("Draft: not published, without effect")
    return _("Decision of %(organisation)s") % {"organisation": authority}


def _paragraphs(decision: Decision, outcome: Outcome) -> Iterator[str]:
    places = _placeholder_values(decision, outcome)
    yield from _split_paragraphs(
        LETTER_PLACEHOLDER.sub(
            lambda placeholder: places[placeholder[1]], str(outcome.letter or _default_letter(outcome))
        )
    )
    if outcome.confirmed_months:
        message = _("The label is held on probation until %(last_day)s; it is then confirmed, or ends.")
        yield message % places
    if appeal := _upheld_appeal(decision):
        yield _("This takes the place of the decision of %s, on your appeal:") % formats.day(
            timezone.localdate(decision.published_at)
        )
        yield from _split_paragraphs(appeal.answer)
        return
    if decision.reason:
        yield from _split_paragraphs(decision.reason)
    if decision.feedback:
        yield _("The reviewers write to you:")
        yield from _split_paragraphs(decision.feedback)
    if decision.appeal_until:
        yield _("You can appeal until %s, on the page of your application.") % formats.day(decision.appeal_until)


def _upheld_appeal(decision: Decision) -> Appeal | None:
    """The upheld appeal that led to this decision, or `None`."""
    appeal: Appeal | None = getattr(decision, "appeal", None)
    return appeal if appeal and appeal.upheld else None


def _letter_day(decision: Decision) -> dt.date:
    """The day of publication, or of the answer to the appeal."""
    appeal = _upheld_appeal(decision)
    return timezone.localdate(appeal.answered_at if appeal else decision.published_at or decision.decided_at)


def _split_paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _default_letter(outcome: Outcome) -> str:
    """The text for an outcome whose letter the call does not give."""
    if outcome.label:
        return _(
            "The application “{dossier}” of {applicant}, sent to the call “{call}”, was examined by the panel.\n\n"
            "It was decided: {outcome}. The label is held from {first_day} to {last_day}."
        )
    return _(
        "The application “{dossier}” of {applicant}, sent to the call “{call}”, was examined by the panel.\n\n"
        "It was decided: {outcome}. The reasons follow."
    )


def _placeholder_values(decision: Decision, outcome: Outcome) -> dict[str, str]:
    """The value of each placeholder of a letter, by name."""
    application = decision.application
    first = _letter_day(decision)
    if decision.award:
        ends = decision.award.period_start, decision.award.period_end
    else:
        ends = first.isoformat(), last_day_of_term(first, outcome.months).isoformat()
    return {
        "applicant": str(application.parties.get(part=PartyRole.LEAD).organisation),
        "dossier": application.title,
        "call": str(decision.call_document.title),
        "outcome": str(outcome.title),
        "first_day": formats.partial_date(ends[0]),
        "last_day": formats.partial_date(ends[1]),
    }
