"""Who is told of conventions."""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.conventions.models import Convention, ConventionVersion
from maillage.conventions.queries import signers_of
from maillage.kernel.actors import LABEL_OFFICER, LEAD, MANAGER, PILOT, Actor
from maillage.kernel.notices.kinds import Kind, declare
from maillage.kernel.notices.writing import Words
from maillage.people.telling import tell_holders

CONVENTIONS = declare(
    Kind(
        "conventions",
        gettext_lazy("conventions that open, wait for a signature, or come into force"),
        gettext_lazy("You act for a body of the convention."),
    )
)


def tell_opened(convention: Convention, *, actor: Actor, at: dt.datetime) -> None:
    """Every body of a convention is told that it is open, or that an amendment was begun."""
    _tell(convention, lambda: _("A convention to write together: %s") % convention, actor, at)


def tell_in_force(convention: Convention, *, actor: Actor, at: dt.datetime) -> None:
    """Every body of a convention is told that all have signed."""
    _tell(convention, lambda: _("Signed by all, and in force: %s") % convention, actor, at)


def tell_to_sign(version: ConventionVersion, *, actor: Actor, at: dt.datetime) -> None:
    """At the first signature of a version, those who sign it are told that they are waited for."""
    if version.signatures.count() == 1:
        bodies = [one.pk for one in signers_of(version)]
        _tell(version.convention, lambda: _("A convention waits for signatures: %s") % version.convention, actor, at,
              bodies)  # fmt: skip


def _tell(
    convention: Convention, subject: Callable[[], str], actor: Actor, at: dt.datetime, bodies: list[int] | None = None
) -> None:
    within = convention.parties.values_list("organisation_id", flat=True) if bodies is None else bodies
    roles = (MANAGER, LEAD, PILOT, LABEL_OFFICER)
    tell_holders(at=at, kind=CONVENTIONS, roles=roles, bodies=list(within), by=actor,
                 words=lambda: Words(subject(), "", convention.get_absolute_url()))  # fmt: skip
