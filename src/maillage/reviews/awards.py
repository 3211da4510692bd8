"""Awards."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from maillage.calls.call_document import AwardedTo, Outcome
from maillage.calls.models import PartyRole
from maillage.core.action_registry import ActionError
from maillage.core.periods import add_months
from maillage.labels.models import Award, Label
from maillage.reviews.models import Decision
from maillage.reviews.waves import cite_call


def create_award(decision: Decision, outcome: Outcome, day: dt.date) -> Award | None:
    """The award that an outcome gives from a day on, to the lead or to what the dossier is about; none without label.

    Raises `ActionError` where the holder was given the same label from that very day, as by a second dossier.
    """
    if not outcome.label:
        return None
    last, holder = last_day_of_term(day, outcome.months), award_holder(decision)
    given = {"label": Label.objects.get(key=outcome.label), **holder, "period_start": day.isoformat()}
    if Award.objects.filter(**given).exists():
        told = _("%(body)s is given this label from this day already; propose another outcome for “%(dossier)s”.")
        named = holder["holder"].short_name if holder["holder"] else holder["holder_text"]
        raise ActionError(told % {"body": named, "dossier": decision.application.title})
    held: Award = Award.objects.create(
        **given,
        period_end=last.isoformat(),
        probation_until=last if outcome.confirmed_months else None,
        evidence_fr=f"Décision du {day.isoformat()}",
        evidence_en=f"Decision of {day.isoformat()}",
        simulated=decision.says.simulated,
    )
    cite_call(held, decision.application.version.call, day)
    return held


def award_holder(decision: Decision) -> dict[str, Any]:
    """Who or what then holds the label, as an award has it: the body that leads, or the title of the dossier."""
    if decision.says.awarded_to is AwardedTo.TITLE:
        return {"holder": None, "holder_text": decision.application.title}
    return {"holder": decision.application.parties.get(part=PartyRole.LEAD).organisation, "holder_text": ""}


def last_day_of_term(first: dt.date, months: int) -> dt.date:
    """The last of so many months from a first day on: 60 months from 1 March 2026 end on 28 February 2031."""
    return add_months(first, months) - dt.timedelta(days=1)
