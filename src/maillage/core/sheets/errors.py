"""Why a sheet cannot be read."""


class InvalidSheetError(ValueError):
    """A file that is no readable sheet. The message says what is wrong with it and what to do."""
