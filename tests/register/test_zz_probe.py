import pytest
from tests.register.test_finding_example import find
@pytest.mark.django_db
def test_x(find):
    for q in ("leucemie institut","Institut de la leucémie","institut europeen de la leucemie"):
        print(q,[(h.kind,h.key,h.title[:50]) for h in find(q)])
