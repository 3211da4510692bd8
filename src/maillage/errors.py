"""The error of commands and of the database, with a message for the person who runs them."""


class MaillageError(Exception):
    """A failure: `what` went wrong and where, and the `remedy`. Printed without a stack trace."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what if not remedy else f"{what}\n{remedy}")
        self.what = what
        self.remedy = remedy
