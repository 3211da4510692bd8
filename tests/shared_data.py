"""Where the tests find public data sets, which are read where they lie and never copied into the repository."""

import os
from pathlib import Path

import pytest

DATA_BESIDE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """The path of a file or folder of the shared data; skips the test when it is not there.

    Looked for in the folder `MAILLAGE_SHARED_DATA` names, else in `shared/data` beside the checkout.
    """
    root = Path(os.environ.get("MAILLAGE_SHARED_DATA") or DATA_BESIDE_CHECKOUT)
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} is not in {root}; set MAILLAGE_SHARED_DATA to the folder that has it.")
    return path
