"""What is exported loads back to the same register, whatever it holds, and changes nothing where it stands."""

import io
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from django.db import connection
from django.utils import timezone

from maillage.core.actions.facts import record_fact, restore_fact, withdraw_fact
from maillage.core.actors import SYSTEM
from maillage.core.models import WithdrawnFact
from maillage.core.rows.export import write_lists
from maillage.core.rows.file_load import LoadReport
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.withdrawn_list import file_lists
from maillage.publishing.actions.lists import load_lists
from maillage.register.actions.merges import merge_organisations
from maillage.register.models import Organisation
from tests.generated_registers import RegisterMaker, change_register
from tests.list_files import load_rows
from tests.room_tables import room_tables

pytestmark = pytest.mark.django_db


def load_text(tmp_path: Path, text: str) -> LoadReport:
    path = tmp_path / "lists.yaml"
    path.write_text(text, encoding="utf-8")
    return load_lists(actor=SYSTEM, at=timezone.now(), path=path)


def everything() -> str:
    out = io.StringIO()
    write_lists(out, file_lists(), actor=SYSTEM)
    return out.getvalue()


def days() -> dict[str, list[Any]]:
    """The days of all facts, which no row gives but which follow from it."""
    return {
        name: list(fact_list.records().order_by("uid").values("uid", "certain", "possible", "days"))
        for name, fact_list in FACT_LISTS.items()
        if hasattr(fact_list.model, "certain")
    }


def empty_register() -> None:
    connection.check_constraints()  # No trigger must wait for the end of the transaction.
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(room_tables())} CASCADE")


def check_round_trip(tmp_path: Path) -> None:
    exported, days_before = everything(), days()
    again = load_text(tmp_path, exported)
    assert again.refusals == []
    changed = {name: count for name, count in again.counts.items() if count.unchanged != count.read}
    assert changed == {}
    assert everything() == exported
    empty_register()
    assert load_text(tmp_path, exported).refusals == []
    assert everything() == exported
    assert days() == days_before


@pytest.mark.parametrize("seed", range(5))
def test_a_register_made_by_chance_goes_out_and_comes_back(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    rows = RegisterMaker(random).rows()
    report = load_text(tmp_path, yaml.safe_dump(rows, allow_unicode=True, sort_keys=False))
    written = {name: count.created + count.updated for name, count in report.counts.items()}
    assert sum(written.values()) > 20, report.refusals
    change_register(random)
    check_round_trip(tmp_path)


def test_a_file_with_the_old_names_of_keys_loads_as_the_same_register(tmp_path: Path) -> None:
    page = {"source": "https://example.org/x", "of": "city", "assertion": "It sits there.", "assertion_fr": "Il y est."}
    load_rows(tmp_path, "organisations", {"key": "a", "name_fr": "A", "kind": "other", "citations": [page]})
    exported = everything()
    empty_register()
    assert load_text(tmp_path, exported.replace("assertion", "says")).refusals == []
    assert "Il y est." in exported
    assert everything() == exported


def test_rows_that_name_a_merged_organisation_lead_to_the_kept_one(tmp_path: Path) -> None:
    rows = [{"key": key, "name_fr": key.title(), "kind": "other", "ror": ror} for key, ror in
            (("kept", "05qtg6z88"), ("gone", "02vjkv261"))]  # fmt: skip
    load_rows(tmp_path, "organisations", *rows, {"key": "net", "name_fr": "Net", "kind": "network"})
    kept, gone = (Organisation.objects.get(key=key) for key in ("kept", "gone"))
    merge_organisations(actor=SYSTEM, at=timezone.now(), kept_id=kept.pk, absorbed_id=gone.pk, reason="Same.")
    load_rows(tmp_path, "memberships", {"member": "gone", "of": "net", "role": "member"})
    assert kept.ties_out.count() == 1
    report = load_rows(tmp_path, "organisations", *rows)
    assert report.counts["organisations"].unchanged == 2
    check_round_trip(tmp_path)
    assert Organisation.objects.get(key="gone").merged_into == Organisation.objects.get(key="kept")


def test_a_withdrawn_fact_that_came_with_a_file_is_restored_from_its_row(tmp_path: Path) -> None:
    load_rows(tmp_path, "organisations", *({"key": key, "name_fr": key, "kind": "other"} for key in "ab"))
    values = {"member": "a", "of": "b", "role": "member", "from": "2020", "source": ["https://example.org/x"]}
    acting = {"actor": SYSTEM, "at": timezone.now()}
    tie = record_fact(**acting, list_name="memberships", values=values)
    withdraw_fact(**acting, list_name="memberships", fact_id=str(tie.uid), reason="Never so.")
    exported = everything()
    empty_register()
    assert load_text(tmp_path, exported).refusals == []
    restore_fact(**acting, withdrawn_id=WithdrawnFact.objects.get().pk, reason="It was.")
    assert FACT_LISTS["memberships"].records().get().uid == tie.uid
    assert WithdrawnFact.objects.get().restored_at


def test_facts_that_differ_in_their_start_alone_stay_two(tmp_path: Path) -> None:
    load_rows(tmp_path, "organisations", {"key": "a", "name_fr": "A", "kind": "other"})
    office = {"name": "N. N.", "role": "director", "of": "a", "to": "2024"}
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2)]
    rows = [office | {"id": ids[0]}, office | {"id": ids[1], "from": "2020"}]
    assert load_rows(tmp_path, "people_roles", *rows).counts["people_roles"].created == 2
    check_round_trip(tmp_path)


@pytest.mark.usefixtures("english")
def test_what_files_alone_may_say_is_refused_of_a_form(tmp_path: Path) -> None:
    load_rows(tmp_path, "organisations", *({"key": key, "name_fr": key, "kind": "other"} for key in "ab"))
    values = {"member": "a", "of": "b", "role": "member", "managed_by": "subject"}
    with pytest.raises(ValueError, match="managed_by"):
        record_fact(actor=SYSTEM, at=timezone.now(), list_name="memberships", values=values)
