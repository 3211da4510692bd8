"""The fields of a form of facts as its page shows them."""

from dataclasses import dataclass

from django import forms

from maillage.web.facts.record_picker import PICKED_SUFFIX, PickerOption
from maillage.web.facts.understood import Understood


@dataclass(frozen=True, slots=True)
class FormPart:
    """A field as the page shows it: with what a date is understood as, or the records that a picker offers."""

    field: forms.BoundField
    understood: Understood | None = None
    is_picker: bool = False
    options: tuple[PickerOption, ...] = ()
    is_wide: bool = False
    is_name: bool = False

    @property
    def picked_name(self) -> str:
        return f"{self.field.name}{PICKED_SUFFIX}"


@dataclass(frozen=True, slots=True)
class FormGroup:
    """Fields that the page shows together; a group with a title is folded unless it `is_open`."""

    title: str
    parts: list[FormPart]
    is_open: bool = True
