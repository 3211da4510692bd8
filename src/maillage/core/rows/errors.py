"""Why a row or a file is refused."""


class RowError(ValueError):
    """A row that is refused. The message says what is wrong and what to do; `field` is the key of the row at fault."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


class InvalidValueError(ValueError):
    """A value that a field does not take. The message may hold `%(key)s`, the key of the field.

    `part` is the key of the part at fault, where the value is a mapping.
    """

    def __init__(self, message: str, part: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.part = part
        self.values = values

    def as_row_error(self, key: str) -> RowError:
        """The error of a row whose field `key` holds the value."""
        return RowError(self.message % {"key": key, **self.values}, key)


class InvalidFileError(ValueError):
    """A file that cannot be read at all; the message names the file, the line and the remedy."""
