"""Passwords and tokens: taken from the environment or the system's key store when they are needed, and kept nowhere.

Nothing here returns them in a form that prints itself: a `Secret` shows as dots in logs, messages and tracebacks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from okr_workbook.errors import OkrError

PASSWORD_VARIABLE = "OKR_SMTP_PASSWORD"  # noqa: S105 (the variable's name)
TOKEN_VARIABLE = "OKR_SMTP_TOKEN"  # noqa: S105 (the variable's name)
SERVICE = "okr_workbook"
"""Under this name, followed by the host, the key store holds a user's password: `keyring set "okr_workbook HOST" USER`."""


class Secret:
    """A text that does not print itself. `reveal` gives it to the one who must know."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"


def smtp_secret(user: str, host: str, *, token: bool = False, environ: Mapping[str, str] = os.environ) -> Secret:
    """A user's password (or XOAUTH2 token) for a mail server: from the environment, else from the key store.

    OkrError where there is none.
    """
    variable = TOKEN_VARIABLE if token else PASSWORD_VARIABLE
    found = environ.get(variable) or _from_key_store(user, host)
    if not found:
        raise OkrError("smtp_password_missing", variable=variable, service=f"{SERVICE} {host}", user=user)
    return Secret(found)


def _from_key_store(user: str, host: str) -> str | None:
    """What the key store holds; None where it, or the optional package `keyring`, is missing."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(f"{SERVICE} {host}", user)
    except KeyringError:
        return None
    return found
