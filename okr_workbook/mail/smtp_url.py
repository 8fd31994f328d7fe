"""`smtp://user@host:587` and `smtps://host:465`: where and how to send, read from a URL. Pure.

`smtp` demands STARTTLS, `smtps` is TLS from the first byte; certificates are always checked. Options: `?ca=FILE`
trusts one more authority, `?auth=xoauth2` signs in with a token, `?starttls=never` is for a server on this machine.
A password in the URL is refused: it would stay in the shell's history and in lists of processes.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from okr_workbook.errors import UsageError

_PORTS = {"smtp": 587, "smtps": 465}
_OPTIONS = {"ca", "auth", "starttls"}


class SmtpServer(NamedTuple):
    """A mail server and how to speak to it. `user` "" sends without signing in; `ca` "" trusts the system's authorities.

    `security`: tls, starttls or none.
    """

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    xoauth2: bool = False
    ca: str = ""


def parse_smtp_url(url: str) -> SmtpServer:
    """The server a URL means; UsageError where it is none, or not safe."""
    try:
        parts = urlsplit(url)
        port = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise UsageError("smtp_url_not_valid") from error
    if parts.password is not None:
        raise UsageError("smtp_password_in_url")
    known = parts.scheme in _PORTS and parts.hostname and not parts.path.strip("/") and not parts.fragment
    if not known or options.keys() - _OPTIONS or options.get("auth", "xoauth2") != "xoauth2":
        raise UsageError("smtp_url_not_valid")
    host = parts.hostname or ""
    return SmtpServer(
        host,
        port or _PORTS[parts.scheme],
        _security(parts.scheme, host, options.get("starttls", "always")),
        unquote(parts.username or ""),
        "auth" in options,
        options.get("ca", ""),
    )


def _security(scheme: str, host: str, starttls: str) -> str:
    if scheme == "smtps":
        return "tls"
    if starttls == "always":
        return "starttls"
    if starttls != "never":
        raise UsageError("smtp_url_not_valid")
    if not is_this_machine(host):
        raise UsageError("smtp_not_encrypted", host=host)
    return "none"


def is_this_machine(host: str) -> bool:
    """True for a loopback address.

    >>> is_this_machine("127.0.0.1"), is_this_machine("localhost"), is_this_machine("mail.okr.test")
    (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
