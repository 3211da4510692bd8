"""What measures work on: the public data sets, and a register filled with them."""

import os
import sys
from pathlib import Path

_BESIDE_THE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """A file of the shared data, in the folder of MAILLAGE_SHARED_DATA, else beside the checkout; ends if absent."""
    root = Path(os.environ.get("MAILLAGE_SHARED_DATA") or _BESIDE_THE_CHECKOUT)
    path = root.joinpath(*parts)
    if not path.exists():
        sys.exit(f"{path} is not there; set MAILLAGE_SHARED_DATA to the folder that has {'/'.join(parts)}.")
    return path


def ensure_example() -> None:
    """The example, as the first start of the site loads it."""
    from maillage.register.models import Organisation

    if not Organisation.objects.exists():
        from maillage.cli.load import load_example

        load_example()
