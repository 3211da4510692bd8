"""How long a field of a CSV file may be: the `csv` module keeps one limit for the whole process."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def fields_up_to(length: int) -> Iterator[None]:
    """Take fields of this many characters, and then as many as before; a longer one raises `csv.Error`."""
    before = csv.field_size_limit(length)
    try:
        yield
    finally:
        csv.field_size_limit(before)
