"""The files of a message as its mail carries them; one that is too large for a mail stands on the page."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from maillage.files.models import File
from maillage.files.queries import distinct_files
from maillage.files.storage import get_storage
from maillage.notifications.mails import MAX_FILES_BYTES
from maillage.notifications.notice_kinds import MailFile
from maillage.partnerships.models import Message


def files_of_message(record_kind: str, record_id: int) -> list[MailFile]:
    """The files that fit into the mail of a message; no bytes that the storage has lost."""
    found = []
    for file in _fitting_files(record_kind, record_id):
        try:
            with get_storage().open(file.content.storage_path) as stored:
                found.append(MailFile(file.name, stored.read(), file.content.media_type))
        except FileNotFoundError:
            continue
    return found


def file_words(message: Message) -> str:
    """Which files come with a message, and which stand on its page alone, in the active language."""
    attached = {file.pk for file in _fitting_files(Message.kind_name(), message.pk)}
    files = distinct_files(Message.kind_name(), message.pk)
    lines = [
        (_("Files: %s"), [file.name for file in files if file.pk in attached]),
        (_("Too large for a mail, on the page below: %s"), [file.name for file in files if file.pk not in attached]),
    ]
    return "\n".join(words % ", ".join(names) for words, names in lines if names)


def _fitting_files(record_kind: str, record_id: int) -> Iterator[File]:
    size = 0
    for file in distinct_files(record_kind, record_id):
        if size + file.content.size <= MAX_FILES_BYTES:
            size += file.content.size
            yield file
