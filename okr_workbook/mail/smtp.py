"""SMTP, said so that every reply counts: STARTTLS or TLS with checked certificates, one connection for a run.

smtplib's `sendmail` hides which recipients were refused and cannot tell a reply lost before the message from one lost
after it. Here the dialogue is led step by step (RFC 5321): until the server asks for the message (354) nothing has
left and all may be tried again; once the message is on its way, a missing reply means `unknown`.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

from okr_workbook.errors import OkrError
from okr_workbook.mail.message import Message
from okr_workbook.mail.passwords import Secret
from okr_workbook.mail.smtp_url import SmtpServer
from okr_workbook.mail.transport import Delivery, Leaving, Outcome, Transport

_GO_AHEAD, _MORE = 354, 334
_TOO_BIG = 552
_CLOSING = 421

# smtplib raises OSError for a broken line and its own errors, which are OSErrors too, for a broken dialogue.
_Lost = (OSError, EOFError)


class Smtp(Transport):
    """Sends through one mail server. `secret` is asked for when it is needed; `timeout` and `reply_timeout` are in seconds.

    `reply_timeout` is for the reply to the message itself: RFC 5321, 4.5.3.2.6, asks for 10 minutes, since a server
    may scan it first, and a reply not awaited is a message of unknown fate.
    """

    name = "smtp"
    needs_sender = True

    def __init__(
        self,
        server: SmtpServer,
        secret: Callable[[], Secret] | None = None,
        *,
        timeout: float = 60,
        reply_timeout: float = 600,
    ) -> None:
        self.server = server
        self._secret = secret
        self._timeout, self._reply_timeout = timeout, reply_timeout
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        self._connect()
        return self

    def close(self) -> None:
        """Take leave of the server."""
        if self._line is not None:
            with suppress(*_Lost):
                self._line.quit()
        self._hang_up()

    def send(self, message: Message, recipients: Sequence[str], leaving: Leaving) -> list[Delivery]:
        """One dialogue for the message. A line that breaks before the message leaves defers all."""
        assert message.sender, "checked before the first message"
        content = message.as_bytes()
        line = self._line or self._connect()
        try:
            settled = _announce(line, message.sender.address, recipients, len(content))
            accepted = [address for address in recipients if address not in settled]
            if not accepted:
                self._start_over(line)
                return list(settled.values())
            code, reply = line.docmd("DATA")
        except _Lost as error:
            self._hang_up()
            return [Delivery(address, "deferred", _spoken(error)) for address in recipients]
        if code == _GO_AHEAD:
            self._note(leaving, accepted)
            code, reply = self._hand_over(line, content)
            outcome = _outcome(code)
        else:
            self._start_over(line)
            outcome = "refused" if _outcome(code) == "refused" else "deferred"
        told = _spoken(reply, code)
        return [settled.get(address) or Delivery(address, outcome, told) for address in recipients]

    def _note(self, leaving: Leaving, accepted: Sequence[str]) -> None:
        """Have it noted that the message leaves. Where that fails the line is dropped: the server waits for a message,
        and whatever is said now would be taken for one.
        """
        try:
            leaving(accepted)
        except BaseException:
            self._hang_up()
            raise

    def _hand_over(self, line: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
        """Send the message itself and wait for its reply; 0 where none came."""
        try:
            if line.sock:
                line.sock.settimeout(self._reply_timeout)
            line.send(_dotted(content))
            code, reply = line.getreply()
            if line.sock:
                line.sock.settimeout(self._timeout)
        except _Lost as error:
            self._hang_up()
            return 0, str(error).encode()
        if code == _CLOSING:
            self._hang_up()
        return code, reply

    # --- the line ---

    def _connect(self) -> smtplib.SMTP:
        server, trust = self.server, _trust(self.server.ca)
        secret = self._secret() if server.user and self._secret else None
        try:
            if server.security == "tls":
                line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=trust)
            else:
                line = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
            self._line = line
            _encrypt_and_greet(line, server, trust)
            if secret:
                _sign_in(line, server, secret)
        except ssl.SSLCertVerificationError as error:
            self._hang_up()
            raise OkrError("smtp_certificate", host=server.host, reason=error.verify_message) from error
        except _Lost as error:
            self._hang_up()
            raise OkrError(
                "smtp_no_connection", host=server.host, port=str(server.port), reason=_spoken(error)
            ) from error
        except OkrError:
            self._hang_up()
            raise
        return line

    def _start_over(self, line: smtplib.SMTP) -> None:
        """Forget the message begun, for the next one; a line that does not answer is dropped."""
        try:
            code, _ = line.docmd("RSET")
        except _Lost:
            code = 0
        if _outcome(code) != "sent":
            self._hang_up()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _trust(ca: str) -> ssl.SSLContext:
    trust = ssl.create_default_context()
    if ca:
        try:
            trust.load_verify_locations(cafile=ca)
        except OSError as error:
            raise OkrError("smtp_ca_unreadable", file=ca) from error
    return trust


def _encrypt_and_greet(line: smtplib.SMTP, server: SmtpServer, trust: ssl.SSLContext) -> None:
    line.ehlo_or_helo_if_needed()
    if server.security != "starttls":
        return
    if not line.has_extn("starttls"):
        raise OkrError("smtp_no_starttls", host=server.host, port=str(server.port))
    line.starttls(context=trust)
    line.ehlo()


def _sign_in(line: smtplib.SMTP, server: SmtpServer, secret: Secret) -> None:
    """AUTH with UTF-8 passwords (RFC 4616), which smtplib cannot send. The server's reply is not told on: it may
    repeat what it was sent.
    """
    offered = set(line.esmtp_features.get("auth", "").upper().split())
    user, text = server.user, secret.reveal()
    if server.xoauth2:
        code, _ = line.docmd("AUTH", "XOAUTH2 " + _base64(f"user={user}\x01auth=Bearer {text}\x01\x01"))
        if code == _MORE:  # the reason, in JSON; an empty answer ends the exchange
            code, _ = line.docmd("")
    elif "PLAIN" in offered or "LOGIN" not in offered:
        code, _ = line.docmd("AUTH", "PLAIN " + _base64(f"\0{user}\0{text}"))
    else:
        code, _ = line.docmd("AUTH", "LOGIN " + _base64(user))
        if code == _MORE:
            code, _ = line.docmd(_base64(text))
    if _outcome(code) != "sent":
        raise OkrError("smtp_sign_in_refused", host=server.host, user=user, reply=str(code))


def _announce(line: smtplib.SMTP, sender: str, recipients: Sequence[str], size: int) -> dict[str, Delivery]:
    """MAIL and RCPT: what is settled already, by address. OkrError where the sender may not send at all."""
    limit = line.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit) < size:
        return {one: Delivery(one, "refused", f"{_TOO_BIG} {size} > SIZE {limit}") for one in recipients}
    code, reply = line.mail(sender, [f"size={size}"] if line.has_extn("size") else [])
    if _outcome(code) == "refused" and code != _TOO_BIG:
        raise OkrError("smtp_sender_refused", sender=sender, reply=_spoken(reply, code))
    if _outcome(code) != "sent":
        _raise_if_closing(code, reply)
        return {one: Delivery(one, _outcome(code), _spoken(reply, code)) for one in recipients}
    settled = {}
    for address in recipients:
        code, reply = line.rcpt(address)
        _raise_if_closing(code, reply)
        if _outcome(code) != "sent":
            settled[address] = Delivery(address, _outcome(code), _spoken(reply, code))
    return settled


def _raise_if_closing(code: int, reply: bytes) -> None:
    """421: the server hangs up (RFC 5321, 3.8); nothing more can be said on this line."""
    if code == _CLOSING:
        raise smtplib.SMTPServerDisconnected(_spoken(reply, code))


def _outcome(code: int) -> Outcome:
    """What a reply means: 2yz done, 4yz not now, 5yz no (RFC 5321, 4.2.1). Anything else says nothing."""
    known: dict[int, Outcome] = {2: "sent", 4: "deferred", 5: "refused"}
    return known.get(code // 100, "unknown")


def _dotted(content: bytes) -> bytes:
    """The message as DATA wants it: lines that begin with a dot doubled it, a dot alone at the end."""
    content = re.sub(rb"(?m)^\.", b"..", content)
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")


def _spoken(reply: bytes | BaseException, code: int = 0) -> str:
    """A reply, or what broke the line, as text for the ledger and the report."""
    text = str(reply) if isinstance(reply, BaseException) else reply.decode("utf-8", "replace")
    return f"{code} {text}" if code else text
