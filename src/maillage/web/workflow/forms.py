"""Forms for process definitions and error reports."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from maillage.documents.plain_yaml import MAX_LENGTH


class DefinitionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The definition, as YAML"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 32,
                "class": "code",
                "spellcheck": "false",
                "autocapitalize": "off",
                "hx-post": reverse_lazy("process-preview"),
                "hx-trigger": "input changed delay:500ms",
                "hx-target": "#preview",
                "hx-sync": "this:replace",
            }
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, which stands beside the version"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReportForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is wrong, and how do you know?"),
        help_text=gettext_lazy("A source helps most: an address, a document. Leave out personal data."),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
