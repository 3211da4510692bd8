"""What the history of a record tells of its changes."""

import pytest

from maillage.core.actors import SYSTEM
from maillage.core.models import Source
from maillage.presentation.record_history import list_changes


@pytest.mark.django_db
def test_what_the_database_computes_from_other_fields_is_no_change_of_its_own(english: None) -> None:
    source = Source.objects.create(url="https://example.org/page", title="A page")
    source.title = "Another page"
    source.save()
    (last, _first) = list_changes(source, actor=SYSTEM, until=None)
    assert [(difference.before, difference.after) for difference in last.differences] == [("A page", "Another page")]
