"""The form of an entity of a perimeter."""

from django import forms
from django.utils.translation import gettext_lazy

from maillage.presentation.partial_forms import PartialFormMixin


class EntityForm(PartialFormMixin, forms.Form):
    """An entity of a perimeter."""

    always_required = ("organisation",)

    organisation = forms.CharField(label=gettext_lazy("Key of the entity"), max_length=80)
    host = forms.CharField(label=gettext_lazy("Key of its host establishment"), max_length=80)
    share = forms.CharField(label=gettext_lazy("Share, in percent"), max_length=12)
    since = forms.DateField(label=gettext_lazy("From, if later than the label"), required=False)
    until = forms.DateField(label=gettext_lazy("To, if before its end"), required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *arguments: object, removing: bool = False, **more: object) -> None:
        super().__init__(*arguments, **more)
        if removing:
            self.fields["host"].required = self.fields["share"].required = False
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
