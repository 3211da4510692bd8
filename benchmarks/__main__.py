"""`python -m benchmarks NAME …`: run measures, each of which writes its section of RESULTS.md."""

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parent
_HELPERS = {"__init__", "__main__", "datasets", "need_set", "report", "sheet_steps", "simulated_market", "team_models"}


def measure_names() -> list[str]:
    """The measures there are."""
    return sorted(file.stem for file in FOLDER.glob("*.py") if file.stem not in _HELPERS)


@contextmanager
def running_site() -> Iterator[None]:
    """The database of MAILLAGE_DATA (or DATABASE_URL) running, and Django ready."""
    from maillage.cli.site_session import running_site

    if not (os.environ.get("MAILLAGE_DATA") or os.environ.get("DATABASE_URL")):
        sys.exit("Measures fill the database: name one to use with MAILLAGE_DATA=FOLDER or DATABASE_URL.")
    with running_site():
        yield


def main(chosen: list[str]) -> None:
    """Run the measures named."""
    unknown = [name for name in chosen if name not in measure_names()]
    if unknown or not chosen:
        sys.exit(f"Usage: python -m benchmarks NAME …   where NAME is one of: {', '.join(measure_names())}")
    with running_site():
        for name in chosen:
            importlib.import_module(f"benchmarks.{name}").run()


if __name__ == "__main__":
    main(sys.argv[1:])
