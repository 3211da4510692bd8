"""Actions by which the authority of a label changes the term of an award."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.core.periods import OPEN, UNKNOWN, span
from maillage.documents.bilingual_text import BilingualText
from maillage.labels.models import Award
from maillage.labels.notifications import notify_award_term
from maillage.labels.queries import has_known_end

MAX_YEAR = 2200


def _authority_ids(*, award_id: int, **_others: object) -> Iterable[int]:
    """The id of the authority, which alone may change the term: not the organisation that manages the label for it."""
    authority_ids = Award.objects.filter(pk=award_id).values_list("label__authority_id", flat=True)
    return [authority_id for authority_id in authority_ids if authority_id]


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("End a label early"), concerns=_authority_ids)
def end_award(
    *, actor: Actor, at: dt.datetime, award_id: int, last_day: dt.date, reason_fr: Reason, reason_en: str = ""
) -> Award:
    """End an award on `last_day`; the reason is added to its note.

    Raises `ActionError` without a reason, or for a day before the first, not before the known end, or after `MAX_YEAR`.
    """
    award = _award_for_update(award_id)
    if last_day < _first_day(award) or (has_known_end(award) and last_day >= span(award.period_end).first):
        raise ActionError(_("It can end early only between its first day and the end of its term."))
    award.period_end = _period_end(last_day)
    if award.probation_until and award.probation_until >= last_day:
        award.probation_until = None
    _add_note(award, reason_fr, reason_en.strip() or reason_fr)
    return _save_and_notify(award, BilingualText(reason_fr, reason_en.strip() or reason_fr), actor=actor, at=at)


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Lengthen a label"), concerns=_authority_ids)
def extend_award(*, actor: Actor, at: dt.datetime, award_id: int, last_day: dt.date, reason: Reason) -> Award:
    """Move the end of an award to a later day. Raises `ActionError` for a day that is not later."""
    award = _award_for_update(award_id)
    if not has_known_end(award) or last_day <= span(award.period_end).last:
        raise ActionError(_("It can only be lengthened beyond the end of its term."))
    award.period_end = _period_end(last_day)
    return _save_and_notify(award, reason, actor=actor, at=at)


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Confirm a label after its probation"), concerns=_authority_ids)
def confirm_award(*, actor: Actor, at: dt.datetime, award_id: int, last_day: dt.date, reason: Reason) -> Award:
    """End the probation and let the award run until `last_day`. Raises `ActionError` without a probation."""
    award = _award_for_update(award_id)
    if award.probation_until is None:
        raise ActionError(_("This label is not on probation."))
    if last_day <= award.probation_until:
        raise ActionError(_("A label that is confirmed is held beyond its probation."))
    award.probation_until, award.period_end = None, _period_end(last_day)
    return _save_and_notify(award, reason, actor=actor, at=at)


def _period_end(last_day: dt.date) -> str:
    if last_day.year > MAX_YEAR:
        raise ActionError(_("No label is held for so long; give a day before the end of %d.") % MAX_YEAR)
    return last_day.isoformat()


def _award_for_update(award_id: int) -> Award:
    award: Award = Award.objects.select_for_update(of=("self",)).get(pk=award_id)
    return award


def _first_day(award: Award) -> dt.date:
    return dt.date.min if award.period_start in (OPEN, UNKNOWN) else span(award.period_start).first


def _add_note(award: Award, reason_fr: str, reason_en: str) -> None:
    """Append the reason to the note."""
    award.note_fr = "\n".join(filter(None, (award.note_fr, reason_fr)))
    award.note_en = "\n".join(filter(None, (award.note_en, reason_en)))


def _save_and_notify(award: Award, reason: str | BilingualText, *, actor: Actor, at: dt.datetime) -> Award:
    award.save()
    notify_award_term(award, reason, actor=actor, at=at)
    return award
