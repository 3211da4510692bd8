"""The reasons of the ranking of laboratories, in words; what ties one to who asks is said by `requester_ties`."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.matching.laboratories.reasons import (
    JointLaboratory,
    NearProjects,
    Reason,
    SupervisedBy,
    WorkedWithCompanies,
    WorksOn,
)

_MAX_BODIES = 5


def reason_text(reason: Reason, names: Mapping[str, str]) -> str:
    """A reason as a page says it; `names` has the names of supervising bodies by key. Empty where nothing is said."""
    match reason:
        case WorksOn():
            return _("works on: %(words)s") % {"words": ", ".join(reason.words)}
        case NearProjects():
            words = ngettext(
                "took part in a project near this need, in %(year)s",
                "took part in projects near this need, the last in %(year)s",
                len(reason.projects),
            )
            return words % {"year": reason.last_year}
        case JointLaboratory():
            return _("joint laboratory with a company in %(year)s") % {"year": reason.year}
        case WorkedWithCompanies():
            words = ngettext(
                "%(count)s project with companies, in %(year)s",
                "%(count)s projects with companies, the last in %(year)s",
                reason.count,
            )
            return words % {"count": formats.number(reason.count), "year": reason.last_year}
        case SupervisedBy():
            known = [names[key] for key in reason.names if key in names][:_MAX_BODIES]
            return _("supervised by %(bodies)s") % {"bodies": formats.enumeration(known)} if known else ""
    return ""


def project_keys(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """The keys of the projects near the need that reasons name, the nearest first."""
    return tuple(key for reason in reasons if isinstance(reason, NearProjects) for key in reason.projects)
