"""Contradictions: both sides as pages show them, and the forms by which an officer settles or reopens one."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from maillage.kernel.actions import Impossible
from maillage.kernel.addresses import record_address
from maillage.kernel.contradictions import reopen_contradiction, settle_contradiction
from maillage.kernel.listing import Said, said
from maillage.kernel.models import Contradiction
from maillage.kernel.request import Request
from maillage.web import records


@dataclass(frozen=True, slots=True)
class Side:
    letter: str
    text: Said | None
    held: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """A contradiction ready for a page."""

    contradiction: Contradiction
    topic: Said | None
    sides: list[Side]
    url: str


def shown(contradiction: Contradiction) -> Dispute:
    """Both sides, the held one and the losing one told apart once a person has settled."""
    settled = contradiction.settled_side
    sides = [Side(one, said(contradiction, one), settled == one, settled not in ("", one)) for one in ("a", "b")]
    address = record_address("contradictions", contradiction.pk)
    return Dispute(contradiction, said(contradiction, "topic", address), sides, address)


def context(request: Request, contradiction: Contradiction, form: "SettleForm | None" = None) -> dict[str, Any]:
    """What the page of a contradiction shows besides what every record shows."""
    keys = [(subject.record_kind, subject.record_id) for subject in contradiction.subjects.all()[:50]]
    return {
        "template": "contradiction",
        "dispute": shown(contradiction),
        "subjects": list(records.headings(keys, actor=request.actor).values()),
        "form": form or SettleForm(contradiction=contradiction),
    }


class SettleForm(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("Which side holds?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason, which readers will see beside the losing value"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )

    def __init__(self, *arguments: Any, contradiction: Contradiction, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["side"].choices = [("a", contradiction.a), ("b", contradiction.b)]  # type: ignore[attr-defined]


@require_POST
def settle(request: Request, pk: int) -> HttpResponse:
    """Settle with a side and a reason; what is missing is said on the form."""
    contradiction = _visible(request, pk)
    form = SettleForm(request.POST, contradiction=contradiction)
    if form.is_valid():
        try:
            settle_contradiction(actor=request.actor, at=timezone.now(), contradiction_id=pk, **form.cleaned_data)
            messages.success(request, _("The contradiction is settled; the losing value stays visible."))
            return redirect("contradictions:record", pk)
        except Impossible as error:
            form.add_error(None, str(error))
    page = {"heading": Said(str(contradiction)), **context(request, contradiction, form)}
    return render(request, "web/settle.html", page, status=422)


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    """Take a settlement back."""
    _visible(request, pk)
    reason = request.POST.get("reason", "").strip()[:2000]
    reopen_contradiction(actor=request.actor, at=timezone.now(), contradiction_id=pk, reason=reason)
    messages.success(request, _("The contradiction is open again."))
    return redirect("contradictions:record", pk)


def _visible(request: Request, pk: int) -> Contradiction:
    return get_object_or_404(Contradiction.objects.visible_to(request.actor), pk=pk)
