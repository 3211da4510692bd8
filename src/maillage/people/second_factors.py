"""Second factors of persons."""

from allauth.mfa.models import Authenticator

from maillage.people.models import User


def has_second_factor(person: User) -> bool:
    """Whether the person has a second factor: one-time codes or a security key."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=person.pk, type__in=types).exists())
