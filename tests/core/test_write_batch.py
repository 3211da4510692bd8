"""Within a batch of rows, what is looked up in memory is what the database would answer."""

import pytest

from maillage.core.rows.outcomes import create, find_records
from maillage.core.rows.write_batch import write_batch
from maillage.register.models import Identifier, Organisation

pytestmark = pytest.mark.django_db


def test_a_look_up_about_a_new_record_hides_no_other_record() -> None:
    old = Organisation.objects.create(key="old", name_fr="Ancien", kind="other")
    identifier = Identifier.objects.create(organisation=old, scheme="wikidata", value="Q1")
    where = {"scheme": "wikidata", "value": "Q1"}
    with write_batch() as batch:
        batch.load(Identifier, ("scheme", "value"), [("wikidata", "Q2")])
        new = create(Organisation, {"key": "new", "name_fr": "Nouveau", "kind": "other"})
        assert find_records(Identifier, {"organisation": new, **where}) == []
        assert find_records(Identifier, where) == [identifier]
