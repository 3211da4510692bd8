"""Awards that follow from decisions: who holds the label, and for how long."""

import datetime as dt

from django.utils.translation import gettext as _

from maillage.calls.call_document import AwardedTo, Outcome
from maillage.calls.models import PartyRole
from maillage.core.action_registry import ActionError, Arguments
from maillage.core.periods import add_months
from maillage.labels.models import Award, Label
from maillage.reviews.models import Decision
from maillage.reviews.waves import cite_call


def create_award(decision: Decision, outcome: Outcome, day: dt.date) -> Award | None:
    """Create the award of a label that an outcome gives from `day` on; returns `None` for an outcome without a label.

    The holder is the lead of the application, or its title where the call says so. Raises `ActionError` where the
    holder already receives the same label from that day, for instance by a second application.
    """
    if not outcome.label:
        return None
    last, holder = last_day_of_term(day, outcome.months), award_holder(decision)
    identity = {"label": Label.objects.get(key=outcome.label), **holder, "period_start": day.isoformat()}
    if Award.objects.filter(**identity).exists():
        message = _(
            "%(organisation)s already receives this label from this day; propose another outcome for “%(application)s”."
        )
        named = holder["holder"].short_name if holder["holder"] else holder["holder_text"]
        raise ActionError(message % {"organisation": named, "application": decision.application.title})
    award: Award = Award.objects.create(
        **identity,
        period_end=last.isoformat(),
        probation_until=last if outcome.confirmed_months else None,
        evidence_fr=f"Décision du {day.isoformat()}",
        evidence_en=f"Decision of {day.isoformat()}",
        simulated=decision.call_document.simulated,
    )
    cite_call(award, decision.application.version.call, day)
    return award


def award_holder(decision: Decision) -> Arguments:
    """The `holder` and `holder_text` of the award: the lead organisation, or the title of the application."""
    if decision.call_document.awarded_to is AwardedTo.TITLE:
        return {"holder": None, "holder_text": decision.application.title}
    return {"holder": decision.application.parties.get(part=PartyRole.LEAD).organisation, "holder_text": ""}


def last_day_of_term(first: dt.date, months: int) -> dt.date:
    """The last day of a term in months: 60 months from 1 March 2026 end on 28 February 2031."""
    return add_months(first, months) - dt.timedelta(days=1)
