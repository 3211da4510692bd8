"""Names of roles, for pages."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from maillage.core import actors
from maillage.people.roles import Role


def role_names(names: Iterable[str]) -> str:
    """Roles in words, separated by commas."""
    fixed_names = {
        actors.READER: _("any reader"),
        actors.OFFICER: _("officer of the site"),
        actors.SYSTEM_ROLE: _("the system"),
    }
    return ", ".join(fixed_names.get(name) or str(Role(name).label) for name in names)
