"""Forms that change an existing record: a field that is not posted leaves the record as it is."""

from collections.abc import Collection
from typing import ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.presentation.form_types import CleanedData, FormArgument


class PartialFormMixin(forms.BaseForm):
    """A form of which only the posted fields are used; a required field may be left out, but not posted empty.

    The fields of `always_required` are those that the action cannot do without; they must be posted. Check boxes and
    multiple choices need a widget of this module: with Django's own, an empty choice cannot be distinguished from a
    field that is not posted.
    """

    always_required: ClassVar[Collection[str]] = ("reason",)

    def __init__(self, *arguments: FormArgument, **options: FormArgument) -> None:
        super().__init__(*arguments, **options)
        for name, field in self.fields.items():
            if self.is_bound and name not in self.always_required and not is_posted(self, name):
                field.required = False

    @property
    def posted(self) -> CleanedData:
        """The cleaned values of the fields that were posted."""
        return {name: value for name, value in self.cleaned_data.items() if is_posted(self, name)}


def is_posted(form: forms.BaseForm, name: str) -> bool:
    """Whether a field of a form was posted, even if empty."""
    return not form.fields[name].widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name))


class _MarkedWidget(forms.Widget):
    """A widget with a hidden empty value before it, so that an empty choice is posted too."""

    def render(
        self, name: str, value: FormArgument, attrs: FormArgument = None, renderer: FormArgument = None
    ) -> SafeString:
        mark = format_html('<input type="hidden" name="{}" value="">', name)
        return mark + super().render(name, value, attrs, renderer)

    def value_from_datadict(self, data: FormArgument, files: FormArgument, name: str) -> FormArgument:
        values = super().value_from_datadict(data, files, name)
        return [value for value in values if value != ""] if isinstance(values, list) else values

    def value_omitted_from_data(self, data: FormArgument, files: FormArgument, name: str) -> bool:
        return name not in data


class CheckboxSelectMultiple(_MarkedWidget, forms.CheckboxSelectMultiple):
    """Check boxes, of which none may be ticked."""


class SelectMultiple(_MarkedWidget, forms.SelectMultiple):
    """A list of several choices, of which none may be chosen."""


class CheckboxInput(_MarkedWidget, forms.CheckboxInput):
    """A check box that may be unticked; templates recognise it by its class name."""
