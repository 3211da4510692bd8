"""The form of signing in, which refuses to be guessed at."""

import hashlib
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ATTEMPTS = 5
WAIT_SECONDS = 15 * 60


class SignInForm(AuthenticationForm):
    """Mail address and password. After five failures for an address from one place, both wait a quarter of an hour."""

    username = forms.EmailField(
        label=_("Mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )

    def clean(self) -> dict[str, Any]:
        """Count the failures; a success clears them."""
        key = self._key()
        if int(cache.get(key, 0)) >= ATTEMPTS:
            raise ValidationError(_("Too many attempts failed. Wait a quarter of an hour, then try again."), "waiting")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            cache.add(key, 0, WAIT_SECONDS)
            cache.incr(key)
            raise
        cache.delete(key)
        return cleaned

    def _key(self) -> str:
        place = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        text = f"{self.cleaned_data.get('username', '').lower()} {place}"
        return f"sign-in:{hashlib.sha256(text.encode()).hexdigest()}"
