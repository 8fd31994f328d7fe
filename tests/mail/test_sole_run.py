from __future__ import annotations

from pathlib import Path

import pytest

from okr_workbook.errors import OkrError
from okr_workbook.mail.sole_run import sole_run


def test_only_one_run_sends_at_a_time(tmp_path):
    path = tmp_path / ".okr" / "x.ledger.sqlite"
    with sole_run(path), pytest.raises(OkrError, match="mail_running"), sole_run(path):
        pass
    with sole_run(path):
        pass


def test_the_lock_is_told_apart_from_a_place_that_cannot_be_written():
    with pytest.raises(OkrError, match="ledger_not_written"), sole_run(Path("/proc/okr/x.sqlite")):
        pass


def test_making_books_does_not_wait_for_sending(tmp_path):
    path = tmp_path / ".okr" / "x.ledger.sqlite"
    again = sole_run(path, "making")
    with sole_run(path), sole_run(path, "making"), pytest.raises(OkrError, match="teams_running"), again:
        pass
