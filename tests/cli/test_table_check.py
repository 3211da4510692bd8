"""A database of another release is refused with a remedy, before anything is written to it."""

import pytest
from django.db import connection

from maillage.cli.table_check import refuse_tables_of_another_release
from maillage.errors import MaillageError

pytestmark = pytest.mark.django_db


def test_tables_of_this_release_are_accepted():
    refuse_tables_of_another_release()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE register_organisation DROP COLUMN contact_mail CASCADE",
        "ALTER TABLE register_organisation ADD COLUMN fax text",
        "ALTER TABLE register_organisation RENAME TO register_body",
    ],
    ids=["a column less", "a column more", "another name"],
)
def test_tables_of_another_release_are_refused_with_what_to_do(change):
    with connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(MaillageError, match="register_organisation") as refused:
        refuse_tables_of_another_release()
    assert "export" in refused.value.remedy
