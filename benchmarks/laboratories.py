"""Laboratories ranked for past needs: CPU of one need and memory, beside plain BM25 over the same profiles."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.datasets import shared_data
from benchmarks.report import markdown_table, write_section
from maillage.cli.laboratory_data import laboratory_evidence, laboratory_translator
from maillage.matching.laboratories.evidence import AnsweredNeed
from maillage.matching.laboratories.features import NeedFeatures
from maillage.matching.laboratories.ranker import LaboratoryRanker
from maillage.matching.partners.features import top_positions

_YEAR = 2019
_MEMORY = (
    "import resource, sys; from benchmarks.laboratories import loaded; ranker, needs = loaded(); "
    "[ranker.explain(need.text, need.asker) for need in needs[:20]]; "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)


def loaded() -> tuple[LaboratoryRanker, list[AnsweredNeed]]:
    """The ranker with all that was known before a year, and the needs of the four years before it."""
    folder = shared_data("rnsr").parent
    evidence = laboratory_evidence(folder)
    ranker = LaboratoryRanker.of(evidence, _YEAR, laboratory_translator(folder, evidence))
    return ranker, [need for need in evidence.needs if need.year >= _YEAR - 4]


def run() -> None:
    """Rank each need, in each way."""
    began = time.process_time()
    ranker, needs = loaded()
    loading = time.process_time() - began
    peak = subprocess.run([sys.executable, "-c", _MEMORY], check=True, capture_output=True, text=True).stdout
    ways: dict[str, Callable[[AnsweredNeed], object]] = {
        "ranked": lambda need: ranker.rank(need.text, need.asker),
        "ranked, with the reasons of ten": lambda need: ranker.explain(need.text, need.asker),
        "BM25 on the same profiles": lambda need: top_positions(
            NeedFeatures.of(ranker.index, need.text, need.asker, ranker.translate).profile, 100
        ),
    }
    rows = [(name, *(f"{value:.1f} ms" for value in _times(name, way, needs))) for name, way in ways.items()]
    body = f"""{len(needs)} past needs, read for the first time in each way, among {len(ranker.index.laboratories):,} laboratories; CPU of one need.
Loading (files, translation, index) takes {loading:.0f} s of CPU, and a process that ranks has at most {int(peak) / 1024:.0f} MB.

{markdown_table(("one need", "median", "95 of 100 under", "slowest"), rows)}
"""
    write_section("laboratories", "Laboratories", body)


def _times(
    name: str, way: Callable[[AnsweredNeed], object], needs: Sequence[AnsweredNeed]
) -> tuple[float, float, float]:
    """Median, 95th percentile and maximum, in milliseconds of CPU."""
    times = []
    for number, need in enumerate(needs):
        # Further words make the text new to the memory of the translator.
        fresh = AnsweredNeed(need.key, need.year, f"{need.text} {name} {number}", (), need.asker)
        began = time.process_time()
        way(fresh)
        times.append(1000 * (time.process_time() - began))
    return float(np.median(times)), float(np.percentile(times, 95)), max(times)
