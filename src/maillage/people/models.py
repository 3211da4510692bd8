"""Persons who sign in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.kernel.actors import OFFICER, PUBLIC, READER, Actor


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person known by mail address. No more is kept than name, mail and language."""

    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "français"), ("en", "English")], default="fr"
    )
    is_officer = models.BooleanField(_("officer of the site"), default=False)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Any] = UserManager()

    def __str__(self) -> str:
        return self.name

    def as_actor(self) -> Actor:
        """The value that stands for this person in actions and queries."""
        roles = {READER, OFFICER} if self.is_officer else {READER}
        return Actor(name=self.name, roles=frozenset(roles), user_id=self.pk)


def actor_of(user: Any) -> Actor:
    """The actor behind a request's user; the public where nobody is signed in."""
    return user.as_actor() if isinstance(user, User) and user.is_active else PUBLIC
