"""Microsoft 365: sign in with a code in the browser, send through Microsoft Graph. Needs the extra `microsoft365`.

Graph and not SMTP with XOAUTH2: it needs the one right to send as oneself (Mail.Send), works where an administrator has
switched SMTP off for mailboxes (the default of security defaults), goes through web proxies, and keeps the message
among the sent ones. The message goes as MIME, so that it is the same by every transport, its Message-ID included.
<https://learn.microsoft.com/graph/api/user-sendmail>
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from okr_workbook.errors import OkrError
from okr_workbook.mail.key_store import SERVICE, keep_long, read_long
from okr_workbook.mail.message import Message
from okr_workbook.mail.passwords import Secret
from okr_workbook.mail.transport import Delivery, Leaving, Outcome, Transport

SEND_MAIL = "https://graph.microsoft.com/v1.0/me/sendMail"
SCOPES = ["https://graph.microsoft.com/Mail.Send"]
CLIENT_VARIABLE, TENANT_VARIABLE = "OKR_MICROSOFT365_CLIENT_ID", "OKR_MICROSOFT365_TENANT"
_TIMEOUT = 120.0

_NOT_NOW = (429, 503)
"""Throttled, or out of service: not accepted (Graph's throttling guidance). Other 5xx may have been."""


class Microsoft365(Transport):
    """Sends as the account that signs in; `token` gives its access token, signing in where needed."""

    name = "microsoft365"

    def __init__(self, token: Callable[[], Secret], *, send_mail: str = SEND_MAIL, timeout: float = _TIMEOUT) -> None:
        self._token, self._send_mail, self._timeout = token, send_mail, timeout

    def __enter__(self) -> Self:
        self._token()
        return self

    def send(self, message: Message, recipients: Sequence[str], leaving: Leaving) -> list[Delivery]:
        """One request for the message; Graph takes or refuses it for all its recipients at once."""
        import requests

        token = self._token()
        content = b64encode(message.for_only(recipients).as_bytes())
        headers = {"Authorization": f"Bearer {token.reveal()}", "Content-Type": "text/plain"}
        leaving(recipients)
        try:
            # A connection each: on a kept one, a line that broke before could not be told from one that broke after.
            answer = requests.post(
                self._send_mail, data=content, headers=headers, timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            outcome: Outcome = "deferred" if _never_left(error) else "unknown"
            return [Delivery(address, outcome, type(error).__name__) for address in recipients]
        told = f"{answer.status_code} {_reason(answer)}".strip()
        if answer.status_code in (401, 403):
            raise OkrError("microsoft365_not_allowed", reply=told)
        return [Delivery(address, _outcome(answer.status_code), told) for address in recipients]


def _never_left(error: Exception) -> bool:
    """True where no connection came about, so that nothing was said on it."""
    import requests
    from urllib3.exceptions import NewConnectionError

    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _outcome(status: int) -> Outcome:
    if status // 100 == 2:
        return "sent"
    if status in _NOT_NOW:
        return "deferred"
    return "refused" if status // 100 == 4 else "unknown"


def _reason(answer: Any) -> str:
    """Graph's word for what is wrong, such as ErrorInvalidRecipients; "" where it says none."""
    try:
        return str(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""


class Account:
    """A Microsoft 365 account that has signed in, or signs in with a code in the browser when asked for its token.

    `say` shows the sentence that names the page and the code. The cache of tokens is kept in the system's key store; where
    there is none, each run signs in anew. `http_client` is msal's, for tests.
    """

    def __init__(
        self, client_id: str, tenant: str, say: Callable[[str], None], *, http_client: object | None = None
    ) -> None:
        try:
            import msal
        except ImportError as error:
            raise OkrError("microsoft365_not_installed") from error
        self._say = say
        self._service = f"{SERVICE} microsoft365 {client_id}"
        self._cache = msal.SerializableTokenCache()
        kept = read_long(self._service)
        if kept:
            self._cache.deserialize(kept)
        authority = f"https://login.microsoftonline.com/{tenant}"
        self._app = msal.PublicClientApplication(
            client_id, authority=authority, token_cache=self._cache, http_client=http_client
        )

    def token(self) -> Secret:
        """An access token that is valid now. OkrError where the sign-in was refused, or not done in time."""
        found = self._silently() or self._by_device_code()
        if "access_token" not in found:
            raise OkrError("microsoft365_sign_in_failed", reason=str(found.get("error", "")))
        if self._cache.has_state_changed:
            keep_long(self._service, self._cache.serialize())
            self._cache.has_state_changed = False
        return Secret(found["access_token"])

    def _silently(self) -> dict[str, Any] | None:
        accounts = self._app.get_accounts()
        found: dict[str, Any] | None = self._app.acquire_token_silent(SCOPES, account=accounts[0]) if accounts else None
        return found

    def _by_device_code(self) -> dict[str, Any]:
        flow: dict[str, Any] = self._app.initiate_device_flow(scopes=SCOPES)
        if "user_code" not in flow:
            return flow
        self._say(flow["message"])
        found: dict[str, Any] = self._app.acquire_token_by_device_flow(flow)
        return found


def account_of(say: Callable[[str], None], environ: Mapping[str, str] = os.environ) -> Account:
    """The account of the application that the environment names. OkrError where it names none."""
    client_id = environ.get(CLIENT_VARIABLE)
    if not client_id:
        raise OkrError("microsoft365_no_client", variable=CLIENT_VARIABLE)
    return Account(client_id, environ.get(TENANT_VARIABLE) or "organizations", say)
