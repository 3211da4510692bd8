"""Roles as people read them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from maillage.core import actors
from maillage.people.roles import Role


def role_names(names: Iterable[str]) -> str:
    """Roles in words, separated by commas."""
    site = {
        actors.READER: _("any reader"),
        actors.OFFICER: _("officer of the site"),
        actors.SYSTEM_ROLE: _("the system"),
    }
    return ", ".join(site.get(name) or str(Role(name).label) for name in names)
