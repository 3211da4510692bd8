"""Forms for signing in and for accounts."""

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.people.models import User
from maillage.presentation.partial_forms import PartialFormMixin


class SignInForm(LoginForm):
    """Mail address and password; allauth limits failed attempts."""

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)
        self.fields["login"].label = _("Mail address")
        self.fields["login"].widget = forms.EmailInput(attrs={"autocomplete": "username webauthn"})
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        """The address is sent as `username`, the name that password managers and scripts know."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))


class AccountForm(PartialFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """The fields that a person changes at once; a new mail address must be confirmed first, on another page."""

    class Meta:
        model = User
        fields = ("name", "language")


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """An account opened by an officer; its person then chooses a password."""

    class Meta:
        model = User
        fields = ("name", "email", "language", "is_officer")


class EraseAccountForm(forms.Form):
    sure = forms.BooleanField(label=_("I understand that this cannot be undone."))
