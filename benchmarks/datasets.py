"""What measures work on: the public data sets, and a register filled with them."""

import os
import sys
import time
from pathlib import Path

_DATA_BESIDE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """A file of the shared data, in the folder of MAILLAGE_SHARED_DATA, else beside the checkout; ends if absent."""
    root = Path(os.environ.get("MAILLAGE_SHARED_DATA") or _DATA_BESIDE_CHECKOUT)
    path = root.joinpath(*parts)
    if not path.exists():
        sys.exit(f"{path} is not there; set MAILLAGE_SHARED_DATA to the folder that has {'/'.join(parts)}.")
    return path


def ensure_example() -> None:
    """The example, as the first start of the site loads it."""
    from maillage.register.models import Organisation

    if not Organisation.objects.exists():
        from maillage.cli.example import load_example

        load_example()


def measure_bare_copy(tables: tuple[str, ...]) -> tuple[int, float]:
    """Copy the rows of some tables into plain ones; the rows and the seconds."""
    from django.db import connection, transaction

    rows, seconds = 0, 0.0
    for name in tables:
        with transaction.atomic(), connection.cursor() as cursor:
            with cursor.copy(f"COPY {name} TO STDOUT") as source:
                content = b"".join(bytes(part) for part in source)
            cursor.execute(f"DROP TABLE IF EXISTS bare_{name}; CREATE TABLE bare_{name} (LIKE {name})")
        began = time.perf_counter()
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy(f"COPY bare_{name} FROM STDIN") as target,
        ):
            target.write(content)
        seconds += time.perf_counter() - began
        rows += content.count(b"\n")
    return rows, seconds
