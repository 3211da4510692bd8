"""Trials: what their loader takes and refuses, how they are listed, and who has run them together."""

import datetime as dt
from pathlib import Path

import pytest

from maillage.clinical.listing import TRIALS as TRIAL_LISTING
from maillage.clinical.models import Trial
from maillage.clinical.queries import shared_trials
from maillage.clinical.rows import TRIALS as TRIAL_LOADER
from maillage.core.actors import PUBLIC, SYSTEM
from maillage.core.security.visibility import Visibility
from maillage.listing.listing import filter_records
from maillage.register.models import Organisation
from tests.list_files import exported_rows, load_rows, refusals

BIG_1 = {"registry": "ClinicalTrials.gov", "number": "NCT02416388"}
DAY = dt.date(2026, 1, 1)

pytestmark = pytest.mark.usefixtures("example", "english")


def big_1() -> Trial:
    trial: Trial = Trial.objects.get(**BIG_1)
    return trial


def organisation_ids(*keys: str) -> list[int]:
    return list(Organisation.objects.filter(key__in=keys).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"planned_participants": "many"}, "not a whole number"),
        ({"planned_participants": -1}, "not a whole number"),
        ({"group": ["nobody"]}, "not the key of an organisation"),
        ({"start": "2020-02-30"}, "2020-02-30"),
        ({"start": 2020, "end": 2019}, "before it begins"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_row_of_trials_is_refused(tmp_path: Path, values: dict[str, object], reason: str) -> None:
    report = load_rows(tmp_path, "trials", {"registry": "CTIS", "number": "2026-1", "short_title": "New"} | values)
    [refusal] = refusals(report)
    assert reason in refusal
    assert not Trial.objects.filter(number="2026-1").exists()


def test_a_second_load_of_a_trial_changes_nothing(tmp_path: Path) -> None:
    row = {
        "registry": "CTIS",
        "number": "2026-1",
        "short_title": "New",
        "sponsor": "A sponsor abroad",
        "group": ["filo"],
    }
    first, second = load_rows(tmp_path, "trials", row), load_rows(tmp_path, "trials", row)
    assert (first.counts["trials"].created, second.counts["trials"].unchanged) == (1, 1)
    trial = Trial.objects.get(number="2026-1")
    assert (trial.sponsor, trial.sponsor_text) == (None, "A sponsor abroad")
    assert [group.key for group in trial.groups.all()] == ["filo"]


def test_a_row_without_dates_keeps_those_of_the_trial(tmp_path: Path) -> None:
    before = big_1().period_start, big_1().period_end
    load_rows(tmp_path, "trials", BIG_1 | {"status_seen": "closed"})
    assert (big_1().period_start, big_1().period_end) == before
    assert big_1().status_seen_en == "closed"


def test_exported_trials_load_back(tmp_path: Path) -> None:
    rows = exported_rows(TRIAL_LOADER, Trial.objects.order_by("pk"))
    assert load_rows(tmp_path, "trials", *rows).counts["trials"].unchanged == len(rows) == 23
    Trial.objects.all().delete()
    assert load_rows(tmp_path, "trials", *rows).counts["trials"].created == len(rows)
    assert exported_rows(TRIAL_LOADER, Trial.objects.order_by("pk")) == rows


def test_a_row_of_the_list_of_trials() -> None:
    trial = TRIAL_LISTING.records(PUBLIC).get(**BIG_1)
    values = {column.key: column.value(trial) for column in TRIAL_LISTING.columns}
    assert (values["number"], values["participants"], values["registry"]) == ("NCT02416388", 3100, "ClinicalTrials.gov")
    assert (values["sponsor_key"], set(values["group_keys"])) == ("chu-angers", {"filo", "alfa"})
    facts = {fact.property: fact.value for fact in TRIAL_LISTING.facts(trial)}
    assert str(facts["number"].url) == "https://clinicaltrials.gov/study/NCT02416388"
    assert {one.key for one in TRIAL_LISTING.organisations(trial)} == {"chu-angers", "filo", "alfa"}


def test_trials_are_filtered_by_phase_register_and_organisation() -> None:
    def numbers(**asked: str) -> set[str]:
        records = filter_records(TRIAL_LISTING, TRIAL_LISTING.records(PUBLIC), asked, DAY)
        return set(records.values_list("number", flat=True))

    assert BIG_1["number"] in numbers(phase="2/3") & numbers(register="ClinicalTrials.gov") & numbers(
        organisation="alfa"
    )
    assert numbers(phase="no such phase") == set()


def test_a_trial_that_is_not_public_is_hidden_from_the_public() -> None:
    Trial.objects.filter(**BIG_1).update(visibility=Visibility.ORGANISATION)
    assert not TRIAL_LISTING.records(PUBLIC).filter(**BIG_1).exists()
    assert TRIAL_LISTING.records(SYSTEM).filter(**BIG_1).exists()
    ids = organisation_ids("filo", "alfa")
    assert str(big_1()) not in [work.what for work in shared_trials(ids, PUBLIC)]
    assert str(big_1()) in [work.what for work in shared_trials(ids, SYSTEM)]


def test_groups_and_sponsor_of_a_trial_have_worked_together() -> None:
    works = {work.what: work for work in shared_trials(organisation_ids("filo", "alfa", "chu-angers"), PUBLIC)}
    assert works[str(big_1())].organisations == set(organisation_ids("filo", "alfa", "chu-angers"))
    assert shared_trials(organisation_ids("filo"), PUBLIC) == []
