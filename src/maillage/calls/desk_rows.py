"""What waits on the desk: applications to complete and send, and to sign as a host, until the call closes."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from maillage.calls.completeness import application_digest, missing_replies, missing_signatures
from maillage.calls.models import Application, ApplicationParty, PartyRole
from maillage.core.actors import LEAD, MANAGER, PILOT
from maillage.desk.providers import DeskKind, DeskReader, DeskRow, desk_rows

SENDER_ROLES = frozenset({MANAGER, LEAD, PILOT})
_PARTS = ("replies", "parties__organisation", "sign_offs")


@desk_rows(
    DeskKind("application", pgettext_lazy("kind of row of the desk", "Application"), "folder"),
    DeskKind("application-signature", gettext_lazy("Signature of an application"), "sign"),
)
def draft_applications(reader: DeskReader) -> Iterator[DeskRow]:
    """Drafts of applications: its lead completes and sends it; hosts sign it once no reply is missing."""
    if not reader.has_any(*SENDER_ROLES):
        return
    drafts = _drafts(reader).order_by("version__call__closes_at", "pk")
    for application in reader.first(drafts, "application", "application-signature"):
        parties = application.parties.all()
        leads = tuple(party.organisation_id for party in parties if party.part == PartyRole.LEAD)
        missing = len(missing_replies(application))
        signers = [] if missing else missing_signatures(application, application_digest(application))
        if missing or not signers:
            yield _row("application", application, leads, SENDER_ROLES, *_lead_words(missing))
        if signers:
            organisation_ids = tuple(organisation.pk for organisation in signers)
            words = _("Application to sign"), _("Read and sign")
            yield _row("application-signature", application, organisation_ids, frozenset({MANAGER}), *words)


def _lead_words(missing: int) -> tuple[str, str]:
    if missing:
        message = ngettext("%d reply is missing", "%d replies are missing", missing) % missing
        return message, pgettext("act on the desk", "Write")
    return _("Complete and signed, to be sent"), pgettext("act on the desk", "Send")


def _row(
    kind: str, application: Application, organisation_ids: tuple[int, ...], roles: frozenset[str], about: str, act: str
) -> DeskRow:
    call = application.version.call
    return DeskRow(
        kind=kind,
        number=application.pk,
        title=application.title,
        url=application.get_absolute_url(),
        act=act,
        roles=roles,
        organisation_ids=organisation_ids,
        about=f"{call} · {about}",
        due=timezone.localdate(call.closes_at),
        since=application.begun_at,
    )


def _drafts(reader: DeskReader) -> QuerySet[Application]:
    drafts: QuerySet[Application] = Application.objects.visible_to(reader.actor).filter(sent_at=None, withdrawn_at=None)
    open_calls = Q(version__call__closes_at__gt=reader.at, version__call__withdrawn_at=None)
    parties = ApplicationParty.objects.filter(
        reader.waits_in("organisation", *SENDER_ROLES) | reader.waits_in("organisation", MANAGER),
        part__in=(PartyRole.LEAD, PartyRole.HOST),
    )
    within = drafts.filter(open_calls, pk__in=parties.values("application"))
    return within.select_related("version__call").prefetch_related(*_PARTS)
