"""Sign-in by an OpenID Connect provider; imported only if the environment configures one."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from maillage.people.models import User


class OidcAdapter(DefaultSocialAccountAdapter):
    """Creates no accounts; matches an account by the mail address that the provider has verified."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never."""
        return False

    def authenticate_by_email(self, sociallogin: object) -> tuple[User, str] | None:
        """The person of a mail address that the provider has verified, and the address; `None` without account."""
        match = super().authenticate_by_email(sociallogin)
        if not match or match[0].email.lower() != match[1].lower():
            return None
        person, email = match
        # allauth would remove the person's password if the address were left unverified.
        EmailAddress.objects.update_or_create(
            user=person, email=email.lower(), defaults={"verified": True, "primary": True}
        )
        return person, email
