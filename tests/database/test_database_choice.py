"""What a test that commits leaves to the next one on the empty database."""

import pytest

from maillage.offers.models import VocabularyConcept
from maillage.register.models import Organisation
from tests.database_choice import DATABASE_CHOICE


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_test_are_cleared_and_the_vocabulary_is_kept():
    concepts = VocabularyConcept.objects.count()
    Organisation.objects.create(key="lab", kind="institute", name_fr="Le laboratoire")
    DATABASE_CHOICE.restore()
    assert not Organisation.objects.exists()
    assert VocabularyConcept.objects.count() == concepts > 0
