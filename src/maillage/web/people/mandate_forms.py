"""Forms to invite to, delegate and end mandates, and to accept invitations."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.people.roles import Role
from maillage.presentation.form_types import FormArgument


def _day_field(label: FormArgument, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class InvitationForm(forms.Form):
    """Invite a person to act for an organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    first_day = _day_field(pgettext_lazy("first day", "From"))
    last_day = _day_field(_("To (empty: until further notice)"), required=False)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)


class DelegateMandateForm(forms.Form):
    """Delegate a mandate to a colleague for some days."""

    email = forms.EmailField(label=_("Mail address of your colleague"), max_length=254)
    first_day = _day_field(pgettext_lazy("first day", "From"))
    last_day = _day_field(pgettext_lazy("last day", "To"))


class EndMandateForm(forms.Form):
    """The end of a mandate."""

    last_day = _day_field(_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=2000)


class AcceptInvitationForm(forms.Form):
    """Accept an invitation without having an account yet."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    password = forms.CharField(
        label=_("A password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least twelve characters; a sentence is easiest to remember."),
    )
