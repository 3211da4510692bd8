"""Which fields of a fact may be proposed, and what a proposal changes."""

from dataclasses import dataclass

from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.new_keys import new_key, next_number
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Key, Value, Values

_NUMBER = "n"


def proposed_fields(fact_list: AnyFactList) -> list[RowField]:
    """The fields that somebody who may not write fills in: neither keys and numbers nor who reads the fact."""
    return [field for field in fact_list.fields if _is_proposed(field)]


def _is_proposed(field: RowField) -> bool:
    described = field.described
    if not described.editable or described.officers_only or described.files_only:
        return False
    return field.name not in ("id", "visibility", _NUMBER) and not is_made_key(field)


def is_made_key(field: RowField) -> bool:
    """Whether a field is the key of a record, made from its name, rather than that of another record."""
    return field.key == "key" and isinstance(field.type, Key) and not field.described.picks


def with_made_keys(fact_list: AnyFactList, values: Values) -> Values:
    """The values of a new fact with the key and the number that its list needs, where they are not given."""
    made = dict(values)
    keys = {field.key: field for field in fact_list.fields}
    if "key" in keys and is_made_key(keys["key"]) and not made.get("key"):
        made["key"] = new_key(fact_list, made)
    if _NUMBER in keys and keys[_NUMBER].required and not made.get(_NUMBER):
        made[_NUMBER] = str(next_number(fact_list))
    return made


@dataclass(frozen=True, slots=True)
class ProposedField:
    """A field of a proposal: what it was when it was proposed, what it is now, and what is proposed."""

    field: RowField
    before: Value
    now: Value
    proposed: object

    @property
    def has_moved(self) -> bool:
        """Whether the field was changed after the proposal, to something else than what is proposed."""
        return self.field.name != "source" and not _same(self.before, self.now) and not self.is_done

    @property
    def is_done(self) -> bool:
        """Whether the fact says so already."""
        if self.field.name == "source" or _same(self.before, self.proposed):
            return False
        return _same(self.now, self.proposed)


def _same(one: object, other: object) -> bool:
    """Whether two values of a row are one: rows leave out what is empty, and proposals may hold numbers as texts."""
    return str(one or "") == str(other or "") or (isinstance(one, list) and one == [other])


def compare_values(fact_list: AnyFactList, values: Values, before: Values, now: Values) -> list[ProposedField]:
    """The fields of a proposal, in the order of their description; `now` is the row of the fact as it is."""
    return [
        ProposedField(field, before.get(field.key), now.get(field.key), values[field.key])
        for field in fact_list.fields
        if field.key in values
    ]
