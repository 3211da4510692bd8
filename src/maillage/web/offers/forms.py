"""The forms of offers."""

import re
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.offers.models import Offer
from maillage.offers.rows import OfferDraft
from maillage.web.form_fields import amount_field, day_field, reason_field

_LANGUAGES = [("fr", _("French")), ("en", _("English"))]


def _line(label: Any, *, most: int, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required)


def _note(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "short"})
    )


class OfferForm(forms.Form):
    """What an offer says, in both languages."""

    title_fr = _line(_("Title in French"), most=400, required=True)
    title_en = _line(_("Title in English"), most=400, required=True)
    keywords = forms.CharField(
        label=_("Key words, in either language, separated by commas"),
        help_text=_("By these and the titles the offer is matched to needs."),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )
    stage_fr = _line(_("Stage in French"), most=120)
    stage_en = _line(_("Stage in English"), most=120)
    trl_low = forms.IntegerField(label=_("Technology readiness level, from"), min_value=1, max_value=9, required=False)
    trl_high = forms.IntegerField(
        label=pgettext_lazy("end of a range", "… to"), min_value=1, max_value=9, required=False
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of work"), choices=_LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    cost = amount_field(_("Indicative cost (euros, without tax)"))
    note_fr = _note(_("Note in French"))
    note_en = _note(_("Note in English"))

    @property
    def draft(self) -> OfferDraft:
        """What was filled in, as an action takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name in OfferDraft.__slots__}
        words = [word.strip() for word in re.split(r"[,;\n]", given.pop("keywords"))]
        low, high = given.pop("trl_low"), given.pop("trl_high")
        return OfferDraft(**given, keywords=[*filter(None, words)], trl_low=low or high, trl_high=high or low)

    @staticmethod
    def initial_of(offer: Offer) -> dict[str, Any]:
        """What an offer says today."""
        said = {name: getattr(offer, name) for name in OfferDraft.__slots__}
        return said | {"keywords": ", ".join(offer.keywords)}


class RevisionForm(OfferForm):
    """An offer said anew; its currency stays, and languages that the list does not have."""

    reason = reason_field()

    def __init__(self, data: Any = None, *, offer: Offer) -> None:
        super().__init__(data, initial=self.initial_of(offer))
        self.currency = offer.currency
        languages: Any = self.fields["languages"]
        known = dict(_LANGUAGES)
        languages.choices = [*_LANGUAGES, *((code, code) for code in offer.languages if code not in known)]

    @property
    def draft(self) -> OfferDraft:
        """What was filled in, in the currency of the offer."""
        return replace(super().draft, currency=self.currency)


class EndForm(forms.Form):
    """The last day of an offer."""

    last_day = day_field(_("Last day"))
    reason = reason_field()


class CapacityForm(forms.Form):
    """From when on a body takes work."""

    free_from = day_field(_("From which day (empty: at once)"), required=False)
    note_fr = _line(_("Note in French"), most=300)
    note_en = _line(_("Note in English"), most=300)


class PromiseForm(forms.Form):
    """Within how many days a body answers."""

    working_days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=250)


class JointOfferForm(OfferForm):
    """An offer that joins those of several members."""

    parts = forms.ModelMultipleChoiceField(
        Offer.objects.none(), label=_("Offers to join"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("parts",)

    def __init__(self, *arguments: Any, choices: list[Offer], **more: Any) -> None:
        super().__init__(*arguments, **more)
        chosen: Any = self.fields["parts"]
        chosen.queryset = Offer.objects.filter(pk__in=[one.pk for one in choices]).select_related("provider")
        chosen.queryset = chosen.queryset.order_by("provider__sort_name", "pk")
        chosen.label_from_instance = lambda offer: f"{offer.provider.short_name}: {offer.title}"
