"""The form of a document in YAML."""

from django import forms
from django.utils.translation import gettext_lazy

from maillage.documents.plain_yaml import MAX_LENGTH


class DocumentForm(forms.Form):
    """The text of a document, and the reason for publishing it."""

    text = forms.CharField(
        label=gettext_lazy("The text, as YAML"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 34, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, which stands beside the version"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
