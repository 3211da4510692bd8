"""Whether a person signs in with more than a password."""

from allauth.mfa.models import Authenticator

from maillage.people.models import User


def has_second_factor(person: User) -> bool:
    """Whether signing in asks for more than the password."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=person.pk, type__in=types).exists())
