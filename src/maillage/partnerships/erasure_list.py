"""The list of erasures outside the database, which a backup of the database cannot take back: a file of keys and days.

Each line has the key of a need or of an account, and the day on which its requester or its person was erased; no line
names a person.
"""

import csv
import datetime as dt
import fcntl
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from maillage.errors import MaillageError
from maillage.partnerships.models import Erasure

_HEADING = ("need", "erased")
_MAX_KEY_LENGTH = 40
_ACCOUNT = re.compile(r"account-([0-9]{1,18})-([0-9a-f]{12})")


def account_key(user_id: int, mark: str) -> str:
    """The key of an erased account: its number, and a mark that tells it from one that got the number later."""
    return f"account-{user_id}-{mark}"


def erased_accounts(keys: Iterable[str]) -> dict[tuple[int, str], str]:
    """The accounts among the keys of a list: the key by number and mark, since a number may have served twice."""
    found = (_ACCOUNT.fullmatch(key) for key in keys)
    return {(int(match[1]), match[2]): match[0] for match in found if match}


def erasure_file() -> Path:
    """Where the list is kept, beside the database."""
    return Path(settings.DATA) / "erasures.csv"


def read_erasures(file: Path) -> dict[str, dt.date]:
    """The days of erasures by key; none without a file. Raises `MaillageError` for bad lines."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [(number, row) for number, row in enumerate(csv.reader(lines), 1) if row and tuple(row) != _HEADING]
    return dict(_read_row(file, number, row) for number, row in rows)


def _read_row(file: Path, number: int, row: list[str]) -> tuple[str, dt.date]:
    try:
        key, day = row
        if not 0 < len(key) <= _MAX_KEY_LENGTH:
            raise ValueError(key)
        return key, dt.date.fromisoformat(day)
    except ValueError as error:
        raise MaillageError(
            _("%(file)s, line %(number)d, is no erasure.") % {"file": file, "number": number},
            _("Write the key of a need, a comma and a day, as in: 2026-kq3nc7,2026-11-30"),
        ) from error


def erasure_text(erasures: Mapping[str, dt.date]) -> str:
    """The list as CSV, with its heading."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_HEADING, *((key, day) for key, day in erasures.items())])
    return out.getvalue()


def known_erasures() -> dict[str, dt.date]:
    """The erasures that the database knows, the earliest first."""
    return dict(Erasure.objects.order_by("day", "pk").values_list("need_key", "day"))


def add_to_file(erasures: Mapping[str, dt.date]) -> None:
    """Add to the file the erasures that it lacks. Several processes may do so at once."""
    file = erasure_file()
    with file.open("a", encoding="utf-8") as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)
        kept = read_erasures(file)
        text = erasure_text({key: day for key, day in erasures.items() if key not in kept})
        lines.write(text if lines.tell() == 0 else text.partition("\n")[2])
