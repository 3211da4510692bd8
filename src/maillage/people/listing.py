"""Back-office listings: mandates, invitations and the audit."""

from collections.abc import Callable

from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _
from pghistory.models import Context

from maillage.core.action_registry import REGISTRY
from maillage.core.folded_text import FoldedText
from maillage.core.history import action_runs
from maillage.core.json_types import JsonObject
from maillage.listing.columns import Column, data_columns
from maillage.listing.filters import choice_filter, missing_value_filter
from maillage.listing.listing import Listing, register_back_office_listing
from maillage.listing.sorts import Sort, organisation_sort_key
from maillage.listing.values import organisation_link
from maillage.people.models import Invitation, Mandate
from maillage.people.queries import invitations, mandates
from maillage.people.roles import Role

_COMMON_COLUMNS = (
    Column("organisation", _("Organisation"), lambda record: organisation_link(record.organisation)),
    Column("role", _("role"), lambda record: record.get_role_display()),
    Column("first_day", _("from"), lambda record: record.first_day),
    Column("last_day", _("to"), lambda record: record.last_day),
    *data_columns(role_key=lambda record: record.role, organisation_id=lambda record: record.organisation_id),
)
_LATEST = Sort("newest", _("latest first"), ("first_day",), descending=True)
_ROLE = choice_filter("role", _("role"), "role", Role.choices)

MANDATES = register_back_office_listing(
    Listing(
        name="mandates",
        model=Mandate,
        title=_("Mandates"),
        singular=_("mandate"),
        intro=_(
            "Who acts for an organisation: your own mandates, those delegated from them, those of the ones you manage."
        ),
        columns=(
            Column("person", _("Person"), lambda mandate: mandate.person.name),
            *_COMMON_COLUMNS,
            *data_columns(
                person_id=lambda mandate: mandate.person_id,
                delegated_from_id=lambda mandate: mandate.delegated_from_id,
            ),
        ),
        sorts=(
            Sort("organisation", _("by organisation"), (organisation_sort_key("organisation__"), "role")),
            _LATEST,
        ),
        filters=(_ROLE,),
        organisation_paths=("organisation",),
        select_related=("person", "organisation"),
        reads=lambda actor: mandates(actor=actor),
    )
)

INVITATIONS = register_back_office_listing(
    Listing(
        name="invitations",
        model=Invitation,
        title=_("Invitations"),
        singular=_("invitation"),
        intro=_("Mandates offered by mail, for the organisations you manage."),
        columns=(
            Column("name", _("Name"), lambda invitation: invitation.name),
            Column("email", _("mail address"), lambda invitation: invitation.email),
            *_COMMON_COLUMNS,
            *data_columns(
                invited_at=lambda invitation: invitation.invited_at,
                expires_at=lambda invitation: invitation.expires_at,
                accepted_at=lambda invitation: invitation.accepted_at,
                withdrawn_at=lambda invitation: invitation.withdrawn_at,
                undelivered=lambda invitation: invitation.undelivered,
            ),
        ),
        sorts=(Sort("newest", _("latest first"), ("invited_at",), descending=True),),
        filters=(
            _ROLE,
            missing_value_filter("unanswered", _("not accepted yet"), "accepted_at"),
            missing_value_filter("open", _("not withdrawn"), "withdrawn_at"),
        ),
        organisation_paths=("organisation",),
        select_related=("organisation",),
        reads=lambda actor: invitations(actor=actor),
    )
)


def _metadata_text(name: str) -> Callable[[Context], str | None]:
    def value(run: Context) -> str | None:
        text: str | None = run.metadata.get(name)
        return text

    return value


def _mandate_id(run: Context) -> int | None:
    mandate_id: int | None = run.metadata.get("mandate")
    return mandate_id


def _arguments(run: Context) -> JsonObject | None:
    arguments: JsonObject | None = run.metadata.get("given")
    return arguments


def _action(run: Context) -> str:
    registered_action = REGISTRY.get(run.metadata["action"])
    return str(registered_action.title) if registered_action else str(run.metadata["action"])


AUDIT = register_back_office_listing(
    Listing(
        name="audit",
        model=Context,
        title=_("Audit"),
        singular=_("entry"),
        intro=_("What was done, by whom, for which organisation, when and why; for officers of the site."),
        columns=(
            Column("when", _("When"), lambda run: run.created_at),
            Column("who", _("Who"), _metadata_text("actor")),
            Column("for", _("For"), _metadata_text("for")),
            Column("action", _("Action"), _action),
            Column("reason", _("Reason"), _metadata_text("reason")),
            *data_columns(action_key=_metadata_text("action"), mandate_id=_mandate_id, given=_arguments),
        ),
        sorts=(Sort("newest", _("latest first"), ("created_at",), descending=True),),
        filters=(choice_filter("action", _("Action"), "metadata__action", ()),),
        text=tuple(FoldedText(KeyTextTransform(name, "metadata")) for name in ("actor", "for")),
        slug="id",
        reads=lambda actor: action_runs(actor=actor),
    )
)
