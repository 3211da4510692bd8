"""Forms for needs: state, answer, redirect, decline, ask teams, reply, rate and complain."""

from collections.abc import Mapping, Sequence
from typing import cast

from django import forms
from django.db.models import Case, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maillage.core.action_registry import Arguments
from maillage.core.actors import Actor
from maillage.core.formats import countries, country
from maillage.core.regions import regions_of
from maillage.offers.models import Offer
from maillage.offers.queries import countries_of_offers
from maillage.partnerships.conversations import MAX_MESSAGE_LENGTH, Thread
from maillage.partnerships.models import MessageThread, Need
from maillage.partnerships.need_inputs import MAX_TEXT_LENGTH, NeedTermChanges, NeedTerms, SignerInput
from maillage.presentation.form_types import CleanedData, FormArgument, FormField
from maillage.presentation.partial_forms import CheckboxSelectMultiple, PartialFormMixin, SelectMultiple
from maillage.register.label_provider import list_known_labels
from maillage.register.models import Organisation
from maillage.register.vocabulary import OrganisationKind
from maillage.web.form_fields import amount_field, day_field, text_field

_SEATS = (OrganisationKind.HOSPITAL, OrganisationKind.COOPERATIVE_GROUP, OrganisationKind.PLATFORM,
          OrganisationKind.RESEARCH_UNIT, OrganisationKind.COMPANY)  # fmt: skip


class TermsForm(forms.Form):
    """The terms that an answer must meet."""

    countries = forms.MultipleChoiceField(label=_("Countries"), required=False, widget=CheckboxSelectMultiple)
    regions = forms.MultipleChoiceField(label=_("Regions"), required=False, widget=SelectMultiple)
    label_key = forms.ChoiceField(label=_("A label that must be held"), required=False)
    label_on = day_field(_("… on this day"), required=False)
    budget = amount_field(_("Budget (euros, without tax)"))
    start_on = day_field(_("Start"), required=False)
    trl_low = forms.IntegerField(label=_("Technology readiness level, from"), min_value=1, max_value=9, required=False)
    trl_high = forms.IntegerField(label=_("… to"), min_value=1, max_value=9, required=False)
    seat_kind = forms.ChoiceField(label=_("The team must have a"), required=False)

    def __init__(self, *arguments: FormArgument, actor: Actor, **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, FormField] = self.fields
        codes = list(dict.fromkeys([*countries_of_offers(actor), *self._posted_countries()]))
        fields["countries"].choices = sorted(((code, country(code)) for code in codes), key=lambda pair: pair[1])
        fields["regions"].choices = [region for code in codes for region in regions_of(code)]
        fields["regions"].widget.attrs["size"] = 6
        fields["label_key"].choices = [("", "—"), *list_known_labels(actor)]
        fields["seat_kind"].choices = [("", "—"), *((kind.value, kind.label) for kind in _SEATS)]

    def _posted_countries(self) -> list[str]:
        """The countries that were posted: a need may ask for one where nobody makes an offer yet."""
        posted = self.data.getlist("countries") if isinstance(self.data, QueryDict) else []
        known = {code for code, _name in countries()}
        return [code for code in posted if code in known]

    def clean(self) -> CleanedData:
        """Set both ends of the level range where one was filled in; refuse a range that ends before it begins."""
        values = super().clean() or {}
        levels = [level for level in (values.get("trl_low"), values.get("trl_high")) if level]
        if levels:
            values["trl_low"], values["trl_high"] = levels[0], levels[-1]
            if levels[0] > levels[-1]:
                self.add_error("trl_high", _("The range ends before it begins; exchange the two."))
        return values

    @property
    def term_fields(self) -> list[forms.BoundField]:
        """The fields of the terms alone."""
        return [self[name] for name in TermsForm.base_fields if getattr(self.fields[name], "choices", True)]

    @property
    def terms_given(self) -> bool:
        """Whether any term was filled in or is invalid."""
        return any(name in self.errors or self.data.get(name) for name in TermsForm.base_fields)

    @property
    def terms(self) -> NeedTerms:
        """The terms filled in, as an action takes them."""
        values = self.cleaned_data
        return NeedTerms(
            **{name: values[name] for name in NeedTerms.__slots__ if name in values and values[name] is not None}
        )

    def add_choices_of(self, need: Need) -> None:
        """Add the countries and regions of the need that are not in the lists."""
        fields: dict[str, FormField] = self.fields
        listed = {code for code, _name in fields["countries"].choices}
        fields["countries"].choices += [(code, country(code)) for code in need.countries if code not in listed]
        listed = {code for code, _name in fields["regions"].choices}
        fields["regions"].choices += [(code, code) for code in need.regions if code not in listed]

    @staticmethod
    def initial_of(need: Need) -> dict[str, object]:
        """The current terms of a need, by field name."""
        return {name: getattr(need, name) for name in NeedTerms.__slots__}


class TermChangesForm(PartialFormMixin, TermsForm):
    """Changes to the terms of a need."""

    @property
    def changes(self) -> NeedTermChanges:
        """The terms that were posted, as an action takes them."""
        return cast(NeedTermChanges, self.posted)


class LetterForm(forms.Form):
    """A letter to the requester."""

    letter = forms.CharField(
        label=_("Your letter"),
        help_text=_("The requester gets it as it stands; an empty line begins a paragraph."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
    )


class AnswerForm(LetterForm):
    """The letter of an answer, and who signs it."""

    signer_name = forms.CharField(label=_("Signed by"), max_length=200)
    signer_function = forms.CharField(label=_("Function (optional)"), max_length=200, required=False)
    signer_contact = forms.CharField(
        label=_("Contact"), help_text=_("A telephone number or a mail address, as the requester reads it."),
        max_length=200,
    )  # fmt: skip

    @property
    def signer(self) -> SignerInput:
        """Who signs, as an action takes it."""
        return SignerInput(**{name: self.cleaned_data[f"signer_{name}"] for name in SignerInput.__slots__})


class RedirectForm(LetterForm):
    """The organisation to pass the need on to, and a letter to the requester."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Pass it on to"))
    field_order = ("organisation", "letter")

    def __init__(self, *arguments: FormArgument, organisations: list[Organisation], **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        organisation_field: FormField = self.fields["organisation"]
        organisation_field.queryset = Organisation.objects.filter(
            pk__in=[organisation.pk for organisation in organisations]
        ).order_by("sort_name")


class ReasonForm(forms.Form):
    """A reason that the requester reads."""

    reason = forms.CharField(
        label=_("The reason, as the requester reads it"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class DeclineForm(ReasonForm):
    """A reason, and the networks to which the need goes on."""

    pass_on_to = forms.MultipleChoiceField(
        label=_("Where the need goes next (nobody, if none is chosen)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *arguments: FormArgument, networks: list[tuple[Organisation, int | None]], **more: FormArgument
    ) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, FormField] = self.fields
        if not networks:
            del fields["pass_on_to"]
            return
        fields["pass_on_to"].choices = [(network.pk, _next_label(network, days)) for network, days in networks]
        fields["pass_on_to"].initial = [network.pk for network, _days in networks]

    @property
    def arguments(self) -> Arguments:
        """The reason and the chosen networks, as the action takes them."""
        chosen = [int(pk) for pk in self.cleaned_data.get("pass_on_to", ())]
        return {"reason": self.cleaned_data["reason"], "pass_on_to": chosen}


def _next_label(network: Organisation, days: int | None) -> str:
    if days is None:
        return str(network)
    message = ngettext("%(network)s, which promises to answer in %(days)d working day",
                       "%(network)s, which promises to answer in %(days)d working days", days)  # fmt: skip
    return message % {"network": network, "days": days}


class AskForm(forms.Form):
    """The offers whose teams are asked, in their order, and a message to them; `ties` are said beside an offer (id)."""

    offers = forms.ModelMultipleChoiceField(
        Offer.objects.none(), label=_("Offers"), widget=forms.CheckboxSelectMultiple
    )
    message = text_field(_("A word to the teams"), rows=5, required=False)

    def __init__(
        self, *arguments: FormArgument, choices: list[Offer], ties: Mapping[int, Sequence[str]], **more: FormArgument
    ) -> None:
        super().__init__(*arguments, **more)
        offers_field: FormField = self.fields["offers"]
        places = {offer.pk: place for place, offer in enumerate(choices)}
        in_order = Case(*(When(pk=pk, then=place) for pk, place in places.items()), default=0)
        offers_field.queryset = Offer.objects.filter(pk__in=places).select_related("provider").order_by(in_order)
        offers_field.label_from_instance = lambda offer: " · ".join(
            (f"{offer} ({offer.provider.short_name})", *ties.get(offer.pk, ()))
        )


class ReplyForm(PartialFormMixin, forms.Form):
    """The reply of a team."""

    always_required = ("takes_part",)

    takes_part = forms.ChoiceField(
        label=_("Do you take part?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("question", _("I have a question first"))],
        widget=forms.RadioSelect,
    )
    free_from = day_field(_("From which day (empty: at once)"), required=False)
    note = forms.CharField(
        label=_("A word to those who ask"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @property
    def is_question(self) -> bool:
        """Whether the team asks something before it replies."""
        return bool(self.cleaned_data.get("takes_part") == "question")

    def clean(self) -> CleanedData:
        """Refuse a question without words."""
        values = super().clean() or {}
        if values.get("takes_part") == "question" and not str(values.get("note", "")).strip():
            self.add_error("note", _("Write your question."))
        return values


class MessageForm(forms.Form):
    """A message of a conversation; its file is received beside the form."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=MAX_MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "id": "message-text"}),
    )


class AddressForm(forms.Form):
    """Another address of a requester who is not reached."""

    email = forms.EmailField(label=_("Mail address"), max_length=254)


class AddressedMessageForm(MessageForm):
    """A message of those who answer a need, who choose to whom they write before they write."""

    to = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)
    field_order = ("to", "text")

    def __init__(self, *arguments: FormArgument, teams: list[Organisation], **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        fields: dict[str, FormField] = self.fields
        fields["to"].choices = [
            (MessageThread.REQUESTER.value, _("To the requester, by mail and on their page")),
            *((f"{MessageThread.TEAM.value}:{team.pk}", _("To %s") % team.short_name) for team in teams),
            (MessageThread.NOTE.value, _("Internal note, read by your organisation alone")),
        ]
        fields["to"].initial = MessageThread.REQUESTER.value

    @property
    def conversation(self) -> Thread:
        """The conversation that was chosen."""
        kind, _sep, team_id = self.cleaned_data["to"].partition(":")
        return Thread(kind, int(team_id) if team_id else None)


class WordingForm(forms.Form):
    """The title and the text of a need, changed by whoever states it."""

    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(
        label=_("Your need, in your own words"), max_length=MAX_TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 12})
    )


class RatingForm(PartialFormMixin, forms.Form):
    """The requester's rating of the answer."""

    always_required = ("score",)

    score = forms.TypedChoiceField(
        label=_("How was your need dealt with?"),
        coerce=int,
        choices=[(5, _("very well")), (4, _("well")), (3, _("so-so")), (2, _("not well")), (1, _("badly"))],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Why?"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ComplaintForm(forms.Form):
    """A complaint of the requester."""

    text = text_field(_("What is wrong?"), rows=5, min_length=10)
