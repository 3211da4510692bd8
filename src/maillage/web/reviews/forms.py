"""Forms for reviewers, panels, rankings and decisions."""

from typing import cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import CallCriterion, CallDocument
from maillage.core import formats
from maillage.presentation.form_types import FormArgument
from maillage.presentation.partial_forms import PartialFormMixin
from maillage.reviews.replacement_reviewers import ReplacementReviewer
from maillage.reviews.sensitivity import DEFAULT_STEP, MAX_STEP


class PublicationForm(forms.Form):
    """The moment at which decisions are published."""

    moment = forms.DateTimeField(
        label=gettext_lazy("Publish on"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *arguments: FormArgument, **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        zone = settings.TIME_ZONE
        self.fields["moment"].help_text = _("In the time of %s; it is done within a minute.") % zone


class AppealForm(forms.Form):
    """An appeal against a decision."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong with the decision, and what you ask for"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip


class ReviewerForm(PartialFormMixin, forms.Form):
    """A reviewer of the panel."""

    always_required = ("email",)

    email = forms.EmailField(label=gettext_lazy("Mail address of the account"), max_length=254)
    employer = forms.CharField(label=gettext_lazy("Key of the employer"), max_length=80, required=False)
    competences = forms.CharField(
        label=gettext_lazy("What they know, in words separated by commas"), max_length=2_000, required=False
    )
    most = forms.IntegerField(label=gettext_lazy("Reviews at most"), min_value=1, max_value=50, initial=6)


class ReplacementForm(forms.Form):
    """The reviewer who takes over, the most suitable first, and the reason."""

    successor = forms.ChoiceField(label=gettext_lazy("Who takes over"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2_000)

    def __init__(self, *arguments: FormArgument, able: list[ReplacementReviewer], **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        field = cast(forms.ChoiceField, self.fields["successor"])
        field.choices = [(replacement.reviewer.pk, _replacement_text(replacement)) for replacement in able]


def _replacement_text(replacement: ReplacementReviewer) -> str:
    template = _("%(name)s: knows %(share)s of what the application speaks of; has %(load)d of %(most)d reviews")
    return template % {
        "name": replacement.reviewer.person.name,
        "share": formats.percent(replacement.competence),
        "load": replacement.load,
        "most": replacement.reviewer.most,
    }


class StepForm(forms.Form):
    """The step by which each weight is varied, in points of a hundred."""

    step = forms.IntegerField(
        label=gettext_lazy("Points by which each weight moves"), min_value=1, max_value=MAX_STEP, initial=DEFAULT_STEP
    )


class AttendanceForm(forms.Form):
    """The persons present at a session, one a line."""

    present = forms.CharField(
        label=gettext_lazy("Who was present, one person a line"), max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip


class ReviewForm(PartialFormMixin, forms.Form):
    """Marks by criterion, and separate texts for the applicant and for the panel."""

    to_applicant = forms.CharField(
        label=gettext_lazy("To the applicant, who reads it with the decision"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    to_panel = forms.CharField(
        label=gettext_lazy("To the panel alone"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip

    def __init__(self, *arguments: FormArgument, document: CallDocument, **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        for criterion in document.criteria:
            self.fields[f"mark-{criterion.key}"] = _mark_field(criterion)
        self.order_fields([f"mark-{criterion.key}" for criterion in document.criteria])

    @property
    def marks(self) -> dict[str, object]:
        """The marks given, by criterion."""
        prefix = "mark-"
        return {key.removeprefix(prefix): value for key, value in self.posted.items() if key.startswith(prefix)}


def _mark_field(criterion: CallCriterion) -> forms.CharField:
    range_text = _("from %(low)s to %(high)s") % {"low": criterion.low, "high": criterion.high}
    anchors = formats.join_items(f"{anchor.mark}: {anchor.words}" for anchor in criterion.anchors)
    return forms.CharField(
        label=str(criterion.title), required=False, max_length=10, help_text=f"{range_text}. {anchors}".strip(),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
