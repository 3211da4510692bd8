"""The form of a new need: its text, who asks, and to whom it goes."""

import datetime as dt

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.formats import countries
from maillage.core.request import Request
from maillage.offers.models import Offer
from maillage.offers.queries import offers
from maillage.partnerships.addressees import Addressee, addressee_of
from maillage.partnerships.need_inputs import MAX_TEXT_LENGTH, RequesterInput
from maillage.partnerships.sectors import Sector
from maillage.presentation.form_types import CleanedData, FormArgument, FormField
from maillage.register.models import Organisation
from maillage.register.noun_phrases import say
from maillage.web.facts.fields import picker_attributes
from maillage.web.facts.record_picker import (
    PICKED_SUFFIX,
    PickerOption,
    find_by_key,
    picked_key,
    picker_options,
    picker_text,
)
from maillage.web.form_fields import amount_field
from maillage.web.partnerships.forms import TermsForm

_LISTS = ("organisations",)
# The fields on which the offers shown depend, and when these are looked for again.
_MATCHING_AGAIN = {"text": "input changed delay:400ms"} | dict.fromkeys(
    ("organisation", "place", "country", "sector"), "change"
)


class NeedForm(TermsForm):
    """A need with its requester and its addressee.

    `addressee` is one of the organisations that promise an answer (`possible`), `other` any organisation of the
    register by name; after validation `receiver` is how the need reaches the one that is chosen.
    """

    text = forms.CharField(
        label=gettext_lazy("Your need, in your own words"),
        help_text=gettext_lazy(
            "In French or in English, as long as you like. Say what you have, what you look for, and by when."
        ),
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    title = forms.CharField(
        label=gettext_lazy("A title"),
        help_text=gettext_lazy("Left empty, it is written from what you ask for."),
        max_length=200,
        required=False,
    )
    more = forms.CharField(
        label=gettext_lazy("Something else you look for"), help_text=gettext_lazy(
            "In a few words, separated by commas."), required=False, max_length=500,
    )  # fmt: skip
    offer = forms.ModelChoiceField(Offer.objects.none(), required=False, to_field_name="key", widget=forms.HiddenInput)
    addressee = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("To whom"), required=False)
    suggested = forms.CharField(required=False, widget=forms.HiddenInput)
    other = forms.CharField(
        label=gettext_lazy("Another organisation of the register"), required=False, max_length=400,
        help_text=gettext_lazy("Type a name, an acronym, a town or an identifier; it replaces the one above."),
    )  # fmt: skip
    send_anyway = forms.BooleanField(label=gettext_lazy("Send it all the same"), required=False)
    confidential = forms.BooleanField(
        label=gettext_lazy("Confidential: the laboratories asked read the need, not who asks"),
        required=False, initial=True,
    )  # fmt: skip
    organisation = forms.CharField(label=gettext_lazy("Your organisation"), max_length=300)
    email = forms.EmailField(label=gettext_lazy("Mail address for the answer"), max_length=254)
    contact = forms.CharField(label=gettext_lazy("Your name"), max_length=200, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Town or region"), help_text=gettext_lazy(
            "Laboratories near you may come a little earlier in the list, and the list says so."), required=False,
        max_length=200,
    )  # fmt: skip
    is_enterprise = forms.BooleanField(label=gettext_lazy("It is a company"), required=False, initial=True)
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), choices=[("", "—"), *Sector.choices], required=False)
    staff = forms.DecimalField(
        label=gettext_lazy("Staff of the whole group (annual work units)"), max_digits=12, decimal_places=1,
        min_value=0, required=False,
    )  # fmt: skip
    turnover = amount_field(gettext_lazy("Turnover of the whole group (euros)"))
    balance = amount_field(gettext_lazy("Balance sheet total of the whole group (euros)"))

    def __init__(
        self,
        data: FormArgument = None,
        *,
        request: Request,
        day: dt.date,
        possible: list[Organisation],
        **more: FormArgument,
    ) -> None:
        self.request, self.day, self.possible_addressees = request, day, possible
        self.receiver: Addressee | None = None
        super().__init__(self._with_picked(data), actor=request.actor, label_suffix="", **more)
        fields: dict[str, FormField] = self.fields
        possible_ids = [organisation.pk for organisation in possible]
        fields["addressee"].queryset = Organisation.objects.filter(pk__in=possible_ids).order_by("sort_name")
        fields["offer"].queryset = offers(actor=request.actor)
        fields["country"].choices = [("", "—"), *countries()]
        fields["other"].widget.attrs |= picker_attributes("other", _LISTS)
        for name, trigger in _MATCHING_AGAIN.items():
            fields[name].widget.attrs |= {
                "hx-post": reverse("need-matches"),
                "hx-trigger": trigger,
                "hx-target": "#matches",
                "hx-include": "closest form",
                "hx-sync": "closest form:replace",
            }

    def _with_picked(self, data: FormArgument) -> FormArgument:
        """The posted data, in which the text of the picker names the organisation that was chosen below it."""
        key = data.get(f"other{PICKED_SUFFIX}", "") if data is not None else ""
        record = find_by_key(self.request, _LISTS, key) if key else None
        if record is None:
            return data
        named = data.copy()
        named["other"] = picker_text(record)
        return named

    def clean(self) -> CleanedData:
        """Find to whom the need goes, and ask before it goes to an organisation for which nobody acts."""
        values = super().clean() or {}
        organisation = self._other(values["other"]) if values.get("other") else values.get("addressee")
        if organisation is None:
            if "other" not in self.errors and "addressee" not in self.errors:
                self.add_error("addressee", _("Choose to whom the need goes."))
            return values
        self.receiver = addressee_of(organisation, self.day)
        if self.receiver.is_doubtful and not values.get("send_anyway"):
            self.add_error("other", _unreached_warning(self.receiver))
        return values

    def _other(self, text: str) -> Organisation | None:
        key, error = picked_key(self.request, text, _LISTS)
        record: Organisation | None = find_by_key(self.request, _LISTS, key) if key else None
        if record is None:
            self.add_error("other", error)
        return record

    @property
    def warned(self) -> bool:
        """Whether the requester is warned that the organisation chosen may not answer."""
        return self.receiver is not None and self.receiver.is_doubtful

    @property
    def other_options(self) -> list[PickerOption]:
        """The organisations that a refused text may mean."""
        text = str(self["other"].value() or "")
        return picker_options(self.request, text, _LISTS) if self.errors.get("other") and not self.warned else []

    @property
    def asker(self) -> RequesterInput:
        """The requester, as an action takes it."""
        return RequesterInput(**{name: self.cleaned_data[name] for name in RequesterInput.__slots__})


def _unreached_warning(receiver: Addressee) -> str:
    if receiver.is_mailed:
        message = _(
            "Nobody acts for %(organisation)s here, and no day is promised. The need would be mailed to %(mail)s, "
            "with a link that answers it. Tick “Send it all the same”, or choose another organisation."
        )
    else:
        message = _(
            "Nobody acts for %(organisation)s here, and it has no contact in the register. Officers of the site would "
            "be told, and look for whom to ask. Tick “Send it all the same”, or choose another organisation."
        )
    return say(message, receiver.organisation, mail=receiver.organisation.contact_mail)
