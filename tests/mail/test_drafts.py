from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from okr_workbook.errors import OkrError
from okr_workbook.mail.drafts import Drafts
from tests.mail.builders import ANN, BOB, a_message


def write(folder, message=None):
    message = message or a_message()
    with Drafts(folder) as transport:
        return transport.send(message, message.recipients, lambda _: None)


def test_a_draft_opens_as_an_unsent_message(tmp_path):
    found = write(tmp_path / "new" / "drafts", a_message(to=(ANN, BOB)))
    path = tmp_path / "new" / "drafts" / "Marketing.eml"
    assert found == [(one, "draft", str(path)) for one in ("ann@okr.test", "bob@okr.test")]
    got = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (got["X-Unsent"], got["To"]) == ("1", "Ann <ann@okr.test>, bob@okr.test")


def test_writing_it_again_replaces_it_and_leaves_nothing_else(tmp_path):
    write(tmp_path)
    write(tmp_path, a_message(subject="Second"))
    (path,) = tmp_path.iterdir()
    assert message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] == "Second"


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "drafts").write_text("a file")
    with pytest.raises(OkrError, match="draft_not_written"):
        write(tmp_path / "drafts")
