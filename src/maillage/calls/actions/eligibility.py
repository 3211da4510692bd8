"""Eligibility."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.eligibility import check_results
from maillage.calls.models import VERDICT_CHOICES, Application, ApplicationParty, PartyRole, RuleVerdict
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, SYSTEM, Actor


def _call_offices(*, application_id: int, **_others: Any) -> Iterable[int]:
    return ApplicationParty.objects.filter(application=application_id, part=PartyRole.OFFICE).values_list(
        "organisation_id", flat=True
    )


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Check whether a dossier is eligible"), concerns=_call_offices)
def check_application(*, actor: Actor, at: dt.datetime, application_id: int) -> list[RuleVerdict]:
    """Keep what each rule finds on the day of sending. Raises `ActionError` for a dossier that was not sent."""
    application: Application = Application.objects.select_related("version").get(pk=application_id)
    if application.sent_at is None:
        raise ActionError(_("This dossier is not sent."))
    found = check_results(application, actor=SYSTEM, day=timezone.localdate(application.sent_at))
    return [
        RuleVerdict.objects.update_or_create(
            application=application, rule=rule, defaults={"verdict": one.verdict.value, "evidence": one.evidence}
        )[0]
        for rule, one in found.items()
    ]


def _call_offices_of_verdict(*, verdict_id: int, **_others: Any) -> Iterable[int]:
    applications = RuleVerdict.objects.filter(pk=verdict_id).values_list("application_id", flat=True)
    return _call_offices(application_id=next(iter(applications), 0))


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Overrule a check of a dossier"), concerns=_call_offices_of_verdict)
def overrule(*, actor: Actor, at: dt.datetime, verdict_id: int, verdict: str, reason: Reason) -> RuleVerdict:
    """Say otherwise than a check found. Raises `ActionError` without a reason."""
    if verdict not in dict(VERDICT_CHOICES):
        raise ActionError(_("A rule is met, not met, or not sure."))
    held: RuleVerdict = RuleVerdict.objects.select_for_update().get(pk=verdict_id)
    held.overruling_verdict, held.reason = verdict, reason
    held.save()
    return held
