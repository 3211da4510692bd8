"""Forms for applications and for changes of a call."""

from django import forms
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import CallDocument
from maillage.calls.models import PartyRole
from maillage.presentation.form_types import FormArgument, FormField


class BeginForm(forms.Form):
    """Begin an application."""

    title = forms.CharField(label=gettext_lazy("Title of the application"), max_length=200)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"))

    def __init__(self, *arguments: FormArgument, document: CallDocument, **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, FormField] = self.fields
        fields["theme"].choices = [(key, str(words)) for key, words in document.themes.items()]
        if not document.themes:
            del self.fields["theme"]


class PartyForm(forms.Form):
    """Add an organisation to an application."""

    organisation = forms.CharField(
        label=gettext_lazy("Key of the organisation"), max_length=80,
        help_text=gettext_lazy("The last word of the address of its page."),
    )  # fmt: skip
    part = forms.ChoiceField(
        label=gettext_lazy("As"), choices=[(role.value, role.label) for role in (PartyRole.HOST, PartyRole.PARTNER)]
    )


class ReasonForm(forms.Form):
    """A reason for a change."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip
