"""Run the eligibility rules of a call on an application."""

import datetime as dt

from django.utils.translation import gettext as _

from maillage.calls.checks import ELIGIBILITY_CHECKS, CheckContext, CheckResult, Verdict
from maillage.calls.models import Application, PartyRole
from maillage.core.actors import Actor


def check_results(application: Application, *, actor: Actor, day: dt.date) -> dict[str, CheckResult]:
    """The result of each rule of the call for an application as it is now; `UNSURE` for a check that is gone."""
    context = _check_context(application, actor, day)
    results = {}
    for rule in application.call_document.rules:
        check = ELIGIBILITY_CHECKS.get(rule.check)
        check_missing = CheckResult(Verdict.UNSURE, _("This check is not known here; an officer decides."))
        results[rule.key] = check.run(context, rule.parameters) if check else check_missing
    return results


def _check_context(application: Application, actor: Actor, day: dt.date) -> CheckContext:
    parties = list(application.parties.exclude(part=PartyRole.OFFICE).select_related("organisation").order_by("pk"))
    lead = next(party.organisation for party in parties if party.part == PartyRole.LEAD)
    replies = {f"{section}/{question}": value for section, question, value in
               application.replies.filter(number=1).values_list("section", "question", "value")}  # fmt: skip
    rivals = Application.objects.filter(
        version__call=application.version.call_id, theme=application.theme, withdrawn_at=None
    )
    return CheckContext(
        lead=lead,
        organisations=tuple((party.organisation, party.part) for party in parties),
        holders=application.call_document.holders,
        replies=replies,
        competing_applications=rivals.exclude(pk=application.pk).exclude(sent_at=None).count()
        if application.theme
        else 0,
        day=day,
        actor=actor,
    )
