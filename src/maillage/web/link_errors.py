"""A signed link that is wrong or has ended: whoever has it needs no account, and is told what to do."""

from django.http import Http404


class LinkError(Http404):
    """The link of a mail or a page does not work; the message says why, and what to do."""
