"""Forms of offers, capacities and promised delays."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core.text import label_and_value
from maillage.offers.drafts import OfferChanges, OfferDraft
from maillage.offers.models import Capacity, Offer
from maillage.offers.queries import draft_of
from maillage.presentation.form_types import CleanedData, FormArgument, FormField
from maillage.presentation.partial_forms import CheckboxSelectMultiple, PartialFormMixin
from maillage.web.form_fields import amount_field, day_field, reason_field, with_model_fields

# Costs are asked in euros.
_OFFER_FIELDS = [name for name in OfferDraft.__slots__ if name != "currency"]
_LANGUAGES = [("fr", _("French")), ("en", _("English"))]


def _note(label: FormArgument) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "short"})
    )


@with_model_fields(
    Offer,
    _OFFER_FIELDS,
    labels={
        "title_fr": _("Title in French"),
        "title_en": _("Title in English"),
        "stage_fr": _("Stage in French"),
        "stage_en": _("Stage in English"),
    },
)
class OfferForm(forms.Form):
    """An offer, in both languages; a field that is not stated here is as the model says."""

    keywords = forms.CharField(
        label=_("Key words, in either language, separated by commas"),
        help_text=_("By these and the titles the offer is matched to needs."),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )
    trl_low = forms.IntegerField(label=_("Technology readiness level, from"), min_value=1, max_value=9, required=False)
    trl_high = forms.IntegerField(
        label=pgettext_lazy("end of a range", "… to"), min_value=1, max_value=9, required=False
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of work"), choices=_LANGUAGES, required=False, widget=CheckboxSelectMultiple
    )
    cost = amount_field(_("Indicative cost (euros, without tax)"))
    note_fr = _note(_("Note in French"))
    note_en = _note(_("Note in English"))

    def clean_keywords(self) -> list[str]:
        """The key words as a list."""
        return [word.strip() for word in re.split(r"[,;\n]", self.cleaned_data["keywords"]) if word.strip()]

    def clean(self) -> CleanedData:
        """Set both ends of the range of readiness levels where one was filled in."""
        values = super().clean() or {}
        low, high = values.get("trl_low"), values.get("trl_high")
        return values | {"trl_low": low or high, "trl_high": high or low}

    @property
    def draft(self) -> OfferDraft:
        """The draft, as an action takes it."""
        return OfferDraft(**self._draft_fields(self.cleaned_data))

    @staticmethod
    def _draft_fields(values: Mapping[str, object]) -> CleanedData:
        return {name: value for name, value in values.items() if name in OfferDraft.__slots__}

    @staticmethod
    def initial_of(offer: Offer) -> dict[str, object]:
        """The initial values of the form for an offer."""
        return asdict(draft_of(offer)) | {"keywords": ", ".join(offer.keywords)}


class RevisionForm(PartialFormMixin, OfferForm):
    """Changes to an offer; its languages that are not in the list stay selectable."""

    reason = reason_field()

    def __init__(self, data: FormArgument = None, *, offer: Offer) -> None:
        super().__init__(data, initial=self.initial_of(offer))
        languages: FormField = self.fields["languages"]
        listed = dict(_LANGUAGES)
        languages.choices = [*_LANGUAGES, *((code, code) for code in offer.languages if code not in listed)]

    @property
    def changes(self) -> OfferChanges:
        """The fields that were posted, as a revision takes them."""
        return cast(OfferChanges, self._draft_fields(self.posted))


class EndForm(forms.Form):
    """The last day of an offer."""

    last_day = day_field(_("Last day"))
    reason = reason_field()


@with_model_fields(
    Capacity,
    ["free_from", "note_fr", "note_en"],
    labels={
        "free_from": _("From which day (empty: at once)"),
        "note_fr": _("Note in French"),
        "note_en": _("Note in English"),
    },
)
class CapacityForm(PartialFormMixin, forms.Form):
    """The day from which an organisation can take work."""


class PromiseForm(forms.Form):
    """The number of working days within which an organisation answers."""

    working_days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=250)


class JointOfferForm(OfferForm):
    """A joint offer made of offers of several members."""

    parts = forms.ModelMultipleChoiceField(
        Offer.objects.none(), label=_("Offers to join"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("parts",)

    def __init__(self, *arguments: FormArgument, choices: list[Offer], **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        parts_field: FormField = self.fields["parts"]
        parts_field.queryset = Offer.objects.filter(pk__in=[offer.pk for offer in choices]).select_related("provider")
        parts_field.queryset = parts_field.queryset.order_by("provider__sort_name", "pk")
        parts_field.label_from_instance = lambda offer: label_and_value(offer.provider.short_name, offer.title)
