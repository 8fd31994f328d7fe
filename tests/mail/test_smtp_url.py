from __future__ import annotations

import pytest

from okr_workbook.errors import UsageError
from okr_workbook.mail.smtp_url import SmtpServer, parse_smtp_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.okr.test", SmtpServer("mail.okr.test", 587)),
        ("smtp://ann@mail.okr.test:25", SmtpServer("mail.okr.test", 25, user="ann")),
        ("smtps://mail.okr.test", SmtpServer("mail.okr.test", 465, "tls")),
        ("smtp://ann@okr.test@mail.okr.test", SmtpServer("mail.okr.test", 587, user="ann@okr.test")),
        ("smtp://ann%40okr.test@mail.okr.test/", SmtpServer("mail.okr.test", 587, user="ann@okr.test")),
        ("smtp://localhost?starttls=never", SmtpServer("localhost", 587, "none")),
        ("smtp://[::1]:25?starttls=never", SmtpServer("::1", 25, "none")),
        ("smtps://a@h.test?auth=xoauth2&ca=/etc/ca.pem", SmtpServer("h.test", 465, "tls", "a", True, "/etc/ca.pem")),
    ],
)
def test_read(url, server):
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "smtp_url_not_valid"),
        ("mail.okr.test:587", "smtp_url_not_valid"),
        ("http://mail.okr.test", "smtp_url_not_valid"),
        ("smtp://", "smtp_url_not_valid"),
        ("smtp://h.test:port", "smtp_url_not_valid"),
        ("smtp://h.test:99999", "smtp_url_not_valid"),
        ("smtp://h.test/path", "smtp_url_not_valid"),
        ("smtp://h.test?starttls=maybe", "smtp_url_not_valid"),
        ("smtp://h.test?verify=no", "smtp_url_not_valid"),
        ("smtp://h.test?auth=ntlm", "smtp_url_not_valid"),
        ("smtp://h.test?starttls=never", "smtp_not_encrypted"),
        ("smtp://10.0.0.1?starttls=never", "smtp_not_encrypted"),
        ("smtp://ann:s3cret@h.test", "smtp_password_in_url"),
        ("smtp://ann:@h.test", "smtp_password_in_url"),
    ],
)
def test_refused(url, code):
    with pytest.raises(UsageError, match=code) as caught:
        parse_smtp_url(url)
    assert "s3cret" not in f"{caught.value!r} {caught.value}"
