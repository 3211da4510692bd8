"""New records are those that Django makes, and what it refuses is refused, although most values are checked faster."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, strategies

from maillage.core.rows.new_records import new_record, validate
from maillage.register.models import Name, Organisation

_LABEL = "[a-zA-Z0-9é_-]{1,70}"
_ADDRESS = rf"https?://{_LABEL}(\.{_LABEL}){{0,3}}(:[0-9]{{0,6}})?(/[a-z é?#%.-]{{0,9}})?"


@pytest.mark.parametrize("model", [Organisation, Name])
def test_a_new_record_has_the_defaults_of_its_model(model: type[Organisation | Name]) -> None:
    ours, theirs = new_record(model, {}), model()
    names = {field.attname for field in model._meta.concrete_fields if not field.generated and field.name != "uid"}
    assert {name: getattr(ours, name) for name in names} == {name: getattr(theirs, name) for name in names}
    assert new_record(model, {}).uid != ours.uid


def _is_refused(check: object, record: Organisation) -> bool:
    try:
        check(record)  # type: ignore[operator]
    except ValidationError:
        return True
    return False


@example(f"https://{'a' * 63}.fr")
@example(f"https://{'a' * 64}.fr")
@example(f"https://a.fr/{'a' * 60}")
@given(
    strategies.from_regex(
        rf"https?://{_LABEL}(\.{_LABEL}){{0,3}}(:[0-9]{{0,6}})?(/[a-z é?#%.-]{{0,9}})?", fullmatch=True
    )
)
def test_an_address_is_taken_exactly_if_django_takes_it(address: str) -> None:
    record = new_record(Organisation, {"key": "a", "name_en": "A", "kind": "other", "website": address})
    django = _is_refused(lambda it: it.clean_fields(exclude={"merged_into", "uid"}), record)
    assert _is_refused(validate, record) is django
