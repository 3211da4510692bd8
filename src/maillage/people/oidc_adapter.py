"""Signing in through an OpenID Connect provider; imported only where the environment names one."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from maillage.people.models import User


class OidcAdapter(DefaultSocialAccountAdapter):
    """Who has no account here is not given one; who has one is known by the mail address, verified by the provider."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> tuple[User, str] | None:
        """The person of an address that the provider has verified."""
        match = super().authenticate_by_email(sociallogin)
        if not match or match[0].email.lower() != match[1].lower():
            return None
        person, email = match
        # The provider vouches for the address; left unverified, the person's password would be wiped.
        EmailAddress.objects.update_or_create(
            user=person, email=email.lower(), defaults={"verified": True, "primary": True}
        )
        return person, email
