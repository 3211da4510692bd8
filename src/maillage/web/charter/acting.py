"""What the holder and who runs the label do on a follow-up: proofs, certificates, objectives, reviews."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from maillage.charter.document import CharterDocument, Kind
from maillage.charter.models import CertificateKind, FollowUp
from maillage.charter.progress import Aim, declare_reached, hold_review, set_objective
from maillage.charter.proving import add_certificate, attach_to_follow_up, give_proof, remove_certificate
from maillage.charter.queries import charter_of, follow_ups
from maillage.kernel.actions import REGISTRY, Impossible
from maillage.kernel.files.intake import Intake, settled
from maillage.kernel.request import Request
from maillage.register.figures import FIGURES
from maillage.web.acting import done, tried
from maillage.web.charter.record import title_of
from maillage.web.files import came_in, limits, taking_a_file


def follow_up_of(request: Request, pk: int, action: str) -> FollowUp:
    """The follow-up, for whoever may do what an action does on it."""
    found: FollowUp = get_object_or_404(follow_ups(actor=request.actor), pk=pk)
    REGISTRY[f"charter.{action}"].refuse(request.actor, timezone.now(), {"follow_up_id": found.pk})
    return found


def says_of(request: Request, follow_up: FollowUp) -> CharterDocument:
    """What the charter says to a follow-up on the day that is read."""
    return charter_of(follow_up, request.reading.on).says


def with_file(act: Callable[..., Any], follow_up: FollowUp, intake: Intake, **by: Any) -> Any:
    """What an action returns with the digest of the file that the form carried, if any; both are kept, or neither."""
    if intake.incoming is None and not intake.refused:
        return act(digest="", **by)
    incoming = came_in(intake)
    with settled(incoming), transaction.atomic():
        file = attach_to_follow_up(follow_up_id=follow_up.pk, incoming=incoming, **by)
        return act(digest=file.content.digest, **by)


def form_page(
    request: Request, form: forms.Form, follow_up: FollowUp, *, upload: bool = False, **words: Any
) -> HttpResponse:
    """The form about a follow-up, with its words, and a place for a file where it may carry one."""
    context = {"form": form, "about": follow_up, "upload": upload, **limits(), **words}
    return render(request, "web/act.html", context, status=422 if form.is_bound else 200)


class DayInput(forms.DateInput):
    """A day, chosen in a calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def long_text(rows: int = 4) -> forms.Textarea:
    """A field for some lines."""
    return forms.Textarea(attrs={"rows": rows})


class ProofForm(forms.Form):
    """Something declared, or words beside a file."""

    text = forms.CharField(label=gettext_lazy("In words"), required=False, max_length=20_000, widget=long_text(8))


@taking_a_file
def prove(request: Request, pk: int, name: str, intake: Intake) -> HttpResponse:
    """Give what a commitment asks of the holder."""
    follow_up = follow_up_of(request, pk, "give_proof")
    commitment = says_of(request, follow_up).commitment(name)
    asked = [one for one in commitment.asked if one.kind in (Kind.ATTACHMENT, Kind.DECLARATION)] if commitment else []
    if commitment is None or not asked:
        raise Http404(_("The charter asks for nothing here."))
    form = ProofForm(request.POST if request.method == "POST" else None)

    def act(**by: Any) -> Any:
        def give(**given: Any) -> Any:
            return give_proof(follow_up_id=pk, commitment=name, text=form.cleaned_data["text"], **given)

        return with_file(give, follow_up, intake, **by)

    if done(request, form, act):
        return redirect(f"{follow_up.get_absolute_url()}#{name}")
    intro = " · ".join(title_of(one) for one in asked)
    upload = commitment.asks(Kind.ATTACHMENT) is not None
    return form_page(
        request, form, follow_up, upload=upload, heading=str(commitment.text), intro=intro, go=_("Give it")
    )


class CertificateForm(forms.Form):
    """A certificate."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CertificateKind.choices)
    standard = forms.CharField(label=gettext_lazy("Standard, such as ISO 9001"), max_length=120)
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=200)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=80, required=False)
    valid_from = forms.DateField(label=gettext_lazy("Valid from"), widget=DayInput())
    valid_until = forms.DateField(label=gettext_lazy("Valid until, that day included"), widget=DayInput())


@taking_a_file
def certify(request: Request, pk: int, intake: Intake) -> HttpResponse:
    """Add a certificate."""
    follow_up = follow_up_of(request, pk, "add_certificate")
    form = CertificateForm(request.POST if request.method == "POST" else None)

    def act(**by: Any) -> Any:
        def add(**given: Any) -> Any:
            return add_certificate(follow_up_id=pk, **form.cleaned_data, **given)

        return with_file(add, follow_up, intake, **by)

    if done(request, form, act):
        return redirect(f"{follow_up.get_absolute_url()}#certificates")
    intro = _("A renewal is another certificate of the same standard.")
    return form_page(request, form, follow_up, upload=True, heading=_("Add a certificate"), intro=intro, go=_("Add it"))


@require_POST
def uncertify(request: Request, pk: int, number: int) -> HttpResponse:
    """Take a certificate out."""
    follow_up = follow_up_of(request, pk, "give_proof")
    get_object_or_404(follow_up.certificates, pk=number)
    tried(request, remove_certificate, certificate_id=number, reason=request.POST.get("reason", ""))
    return redirect(f"{follow_up.get_absolute_url()}#certificates")


class ObjectiveForm(forms.Form):
    """An objective with its targets."""

    key = forms.CharField(label=gettext_lazy("Key, in small letters"), max_length=60)
    text = forms.CharField(label=gettext_lazy("What is to be reached"), max_length=300)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=40, required=False)
    figure = forms.ChoiceField(label=gettext_lazy("Counted by the platform"), required=False)
    fewer = forms.BooleanField(label=gettext_lazy("Less is better: a target is the most that does"), required=False)
    aims = forms.CharField(
        label=gettext_lazy("Targets by year"), max_length=2_000, widget=long_text(),
        help_text=gettext_lazy("One year a line, such as “2027: 12.5”."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, figures: set[str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, Any] = self.fields
        fields["figure"].choices = [("", _("no, declared by the holder"))] + [
            (name, FIGURES[name].title) for name in sorted(figures & FIGURES.keys())
        ]


def aims_of(text: str) -> Iterator[Aim]:
    """The targets that lines such as “2027: 12.5” give. Raises `Impossible` for another line."""
    for line in filter(None, map(str.strip, text.splitlines())):
        found = re.fullmatch(r"(\d{4})\s*:\s*(.+)", line)
        try:
            yield Aim(int(found[1]), number_of(found[2]))  # type: ignore[index]
        except (TypeError, InvalidOperation) as error:
            raise Impossible(_("“%s” is no target; write one year a line, such as 2027: 12.5.") % line[:60]) from error


def number_of(text: str) -> Decimal:
    """A number as either language writes it. Raises `InvalidOperation`."""
    found = Decimal(re.sub(r"\s", "", text).replace(",", "."))
    if not found.is_finite():
        raise InvalidOperation
    return found


def objective(request: Request, pk: int, name: str = "") -> HttpResponse:
    """Set an objective, or set one again."""
    follow_up = follow_up_of(request, pk, "set_objective")
    known = next((one for one in follow_up.objectives.all() if one.key == name), None)
    initial: dict[str, Any] = {}
    if known:
        targets = sorted(known.targets.all(), key=lambda one: one.year)
        aims = "\n".join(f"{one.year}: {one.target.normalize():f}" for one in targets)
        initial = {each: getattr(known, each) for each in ("key", "text", "unit", "figure", "fewer")} | {"aims": aims}
    figures = charter_of(follow_up, timezone.localdate()).says.figures()
    form = ObjectiveForm(request.POST if request.method == "POST" else None, initial=initial, figures=figures)

    def act(**by: Any) -> Any:
        given = form.cleaned_data
        return set_objective(follow_up_id=pk, **given | {"aims": list(aims_of(given["aims"]))}, **by)

    if done(request, form, act):
        return redirect(f"{follow_up.get_absolute_url()}#objectives")
    intro = _("What was agreed with the holder; set again under the same key, it takes the place of what was set.")
    return form_page(request, form, follow_up, heading=_("Set an objective"), intro=intro, go=_("Set it"))


class ReachedForm(forms.Form):
    """What was reached."""

    reached = forms.DecimalField(label=gettext_lazy("Reached"), min_value=0, max_digits=15, decimal_places=2,
                                 localize=True)  # fmt: skip
    evidence = forms.CharField(label=gettext_lazy("Counted from what"), required=False, max_length=5_000,
                               widget=long_text())  # fmt: skip


@taking_a_file
def reached(request: Request, pk: int, name: str, year: int, intake: Intake) -> HttpResponse:
    """Say what was reached in a year."""
    follow_up = follow_up_of(request, pk, "declare_reached")
    known = get_object_or_404(follow_up.objectives, key=name, targets__year=year)
    form = ReachedForm(request.POST if request.method == "POST" else None)

    def act(**by: Any) -> Any:
        def declare(**given: Any) -> Any:
            return declare_reached(follow_up_id=pk, key=name, year=year, **form.cleaned_data, **given)

        return with_file(declare, follow_up, intake, **by)

    if done(request, form, act):
        return redirect(f"{follow_up.get_absolute_url()}#objectives")
    heading = _("What was reached in %s") % year
    return form_page(request, form, follow_up, upload=True, heading=heading, intro=known.text, go=_("Declare it"))


class MeetingForm(forms.Form):
    """The meeting of a review."""

    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=DayInput())
    conclusion = forms.CharField(label=gettext_lazy("Conclusion"), max_length=5_000, widget=long_text())
    minutes = forms.CharField(label=gettext_lazy("Minutes, unless as a file"), required=False, max_length=50_000,
                              widget=long_text(8))  # fmt: skip


@taking_a_file
def review(request: Request, pk: int, name: str, intake: Intake) -> HttpResponse:
    """Record a review of the period."""
    follow_up = follow_up_of(request, pk, "hold_review")
    known = says_of(request, follow_up).review(name)
    if known is None:
        raise Http404(_("The charter asks for nothing here."))
    form = MeetingForm(request.POST if request.method == "POST" else None)

    def act(**by: Any) -> Any:
        def record(**given: Any) -> Any:
            return hold_review(follow_up_id=pk, review=name, **form.cleaned_data, **given)

        return with_file(record, follow_up, intake, **by)

    if done(request, form, act):
        return redirect(f"{follow_up.get_absolute_url()}#reviews")
    intro = _("Recorded again, it is corrected; the history keeps what stood there.")
    return form_page(request, form, follow_up, upload=True, heading=str(known.title), intro=intro, go=_("Record it"))
