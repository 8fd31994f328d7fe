from __future__ import annotations

import keyring
import pytest
from keyring.backends import fail

from okr_workbook.errors import OkrError
from okr_workbook.mail.passwords import Secret, smtp_secret


def test_the_environment_goes_first(key_store):
    key_store.set_password("okr_workbook h.test", "ann", "kept")
    assert smtp_secret("ann", "h.test", environ={"OKR_SMTP_PASSWORD": "given"}).reveal() == "given"
    assert smtp_secret("ann", "h.test", environ={}).reveal() == "kept"


def test_a_token_has_its_own_variable(key_store):
    environ = {"OKR_SMTP_PASSWORD": "password", "OKR_SMTP_TOKEN": "token"}
    assert smtp_secret("ann", "h.test", token=True, environ=environ).reveal() == "token"


@pytest.mark.parametrize("broken", [False, True])
def test_where_there_is_none_it_says_where_to_put_it(key_store, broken):
    if broken:
        keyring.set_keyring(fail.Keyring())
    with pytest.raises(OkrError, match=r"smtp_password_missing.*OKR_SMTP_PASSWORD.*okr_workbook h.test"):
        smtp_secret("ann", "h.test", environ={})


def test_a_secret_does_not_print_itself():
    secret = Secret("s3cret")
    assert "s3cret" not in f"{secret} {secret!r} {[secret]} {vars(type(secret))}"
