"""The authority changes how long a label is held: ended early, lengthened, confirmed after its probation."""

from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import REGISTRY
from maillage.kernel.request import Request
from maillage.labels.models import Award
from maillage.labels.terms import confirm_award, end_award, extend_award
from maillage.web.acting import done, posted, shown


class _LastDayForm(forms.Form):
    """The last day of a label."""

    last_day = forms.DateField(
        label=gettext_lazy("Held until, this day included"), widget=forms.DateInput(attrs={"type": "date"})
    )


class TermForm(_LastDayForm):
    """The last day of a label, and why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))


class EndForm(_LastDayForm):
    """The last day of a label that ends early, and why, for everyone to read."""

    reason_fr = forms.CharField(
        label=gettext_lazy("Reason, in French"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason, in English"), max_length=2_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


_CHANGES: dict[str, tuple[Callable[..., Award], type[forms.Form], str | Promise, str | Promise]] = {
    "end": (end_award, EndForm, gettext_lazy("End the label early"), gettext_lazy("End it")),
    "extend": (extend_award, TermForm, gettext_lazy("Lengthen the label"), gettext_lazy("Lengthen it")),
    "confirm": (
        confirm_award, TermForm, gettext_lazy("Confirm the label after its probation"), gettext_lazy("Confirm it"),
    ),
}  # fmt: skip


def change(request: Request, pk: int, what: str) -> HttpResponse:
    """Change the term of an award: `what` is end, extend or confirm."""
    act, fields, heading, go = _CHANGES[what]
    award: Award = get_object_or_404(Award.objects.visible_to(request.actor).select_related("label", "holder"), pk=pk)
    REGISTRY[f"labels.{act.__name__}"].refuse(request.actor, timezone.now(), {"award_id": award.pk})
    form = fields(posted(request))

    if done(request, form, lambda **by: act(award_id=award.pk, **form.cleaned_data, **by)):
        return redirect(award)
    intro = _("Its record and its badge say so from then on; what was known before stays in the history.")
    return shown(request, form, award, heading=heading, intro=intro, go=go)
