"""What the desk declares: the rows of cases and those for officers, its morning notice, and personal data."""

from maillage.desk import (  # noqa: F401 - register their rows
    case_rows,
    notifications,
    officer_rows,
)
from maillage.desk.models import RowOwner, Snooze
from maillage.people.personal_data import PersonalData, register_personal_data

register_personal_data(PersonalData("desk_rows", RowOwner, "owner", ("kind", "number", "since")))
register_personal_data(PersonalData("desk_snoozes", Snooze, "person", ("kind", "number", "until")))
