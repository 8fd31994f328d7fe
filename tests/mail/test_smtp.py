"""SMTP against a real server on loopback that misbehaves as scripted."""

from __future__ import annotations

import time
from email import message_from_bytes, policy

import pytest

from okr_workbook.errors import OkrError
from okr_workbook.mail.message import Attachment
from okr_workbook.mail.passwords import Secret
from okr_workbook.mail.smtp import Smtp
from okr_workbook.mail.smtp_url import SmtpServer
from tests.mail.builders import BOB, ZOE, a_message
from tests.mail.peer import PASSWORD, Script, peer


def send(script, *messages, recipients=None, secret=None, server=None, left=None, **options):
    """What became of the last message: (outcome by address, transport)."""
    with peer(script, **options) as controller:
        plain = SmtpServer("127.0.0.1", controller.port, "none")
        transport = Smtp(
            server._replace(port=controller.port) if server else plain, secret, timeout=5, reply_timeout=0.4
        )
        with transport:
            for message in messages or (a_message(),):
                found = transport.send(message, recipients or message.recipients, left or (lambda _: None))
    return {one.address: one.outcome for one in found}, [one.reply for one in found]


def outcomes(script, **options):
    return set(send(script, **options)[0].values())


@pytest.mark.parametrize(
    ("script", "outcome", "taken"),
    [
        (Script(), "sent", 1),
        (Script(["451 4.7.1 greylisted"]), "deferred", 0),
        (Script(["550 5.7.1 attachment blocked"]), "refused", 0),
        (Script(["421 4.3.2 shutting down"]), "deferred", 0),
        (Script(["drop"]), "unknown", 0),
        (Script(["take-and-drop"]), "unknown", 1),
        (Script(["take-and-stall"]), "unknown", 1),
        (Script(["350 what now"]), "unknown", 0),
        (Script(mail="451 4.3.0 busy"), "deferred", 0),
        (Script(mail="552 5.3.4 too big"), "refused", 0),
        (Script(mail="421 4.3.2 shutting down"), "deferred", 0),
        (Script(rcpt={"ann@okr.test": "550 5.1.1 no such user"}), "refused", 0),
        (Script(rcpt={"ann@okr.test": "451 4.7.1 greylisted"}), "deferred", 0),
        (Script(rcpt={"ann@okr.test": "421 4.7.0 too many"}), "deferred", 0),
    ],
)
def test_a_reply_means(script, outcome, taken):
    assert outcomes(script) == {outcome}
    assert len(script.taken) == taken


def test_recipients_are_settled_one_by_one():
    script = Script(rcpt={"bob@okr.test": "550 5.1.1 gone", "zoe@okr.test": "451 4.2.1 later"})
    left = []
    found, _ = send(script, a_message(cc=(BOB, ZOE)), left=left.append)
    assert found == {"ann@okr.test": "sent", "bob@okr.test": "refused", "zoe@okr.test": "deferred"}
    assert script.addresses() == [["ann@okr.test"]]
    assert left == [["ann@okr.test"]]


def test_nothing_is_leaving_where_the_server_does_not_ask_for_the_message():
    left = []
    send(Script(rcpt={"ann@okr.test": "550 no"}), left=left.append)
    assert left == []


def test_where_it_cannot_be_noted_that_it_leaves_the_message_does_not_leave():
    def disk_full(_):
        raise OkrError("ledger_not_written", file="x", reason="disk full")

    script = Script()
    started = time.monotonic()
    with pytest.raises(OkrError, match="ledger_not_written"):
        send(script, left=disk_full)
    assert script.taken == []
    assert time.monotonic() - started < 2  # it hangs up, and does not take leave of a server that awaits a message


def test_only_the_addresses_asked_for_get_the_message():
    script = Script()
    send(script, a_message(cc=(BOB,)), recipients=["bob@okr.test"])
    assert script.addresses() == [["bob@okr.test"]]
    assert message_from_bytes(script.taken[0].content, policy=policy.default)["To"] == "Ann <ann@okr.test>"


def test_one_connection_serves_a_run_and_a_refused_message_does_not_spoil_the_next():
    script = Script(rcpt={"ann@okr.test": "550 no"})
    found, _ = send(script, a_message(), a_message(to=(BOB,)), a_message(to=(ZOE,)))
    assert found == {"zoe@okr.test": "sent"}
    assert script.addresses() == [["bob@okr.test"], ["zoe@okr.test"]]
    assert script.connections == 1


def test_a_broken_line_is_opened_anew_for_the_next_message():
    script = Script(["take-and-drop", "250 OK"])
    found, _ = send(script, a_message(), a_message(to=(BOB,)))
    assert found == {"bob@okr.test": "sent"}
    assert script.connections == 2


def test_the_message_arrives_as_it_was_written():
    script = Script()
    message = a_message(text="Bonjour Zoé\n.\n..\n.Ann\n", attachment=Attachment("Équipe.xlsx", bytes(range(256)) * 99))
    send(script, message)
    got = message_from_bytes(script.taken[0].original_content, policy=policy.default)
    assert got.get_body(("plain",)).get_content().splitlines() == ["Bonjour Zoé", ".", "..", ".Ann"]
    (book,) = got.iter_attachments()
    assert (book.get_filename(), book.get_content()) == ("Équipe.xlsx", bytes(range(256)) * 99)
    assert script.taken[0].mail_from == "okr@okr.test"


def test_a_message_over_the_servers_limit_is_refused_before_it_leaves():
    left = []
    found, replies = send(Script(), left=left.append, data_size_limit=100)
    assert (found, left) == ({"ann@okr.test": "refused"}, [])
    assert "SIZE 100" in replies[0]


def test_a_sender_the_server_does_not_want_stops_the_run():
    with pytest.raises(OkrError, match="smtp_sender_refused"):
        send(Script(mail="553 5.7.1 not yours"))


class TestEncryption:
    @staticmethod
    def secret():
        return Secret(PASSWORD)

    def server(self, certificates, **changes):
        values = {"host": "localhost", "port": 0, "security": "starttls", "user": "okr@okr.test", "ca": certificates.ca}
        return SmtpServer(**{**values, **changes})

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_signs_in_over_tls_with_a_checked_certificate(self, certificates, security):
        script = Script()
        server = self.server(certificates, security=security)
        options = {"certificates": certificates, "wrapped": security == "tls"}
        found, _ = send(script, secret=self.secret, server=server, **options)
        assert found == {"ann@okr.test": "sent"}

    def test_signs_in_with_a_token(self, certificates):
        script, server = Script(), self.server(certificates, xoauth2=True)
        send(script, secret=lambda: Secret("t0ken"), server=server, certificates=certificates)
        assert script.tokens == ["user=okr@okr.test\x01auth=Bearer t0ken\x01\x01"]

    def test_a_refused_token_is_told_without_the_token(self, certificates):
        server = self.server(certificates, xoauth2=True)
        with pytest.raises(OkrError, match="smtp_sign_in_refused") as caught:
            send(Script(token="other"), secret=lambda: Secret("t0ken"), server=server, certificates=certificates)
        assert "t0ken" not in f"{caught.value!r} {caught.value.details}"

    def test_an_unknown_authority_is_refused(self, certificates):
        with pytest.raises(OkrError, match="smtp_certificate"):
            send(Script(), secret=self.secret, server=self.server(certificates, ca=""), certificates=certificates)

    def test_a_certificate_for_another_name_is_refused(self, certificates):
        with pytest.raises(OkrError, match="smtp_certificate"):
            send(
                Script(),
                secret=self.secret,
                server=self.server(certificates, host="127.0.0.1"),
                certificates=certificates,
            )

    def test_a_server_without_starttls_gets_nothing(self, certificates):
        steps = []
        with pytest.raises(OkrError, match="smtp_no_starttls"):
            send(Script(on_step=steps.append), secret=self.secret, server=self.server(certificates))
        assert steps == ["ehlo"]

    def test_a_wrong_password_is_told_without_the_password(self, certificates):
        with pytest.raises(OkrError, match="smtp_sign_in_refused") as caught:
            send(Script(), secret=lambda: Secret("s3cret"), server=self.server(certificates), certificates=certificates)
        assert "s3cret" not in f"{caught.value!r} {caught.value.__context__!r} {caught.value.details}"

    def test_a_file_that_holds_no_certificates_is_told(self, tmp_path, certificates):
        (tmp_path / "ca.pem").write_text("no")
        with pytest.raises(OkrError, match="smtp_ca_unreadable"):
            send(Script(), server=self.server(certificates, ca=str(tmp_path / "ca.pem")))


def test_no_server_at_all():
    with pytest.raises(OkrError, match="smtp_no_connection"), Smtp(SmtpServer("127.0.0.1", 1, "none"), timeout=2):
        pass
