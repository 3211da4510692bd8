"""What goes wrong before the site runs, told so that a person can act on it."""


class MaillageError(Exception):
    """A failure with its place and its remedy: shown as it is, without a stack trace."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what if not remedy else f"{what}\n{remedy}")
        self.what = what
        self.remedy = remedy
