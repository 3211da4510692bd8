"""Actions: check the eligibility of an application, and overrule a check."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.eligibility import check_results
from maillage.calls.models import VERDICT_CHOICES, Application, ApplicationParty, PartyRole, RuleVerdict
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, SYSTEM, Actor


def _call_operators(*, application_id: int, **_others: object) -> Iterable[int]:
    return ApplicationParty.objects.filter(application=application_id, part=PartyRole.OFFICE).values_list(
        "organisation_id", flat=True
    )


@action(
    LABEL_OFFICER, OFFICER, title=gettext_lazy("Check whether an application is eligible"), concerns=_call_operators
)
def check_application(*, actor: Actor, at: dt.datetime, application_id: int) -> list[RuleVerdict]:
    """Save the verdict of each rule on the day of sending. Raises `ActionError` for an application not sent."""
    application: Application = Application.objects.select_related("version").get(pk=application_id)
    if application.sent_at is None:
        raise ActionError(_("This application is not sent."))
    results = check_results(application, actor=SYSTEM, day=timezone.localdate(application.sent_at))
    return [
        RuleVerdict.objects.update_or_create(
            application=application, rule=rule, defaults={"verdict": result.verdict.value, "evidence": result.evidence}
        )[0]
        for rule, result in results.items()
    ]


def _call_operators_of_verdict(*, verdict_id: int, **_others: object) -> Iterable[int]:
    applications = RuleVerdict.objects.filter(pk=verdict_id).values_list("application_id", flat=True)
    return _call_operators(application_id=next(iter(applications), 0))


@action(
    LABEL_OFFICER,
    OFFICER,
    title=gettext_lazy("Overrule a check of an application"),
    concerns=_call_operators_of_verdict,
)
def overrule(*, actor: Actor, at: dt.datetime, verdict_id: int, verdict: str, reason: Reason) -> RuleVerdict:
    """Replace the verdict of a check. Raises `ActionError` without a reason or for an unknown verdict."""
    if verdict not in dict(VERDICT_CHOICES):
        raise ActionError(_("A rule is met, not met, or not sure."))
    rule_verdict: RuleVerdict = RuleVerdict.objects.select_for_update().get(pk=verdict_id)
    rule_verdict.overruling_verdict, rule_verdict.reason = verdict, reason
    rule_verdict.save()
    return rule_verdict
