"""The letter by which the authority tells a dossier's bodies what was decided, in the language of who prints it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.calls.document import LETTER_PLACE, Outcome
from maillage.calls.models import Call, Part
from maillage.kernel import wording
from maillage.kernel.paper import pdf
from maillage.register.models import Organisation
from maillage.reviews.deciding import outcome_of
from maillage.reviews.models import Appeal, Decision
from maillage.reviews.publication import last_day


def letters_of(call: Call) -> Iterator[tuple[str, bytes]]:
    """The letters of a call in the active language, one by one: a name for the file, and the PDF."""
    within = Decision.objects.filter(dossier__version__call=call, dossier__withdrawn_at=None)
    decided = within.exclude(decided_at=None).order_by("dossier__key")
    for decision in decided.select_related("dossier__version__call", "version", "appeal", "award").iterator():
        yield f"{decision.dossier.key}-{decision.outcome}.pdf", letter_of(decision)


def letter_of(decision: Decision) -> bytes:
    """The PDF of one letter in the active language; a draft, and said to be one, until the decision is published."""
    return pdf("maillage.kernel", "letter.typ", _content(decision))


def _content(decision: Decision) -> dict[str, Any]:
    """What the letter says; the template sets it, and treats no text as markup."""
    dossier = decision.dossier
    says = decision.says
    authority = Organisation.objects.get(key=says.authority.decides)
    day = _day(decision)
    hosts = dossier.parties.filter(part__in=(Part.LEAD, Part.HOST)).select_related("organisation").order_by("-part")
    return {
        "language": wording.language(),
        "from": str(authority),
        "place": authority.city,
        "day": wording.day(day),
        "to": [str(party.organisation) for party in hosts],
        "subject": f"{says.title}: {dossier.title}",
        "reference": _("Our reference: %s") % dossier.key,
        "paragraphs": list(_paragraphs(decision, outcome_of(says, decision.outcome))),
        "table": [],
        "footer": _footer(decision, says.simulated, authority),
    }


def _footer(decision: Decision, simulated: bool, authority: Organisation) -> str:
    if simulated:
        return _("Simulated: without effect")
    if not decision.published_at:
        return _("Draft: not published, without effect")
    return _("Decision of %(body)s") % {"body": authority}


def _paragraphs(decision: Decision, outcome: Outcome) -> Iterator[str]:
    places = _places(decision, outcome)
    yield from _split(LETTER_PLACE.sub(lambda found: places[found[1]], str(outcome.letter or _usual(outcome))))
    if outcome.confirmed_months:
        told = _("The label is held on probation until %(last_day)s; it is then confirmed, or ends.")
        yield told % places
    if appeal := _upheld(decision):
        yield _("This takes the place of the decision of %s, on your appeal:") % wording.day(
            timezone.localdate(decision.published_at)
        )
        yield from _split(appeal.answer)
        return
    if decision.reason:
        yield from _split(decision.reason)
    if decision.feedback:
        yield _("The reviewers write to you:")
        yield from _split(decision.feedback)
    if decision.appeal_until:
        yield _("You can appeal until %s, on the page of your dossier.") % wording.day(decision.appeal_until)


def _upheld(decision: Decision) -> Appeal | None:
    """The appeal that led to this decision, if one did."""
    appeal: Appeal | None = getattr(decision, "appeal", None)
    return appeal if appeal and appeal.upheld else None


def _day(decision: Decision) -> dt.date:
    """The day of what the letter tells: that of its publication, or of the answer to the appeal that it follows."""
    appeal = _upheld(decision)
    return timezone.localdate(appeal.answered_at if appeal else decision.published_at or decision.decided_at)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _usual(outcome: Outcome) -> str:
    """What is written where the call says nothing for an outcome."""
    if outcome.label:
        return _(
            "The dossier “{dossier}” of {applicant}, sent to the call “{call}”, was examined by the panel.\n\n"
            "It was decided: {outcome}. The label is held from {first_day} to {last_day}."
        )
    return _(
        "The dossier “{dossier}” of {applicant}, sent to the call “{call}”, was examined by the panel.\n\n"
        "It was decided: {outcome}. The reasons follow."
    )


def _places(decision: Decision, outcome: Outcome) -> dict[str, str]:
    """What stands in the places of a letter, by name."""
    dossier = decision.dossier
    first = _day(decision)
    if decision.award:
        ends = decision.award.period_start, decision.award.period_end
    else:
        ends = first.isoformat(), last_day(first, outcome.months).isoformat()
    return {
        "applicant": str(dossier.parties.get(part=Part.LEAD).organisation),
        "dossier": dossier.title,
        "call": str(decision.says.title),
        "outcome": str(outcome.title),
        "first_day": wording.partial_date(ends[0]),
        "last_day": wording.partial_date(ends[1]),
    }
