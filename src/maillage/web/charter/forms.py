"""Forms about a follow-up."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.models import Certificate, CertificateKind, FindingSeverity, Objective
from maillage.presentation.form_types import FormArgument, FormField
from maillage.presentation.partial_forms import CheckboxInput, PartialFormMixin
from maillage.register.figure_provider import FIGURES
from maillage.web.form_fields import DayInput, textarea, with_model_fields


class ProofForm(forms.Form):
    """A declaration, or a text beside a file."""

    text = forms.CharField(label=gettext_lazy("In words"), required=False, max_length=20_000, widget=textarea(8))


@with_model_fields(
    Certificate,
    ["kind", "standard", "issuer", "number", "valid_from", "valid_until"],
    labels={
        "standard": gettext_lazy("Standard, such as ISO 9001"),
        "issuer": gettext_lazy("Issued by"),
        "valid_until": gettext_lazy("Valid until, that day included"),
    },
)
class CertificateForm(forms.Form):
    """A certificate."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CertificateKind.choices)


@with_model_fields(
    Objective,
    ["key", "text", "unit"],
    labels={"key": gettext_lazy("Key, in small letters"), "text": gettext_lazy("What is to be reached")},
)
class ObjectiveForm(PartialFormMixin, forms.Form):
    """An objective with its targets."""

    always_required = ("key",)

    figure = forms.ChoiceField(label=gettext_lazy("Counted by the platform"), required=False)
    fewer = forms.BooleanField(label=gettext_lazy("Less is better: a target is the most that does"), required=False,
                               widget=CheckboxInput)  # fmt: skip
    aims = forms.CharField(
        label=gettext_lazy("Targets by year"), max_length=2_000, widget=textarea(),
        help_text=gettext_lazy("One year a line, such as “2027: 12.5”."),
    )  # fmt: skip

    def __init__(self, *arguments: FormArgument, figures: set[str], **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, FormField] = self.fields
        fields["figure"].choices = [("", _("no, declared by the holder"))] + [
            (name, FIGURES[name].title) for name in sorted(figures & FIGURES.keys())
        ]


class ResultForm(PartialFormMixin, forms.Form):
    """The result of a year."""

    always_required = ("reached",)

    reached = forms.DecimalField(label=gettext_lazy("Reached"), min_value=0, max_digits=15, decimal_places=2,
                                 localize=True)  # fmt: skip
    evidence = forms.CharField(label=gettext_lazy("Counted from what"), required=False, max_length=5_000,
                               widget=textarea())  # fmt: skip


class MeetingForm(PartialFormMixin, forms.Form):
    """The meeting of a review."""

    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=DayInput())
    conclusion = forms.CharField(label=gettext_lazy("Conclusion"), max_length=5_000, widget=textarea())
    minutes = forms.CharField(label=gettext_lazy("Minutes, unless as a file"), required=False, max_length=50_000,
                              widget=textarea(8))  # fmt: skip


class FindingForm(forms.Form):
    """A finding on a commitment."""

    commitment = forms.ChoiceField(label=gettext_lazy("Commitment"))
    text = forms.CharField(label=gettext_lazy("What was found"), max_length=5_000, widget=textarea())
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), choices=FindingSeverity.choices)
    due_on = forms.DateField(label=gettext_lazy("To be mended by"), widget=DayInput())
