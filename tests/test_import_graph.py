"""No file of the package imports another that, directly or not, imports it."""

from tests.import_graph import list_circles


def test_no_circle_of_imports() -> None:
    assert list_circles() == []
