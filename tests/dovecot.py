"""A real IMAP server for one test run: Dovecot, with one mailbox in a folder that is thrown away."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imap_tools import MailBoxUnencrypted, MailMessageFlags

USER, PASSWORD = "needs", "word@tests"
# Debian installs it where only the system administrator's search path leads.
DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {internal}
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class MailServer:
    """The running server; `url` is what MAILLAGE_INBOX takes."""

    port: int

    @property
    def url(self) -> str:
        return (
            f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/INBOX?address=needs%40maillage.example"
        )

    @contextmanager
    def mailbox(self, folder: str = "INBOX") -> Iterator[MailBoxUnencrypted]:
        """The mailbox, as a mail program opens it."""
        with MailBoxUnencrypted("127.0.0.1", self.port).login(USER, PASSWORD, folder) as box:
            yield box

    def deliver(self, content: bytes) -> None:
        """Put a mail into the mailbox, already seen by somebody who looked into it."""
        with self.mailbox() as box:
            box.append(content, "INBOX", flag_set=[MailMessageFlags.SEEN])

    def subjects(self, folder: str) -> list[str]:
        """The subjects of the mails of a folder; none where there is no such folder."""
        with self.mailbox() as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder)
            return [mail.subject for mail in box.fetch(headers_only=True, mark_seen=False)]


@contextmanager
def running_dovecot(folder: Path) -> Iterator[MailServer]:
    """Start Dovecot with its data in a folder, and stop it after the block."""
    assert DOVECOT
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "dovecot.conf").write_text(_configuration(folder, port), "utf-8")
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "dovecot.conf")])
    try:
        _wait_for(port, folder)
        yield MailServer(port)
    finally:
        server.terminate()
        server.wait(20)


def _configuration(folder: Path, port: int) -> str:
    """The configuration; root may not own a mailbox, so that the server's own user gets it."""
    own = pwd.getpwnam("dovecot" if os.geteuid() == 0 else getpass.getuser())
    for name in ("mail", "home", "run", "state"):
        (folder / name).mkdir()
        os.chown(folder / name, own.pw_uid, own.pw_gid)
    group = subprocess.check_output(["/usr/bin/id", "-gn", own.pw_name], text=True).strip()
    return _CONFIGURATION.format(
        folder=folder,
        port=port,
        password=PASSWORD,
        internal=own.pw_name,
        group=group,
        owner=own.pw_uid,
        owner_group=own.pw_gid,
    )


def _wait_for(port: int, folder: Path) -> None:
    for _try in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    log = folder / "log"
    raise AssertionError(f"Dovecot did not start: {log.read_text() if log.exists() else 'no log'}")
