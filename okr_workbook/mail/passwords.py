"""Passwords and tokens for SMTP: from the environment or the key store when they are needed, and kept nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping

from okr_workbook.errors import OkrError
from okr_workbook.mail.key_store import SERVICE, read_entry

PASSWORD_VARIABLE = "OKR_SMTP_PASSWORD"  # noqa: S105 (the variable's name)
TOKEN_VARIABLE = "OKR_SMTP_TOKEN"  # noqa: S105 (the variable's name)


class Secret:
    """A text that does not print itself: it shows as dots in logs, messages and tracebacks."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself, for the one who must know."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"


def smtp_secret(user: str, host: str, *, token: bool = False, environ: Mapping[str, str] = os.environ) -> Secret:
    """A user's password (or XOAUTH2 token) for a mail server: from the environment, else from the key store.

    OkrError where there is none.
    """
    variable = TOKEN_VARIABLE if token else PASSWORD_VARIABLE
    service = f"{SERVICE} {host}"
    found = environ.get(variable) or read_entry(service, user)
    if not found:
        raise OkrError("smtp_password_missing", variable=variable, service=service, user=user)
    return Secret(found)
