"""Lists register themselves, in an order in which a file of them can be loaded."""

from maillage.core.rows.list_register import FACT_LISTS, find_record


def test_a_list_comes_after_the_lists_that_its_rows_refer_to() -> None:
    place = {loader.model: position for position, loader in enumerate(FACT_LISTS.values())}
    late = [
        f"{loader.name}.{field.name}"
        for loader in FACT_LISTS.values()
        for field in loader.model._meta.get_fields()
        if field.many_to_one and place.get(field.related_model, -1) > place[loader.model]
    ]
    assert late == []


def test_contradictions_come_last_since_they_speak_of_any_list() -> None:
    assert list(FACT_LISTS)[-1] == "contradictions"


def test_no_record_of_a_list_that_nobody_registered() -> None:
    assert find_record("no_such_list", "key") is None


def test_every_list_is_read_by_who_may_see_it() -> None:
    assert [name for name, fact_list in FACT_LISTS.items() if not hasattr(fact_list.records(), "visible_to")] == []
