"""The form that describes an organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from maillage.register.actions.organisations import DESCRIBABLE_FIELDS
from maillage.register.models import Organisation

_LABELS: dict[str, Any] = {"note_fr": gettext_lazy("Note in French"), "note_en": gettext_lazy("Note in English")}


def description_form_class() -> "type[forms.ModelForm[Organisation]]":
    """The form class of the fields that may be described, with a reason."""
    base = forms.modelform_factory(
        Organisation, fields=[name for name in DESCRIBABLE_FIELDS if name != "website"], labels=_LABELS
    )
    website = forms.URLField(label=gettext_lazy("Website"), required=False, max_length=500, assume_scheme="https")
    return type("DescribeForm", (base,), {"website": website, "reason": _reason()})


def _reason() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Reason, which stands in the history"), max_length=2000)
