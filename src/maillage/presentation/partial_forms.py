"""Forms over a record that exists: a field that was not posted leaves the record as it is."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString


class PartialFormMixin(forms.BaseForm):
    """A form of which only the posted fields count; a required one may be left out, but not emptied.

    A reason is always asked for. Boxes and lists of several choices need a widget of this module: of Django's own, none
    chosen looks like not posted.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for name, field in self.fields.items():
            if self.is_bound and name != "reason" and not is_posted(self, name):
                field.required = False

    @property
    def posted(self) -> dict[str, Any]:
        """The cleaned values of the fields that were posted."""
        return {name: value for name, value in self.cleaned_data.items() if is_posted(self, name)}


def is_posted(form: forms.BaseForm, name: str) -> bool:
    """Whether a field of a form was sent at all, be it empty."""
    return not form.fields[name].widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name))


class _MarkedWidget(forms.Widget):
    """A widget with a hidden empty value before it, so that nothing chosen differs from not shown."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        mark = format_html('<input type="hidden" name="{}" value="">', name)
        return mark + super().render(name, value, attrs, renderer)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = super().value_from_datadict(data, files, name)
        return [value for value in values if value != ""] if isinstance(values, list) else values

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


class CheckboxSelectMultiple(_MarkedWidget, forms.CheckboxSelectMultiple):
    """Boxes of which none may be ticked."""


class SelectMultiple(_MarkedWidget, forms.SelectMultiple):
    """A list of which nothing may be chosen."""


class CheckboxInput(_MarkedWidget, forms.CheckboxInput):
    """A box that may be unticked; templates know it by the name of its class."""
