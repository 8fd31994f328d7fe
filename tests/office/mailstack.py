"""Postfix and Dovecot on loopback, from a folder of their own: submission with STARTTLS and sign-in, and IMAP.

Debian: `apt-get install -y --no-install-recommends postfix dovecot-imapd`. Postfix starts as root only. No mail leaves the
machine: every domain but `okr.test` is refused.
"""

from __future__ import annotations

import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.mail.peer import Certificates

PASSWORD = "s3cret-of-the-mailer"
USERS = ("mailer", "ann", "bob", "zoe")
_MAIL_ID = 2000  # an id no real user has

MAIN = """\
compatibility_level = 3.6
queue_directory = {box}/queue
data_directory = {box}/data
maillog_file = {box}/log/mail.log
maillog_file_prefixes = {box}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
alias_maps =
alias_database =
local_transport = error:no local mail
virtual_mailbox_domains = okr.test
virtual_mailbox_base = {box}/mail
virtual_mailbox_maps = texthash:{box}/conf/users
virtual_uid_maps = static:{mail_id}
virtual_gid_maps = static:{mail_id}
virtual_mailbox_limit = 0
message_size_limit = 2000000
default_transport = error:5.1.2 no mail leaves this machine
relay_transport = error:5.1.2 no mail leaves this machine
smtpd_tls_cert_file = {chain}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {box}/run/auth
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
"""

MASTER = """\
127.0.0.1:{submission} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""

DOVECOT = """\
base_dir = {box}/run/dovecot
instance_name = okr-test
log_path = {box}/log/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{chain}
ssl_key = <{key}
mail_location = maildir:{box}/mail/%n/Maildir
first_valid_uid = 1
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = username_format=%n {box}/conf/passwords
}}
userdb {{
  driver = static
  args = uid={mail_id} gid={mail_id} home={box}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
  }}
}}
service auth {{
  unix_listener {box}/run/auth {{
    mode = 0666
  }}
}}
"""


class MailStack:
    """The running servers."""

    def __init__(self, submission, imaps, ca):
        self.submission, self.imaps, self.ca = submission, imaps, ca

    def inbox(self, user, count, seconds=20):
        """The messages in a user's inbox, as bytes, once there are that many."""
        until = time.monotonic() + seconds
        while True:
            with imaplib.IMAP4_SSL(
                "localhost", self.imaps, ssl_context=ssl.create_default_context(cafile=self.ca)
            ) as imap:
                imap.login(user, PASSWORD)
                imap.select(readonly=True)
                numbers = imap.search(None, "ALL")[1][0].split()
                found = [imap.fetch(number.decode(), "(RFC822)")[1][0][1] for number in numbers]
            if len(found) >= count or time.monotonic() > until:
                return found
            time.sleep(0.1)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def mail_stack():
    """Both servers, started in a folder of their own and stopped at the end."""
    # Not pytest's tmp_path: its parents are closed to the servers' own users, and too long for a socket's name.
    box = Path(tempfile.mkdtemp(prefix="okr-mail-"))
    try:
        box.chmod(0o755)
        conf = _configure(box, submission := free_port(), imaps := free_port())
        subprocess.run(["/usr/sbin/dovecot", "-c", box / "conf/dovecot.conf"], check=True)
        try:
            subprocess.run(["/usr/sbin/postfix", "-c", box / "conf", "start"], check=True, capture_output=True)
            try:
                _await(submission)
                _await(imaps)
                yield MailStack(submission, imaps, conf.ca)
            finally:
                subprocess.run(["/usr/sbin/postfix", "-c", box / "conf", "stop"], check=False, capture_output=True)
        finally:
            subprocess.run(["/usr/sbin/dovecot", "-c", box / "conf/dovecot.conf", "stop"], check=False)
    finally:
        shutil.rmtree(box, ignore_errors=True)


def _configure(box, submission, imaps):
    for name in ("conf", "queue", "data", "mail", "run", "log"):
        (box / name).mkdir()
    shutil.chown(box / "data", "postfix")
    os.chown(box / "mail", _MAIL_ID, _MAIL_ID)
    certificates = Certificates(box / "conf")
    words = {"box": box, "chain": certificates.chain, "key": certificates.key, "mail_id": _MAIL_ID,
             "submission": submission, "imaps": imaps}  # fmt: skip
    for name, text in (
        ("main.cf", MAIN), ("master.cf", MASTER), ("dovecot.conf", DOVECOT),
        ("users", "".join(f"{user}@okr.test {user}/Maildir/\n" for user in USERS)),
        ("passwords", "".join(f"{user}:{{{{PLAIN}}}}{PASSWORD}\n" for user in USERS)),
    ):  # fmt: skip
        (box / "conf" / name).write_text(text.format(**words))
    return certificates


def _await(port, seconds=15):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(port)
