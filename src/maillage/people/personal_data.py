"""Register of the personal data of rooms, for its export and its erasure.

register_personal_data(PersonalData("tokens", ApiToken, "person", ("name", "created_at", "expires_at")))
register_author_name(Contradiction, "settled_by")
"""

from dataclasses import dataclass

import pgtrigger
from django.db import models
from pghistory.models import Context

from maillage.core.actors import FORMER_PERSON
from maillage.core.history import tracked_models
from maillage.core.json_types import JsonObject
from maillage.core.models import Contradiction, Grant
from maillage.core.registers import Register
from maillage.files.models import File
from maillage.notifications.models import Notice, Preference
from maillage.people.models import User
from maillage.workflow.models import Case, CaseStep, ProcessDefinition

# The most rows of one kind in an export; the export says where there were more.
ROW_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Rows that belong to one person: the exported fields, and whether they are deleted with the account."""

    title: str
    model: type[models.Model]
    person: str
    fields: tuple[str, ...]
    erased_with_account: bool = True

    def of(self, user: User) -> list[JsonObject]:
        """The rows of a person as plain values."""
        rows = self.model._base_manager.filter(**{self.person: user.pk}).order_by("pk").values(*self.fields)
        return [{key.replace("__", "_"): value for key, value in row.items()} for row in rows[:ROW_LIMIT]]


PERSONAL_DATA: Register[PersonalData] = Register("personal data")
_AUTHOR_NAMES: Register[tuple[type[models.Model], str]] = Register("author names")


def register_personal_data(personal_data: PersonalData) -> None:
    """Register rows that belong to persons."""
    PERSONAL_DATA[personal_data.title] = personal_data


def register_author_name(model: type[models.Model], field: str) -> None:
    """Register a field of a tracked model that holds the name of the author of the row."""
    _AUTHOR_NAMES[f"{model._meta.label_lower}.{field}"] = (model, field)


register_personal_data(
    PersonalData("notices", Notice, "person", ("kind", "subject_en", "body_en", "created_at", "read_at", "mailed_at"))
)
register_personal_data(PersonalData("choices", Preference, "person", ("kind", "pace")))
register_personal_data(PersonalData("named_for", Grant, "person", ("record_kind", "record_id")))
register_personal_data(
    PersonalData(
        "cases_opened", Case, "opened_by", ("title", "definition__name", "state", "opened_at", "ended_at"), False
    )
)
register_personal_data(
    PersonalData("files", File, "uploaded_by", ("name", "content__size", "content__digest", "uploaded_at"), False)
)
register_author_name(Contradiction, "settled_by")
register_author_name(CaseStep, "actor")
register_author_name(ProcessDefinition, "author")


def erase_personal_data(user: User) -> None:
    """Delete the rows that belong to the person, and replace their name as an author, also in the history.

    Must run before the person is removed from the context of the history.
    """
    for personal_data in PERSONAL_DATA.values():
        if personal_data.erased_with_account:
            personal_data.model._base_manager.filter(**{personal_data.person: user.pk}).delete()
    events, names = dict(tracked_models()), _names_of(user)
    for model, field in _AUTHOR_NAMES.values():
        name_filter = {f"{field}__in": names}
        written_events = events[model]._default_manager.filter(**name_filter, pgh_context__metadata__user=user.pk)
        ids = set(written_events.values_list("id", flat=True))
        # Triggers forbid changes of published and finished rows otherwise.
        with pgtrigger.ignore():
            model._base_manager.filter(pk__in=ids, **name_filter).update(**{field: FORMER_PERSON})
        events[model]._default_manager.filter(id__in=ids, **name_filter).update(**{field: FORMER_PERSON})


def _names_of(user: User) -> set[str]:
    """The current name, and the names at the time of each action."""
    contexts = Context.objects.filter(metadata__user=user.pk)
    return {user.name, *contexts.values_list("metadata__actor", flat=True).distinct()}
