"""Forms for contradictions and for the visibility of records."""

from django import forms
from django.utils.translation import gettext_lazy

from maillage.core.models import Contradiction
from maillage.core.security.visibility import Visibility
from maillage.presentation.form_types import FormArgument


class SettleForm(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("Which side holds?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason, which readers will see beside the losing value"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )

    def __init__(self, *arguments: FormArgument, contradiction: Contradiction, **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        self.fields["side"].choices = [("a", contradiction.a), ("b", contradiction.b)]  # type: ignore[attr-defined]


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(label=gettext_lazy("Who sees this record"), choices=Visibility.choices)
    reason = forms.CharField(label=gettext_lazy("Reason, kept in the history"), max_length=2000)
    version = forms.CharField(widget=forms.HiddenInput, required=False)


class NamedReaderForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Mail address of another who may read it"), max_length=254)
