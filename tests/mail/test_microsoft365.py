"""Microsoft 365 against stand-ins of its documented interfaces: Graph's sendMail, and the sign-in with a device code.

Nothing here speaks to Microsoft. The real `msal` runs, over an HTTP client that answers as the documentation says.
"""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from okr_workbook.errors import OkrError
from okr_workbook.mail.key_store import keep_long, read_long
from okr_workbook.mail.microsoft365 import Account, Microsoft365, account_of
from okr_workbook.mail.passwords import Secret
from tests.mail.builders import ANN, BOB, a_message


@contextmanager
def graph(status=202, body=b"", *, hang_up=False):
    """A stand-in of Graph: gives its address and the requests it got."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            requests.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            if hang_up:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1.0/me/sendMail", requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(address, message=None, recipients=None, left=None):
    message = message or a_message()
    transport = Microsoft365(lambda: Secret("t0ken"), send_mail=address, timeout=5)
    with transport:
        return transport.send(message, recipients or message.recipients, left or (lambda _: None))


def test_the_message_goes_as_mime():
    with graph() as (address, requests):
        (delivery,) = send(address)
    assert delivery == ("ann@okr.test", "sent", "202")
    ((path, headers, body),) = requests
    assert path == "/v1.0/me/sendMail"
    assert (headers["Authorization"], headers["Content-Type"]) == ("Bearer t0ken", "text/plain")
    got = message_from_bytes(b64decode(body), policy=policy.default)
    assert (got["Message-ID"], got["To"]) == ("<okr.1@okr.test>", "Ann <ann@okr.test>")
    assert [part.get_filename() for part in got.iter_attachments()] == ["Marketing.xlsx"]


def test_only_those_who_may_get_it_stand_in_its_headers():
    with graph() as (address, requests):
        send(address, a_message(to=(ANN,), cc=(BOB,)), ["bob@okr.test"])
    got = message_from_bytes(b64decode(requests[0][2]), policy=policy.default)
    assert (got["To"], got["Cc"]) == ("bob@okr.test", None)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(202, "sent"), (429, "deferred"), (503, "deferred"), (400, "refused"), (413, "refused"), (500, "unknown"),
     (502, "unknown"), (504, "unknown"), (302, "unknown")],
)  # fmt: skip
def test_an_answer_means(status, outcome):
    left = []
    with graph(status, json.dumps({"error": {"code": "ErrorSomething"}}).encode()) as (address, _):
        (delivery,) = send(address, left=left.append)
    assert delivery.outcome == outcome
    assert delivery.reply == f"{status} ErrorSomething"
    assert left == [("ann@okr.test",)]


def test_a_lost_answer_is_unknown():
    with graph(hang_up=True) as (address, requests):
        assert [one.outcome for one in send(address)] == ["unknown"]
    assert len(requests) == 1


def test_without_a_connection_nothing_has_left():
    assert [one.outcome for one in send("http://127.0.0.1:1/v1.0/me/sendMail")] == ["deferred"]


@pytest.mark.parametrize("status", [401, 403])
def test_an_account_without_the_right_stops_the_run(status):
    with graph(status) as (address, _), pytest.raises(OkrError, match="microsoft365_not_allowed") as caught:
        send(address)
    assert "t0ken" not in str(caught.value)


@pytest.mark.parametrize("length", [0, 1, 1000, 1001, 25_000])
def test_a_long_text_is_kept_in_pieces_the_key_store_takes(key_store, length):
    assert keep_long("okr", "y" * 3000)
    assert keep_long("okr", "x" * length)
    assert read_long("okr") == ("x" * length or None)


class Answer:
    """What msal wants of a response."""

    def __init__(self, status, content):
        self.status_code, self.text, self.headers = status, json.dumps(content), {}

    def raise_for_status(self):
        if self.status_code >= 400:
            raise AssertionError(self.text)


class Microsoft:
    """The sign-in service, as msal's HTTP client: the OAuth 2.0 device authorisation grant (RFC 8628)."""

    HOST = "https://login.microsoftonline.com/organizations"

    def __init__(self, *, grants=True):
        self.grants, self.asked = grants, []

    def get(self, url, params=None, headers=None, **_):
        if "discovery/instance" in url:
            return Answer(200, {"tenant_discovery_endpoint": f"{self.HOST}/v2.0/.well-known/openid-configuration",
                                "metadata": []})  # fmt: skip
        return Answer(200, {
            "authorization_endpoint": f"{self.HOST}/oauth2/v2.0/authorize",
            "token_endpoint": f"{self.HOST}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{self.HOST}/oauth2/v2.0/devicecode",
            "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
        })  # fmt: skip

    def post(self, url, params=None, data=None, headers=None, **_):
        fields = data if isinstance(data, dict) else {key: value[0] for key, value in parse_qs(data).items()}
        if url.endswith("/devicecode"):
            self.asked.append("device code")
            return Answer(200, {"user_code": "ABCD", "device_code": "xyz", "expires_in": 900, "interval": 0,
                                "verification_uri": "https://microsoft.com/devicelogin",
                                "message": "Open https://microsoft.com/devicelogin and enter ABCD"})  # fmt: skip
        self.asked.append(fields["grant_type"].rpartition(":")[2])
        if not self.grants:
            return Answer(400, {"error": "access_denied"})
        return Answer(200, {"token_type": "Bearer", "scope": "https://graph.microsoft.com/Mail.Send", "expires_in": 3600,
                            "access_token": "access-1", "refresh_token": "refresh-1" * 300,
                            "client_info": "eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ"})  # fmt: skip

    def close(self):
        pass


def account(microsoft, said):
    return Account("client-1", "organizations", said.append, http_client=microsoft)


def test_a_person_signs_in_once_and_the_next_run_finds_the_token(key_store):
    microsoft, said = Microsoft(), []
    assert account(microsoft, said).token().reveal() == "access-1"
    assert said == ["Open https://microsoft.com/devicelogin and enter ABCD"]
    assert account(microsoft, said).token().reveal() == "access-1"
    assert microsoft.asked == ["device code", "device_code"]
    assert {service for service, _ in key_store.entries} == {"okr_workbook microsoft365 client-1"}


def test_a_refused_sign_in_is_told(key_store):
    with pytest.raises(OkrError, match=r"microsoft365_sign_in_failed.*access_denied"):
        account(Microsoft(grants=False), []).token()
    assert key_store.entries == {}


def test_an_organisation_that_does_not_know_the_program_is_told():
    with pytest.raises(OkrError, match="microsoft365_no_client"):
        account_of(print, {})
