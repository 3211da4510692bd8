"""Reader of ROR files, record by record: JSON Lines or a JSON array, plain, gzipped or zipped."""

import codecs
import gzip
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from maillage.core.json_types import JsonObject
from maillage.core.rows.errors import InvalidFileError
from maillage.language import os_error_reason

# The longest record of ROR has some 100 kB; a line longer than this is skipped without being held in memory.
MAX_RECORD_SIZE = 4_000_000
_CHUNK_SIZE = 1 << 20
_DAMAGED_FILE_ERRORS = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)


@dataclass(slots=True)
class ReadPosition:
    """How far a file is read, as a share of its bytes from 0 to 1."""

    file: IO[bytes] | None = None
    size: int = 1

    @property
    def share(self) -> float:
        return min(1.0, self.file.tell() / self.size) if self.file and not self.file.closed else 0.0


# The line where a record begins, and the record or the reason why it cannot be read.
FileItem = tuple[int, JsonObject | str]


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises `InvalidFileError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InvalidFileError(
            _("%(file)s: cannot be read (%(reason)s); check the path and the rights")
            % {"file": path, "reason": _(os_error_reason(error))}
        ) from error


def read_records(path: Path, position: ReadPosition | None = None) -> Iterator[FileItem]:
    """Each record of a file with its line, or the reason why it cannot be read; never the whole file in memory.

    `position` is kept up to date for progress. Raises `InvalidFileError` where the file is damaged or has no records.
    """
    line = 0
    try:
        with _open_stream(path, position or ReadPosition()) as stream:
            for item in _file_items(path, stream):
                line = item[0]
                yield item
    except _DAMAGED_FILE_ERRORS as error:
        raise InvalidFileError(
            _("%(file)s: damaged after line %(line)d (%(reason)s); fetch the file again and run the import again")
            % {"file": path, "line": line, "reason": str(error) or type(error).__name__}
        ) from error


@contextmanager
def _open_stream(path: Path, position: ReadPosition) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        position.file, position.size = file, path.stat().st_size or 1
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive, archive.open(_archive_member(path, archive)) as stream:
                yield stream
            return
        file.seek(0)
        is_gzip = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        # `read1` of the buffered reader makes reading lines of a gzip file as fast as of a plain one.
        yield gzip.GzipFile(fileobj=file) if is_gzip else file  # type: ignore[misc]


def _archive_member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The member of a ROR release that holds the records: the JSON of schema 2 if there is one."""
    members = [info for info in archive.infolist() if info.filename.endswith((".json", ".jsonl"))]
    if not members:
        raise InvalidFileError(_("%s: holds no .json or .jsonl file; give a ROR data release") % path)
    return max(members, key=lambda info: ("schema_v2" in info.filename, info.file_size))


def _file_items(path: Path, stream: IO[bytes]) -> Iterator[FileItem]:
    first_line = stream.readline(MAX_RECORD_SIZE)
    if first_line.lstrip().startswith(b"["):
        return _array_items(path, first_line, stream)
    return _line_items(first_line, stream)


def _line_items(first_line: bytes, stream: IO[bytes]) -> Iterator[FileItem]:
    number, raw = 0, first_line
    while raw:
        number += 1
        if len(raw) >= MAX_RECORD_SIZE and not raw.endswith(b"\n"):
            yield number, _("the line is longer than %d bytes; a ROR record is much shorter") % MAX_RECORD_SIZE
            _skip_line(stream)
        elif raw.strip():
            yield number, _parse_line(raw)
        raw = stream.readline(MAX_RECORD_SIZE)


def _skip_line(stream: IO[bytes]) -> None:
    while (raw := stream.readline(MAX_RECORD_SIZE)) and not raw.endswith(b"\n"):
        pass


def _parse_line(raw: bytes) -> JsonObject | str:
    try:
        value = json.loads(raw)
    except UnicodeDecodeError as error:
        return _("byte %d is not UTF-8; save the file as UTF-8") % (error.start + 1)
    except json.JSONDecodeError as error:
        return _("not readable as JSON (column %(column)d: %(reason)s); correct or remove the line") % {
            "column": error.colno,
            "reason": error.msg,
        }
    except RecursionError:
        return _("nested too deep to be a ROR record; remove the line")
    return value if isinstance(value, dict) else _not_a_record()


def _not_a_record() -> str:
    return _("a record must be a JSON object {…}; correct or remove it")


def _array_items(path: Path, first_line: bytes, stream: IO[bytes]) -> Iterator[FileItem]:
    """The elements of one JSON array, read chunk by chunk."""
    decoder, text = json.JSONDecoder(), codecs.getincrementaldecoder("utf-8")()
    buffer, line = text.decode(first_line), 1
    buffer = buffer[buffer.index("[") + 1 :]
    while True:
        stripped = buffer.lstrip(" \t\r\n,")
        line += buffer[: len(buffer) - len(stripped)].count("\n")
        if stripped.startswith("]"):
            return
        try:
            value, end = decoder.raw_decode(stripped)
        except json.JSONDecodeError as error:
            buffer = _with_next_chunk(path, line, stripped, stream, text, error)
            continue
        yield line, value if isinstance(value, dict) else _not_a_record()
        line, buffer = line + stripped.count("\n", 0, end), stripped[end:]


def _with_next_chunk(
    path: Path, line: int, text: str, stream: IO[bytes], decoder: codecs.IncrementalDecoder, error: json.JSONDecodeError
) -> str:
    """The text with the next chunk of the file. Raises `InvalidFileError` where more text cannot make it a record."""
    chunk = stream.read(_CHUNK_SIZE)
    if chunk and len(text) < MAX_RECORD_SIZE:
        return text + decoder.decode(chunk)
    raise InvalidFileError(
        _("%(file)s:%(line)d: not readable as JSON (%(reason)s); correct it there, or fetch the file again")
        % {"file": path, "line": line + error.lineno - 1, "reason": error.msg}
    )
