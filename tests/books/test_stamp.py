from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.books.stamp import SentRow, Stamp, read_stamp, stamp_lines
from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.schema import SCHEMA_VERSION

CELLS = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.text())
ROWS = st.builds(
    SentRow, st.sampled_from(["key_results", "actions"]), st.text(min_size=1), st.dictionaries(st.text(), CELLS)
)


def a_stamp(*rows, **changes):
    values = {
        "company": "Alvéo",
        "period": "2026-H2",
        "team": "Équipe 🎯",
        "revision": 7,
        "as_of": date(2026, 9, 30),
        "language": "fr",
    }
    return Stamp(**{**values, **changes}, rows=tuple(rows))


@given(st.lists(ROWS, max_size=5))
def test_what_is_stamped_is_read(rows):
    stamp = a_stamp(*rows)
    assert read_stamp(stamp_lines(stamp)) == stamp


def test_long_rows_are_cut_to_what_a_cell_takes():
    stamp = a_stamp(SentRow("actions", "A1", {"comment": "é" * 30_000}))
    lines = stamp_lines(stamp)
    assert max(len(cell) for line in lines for cell in line) <= 32_767
    assert read_stamp(lines) == stamp


def test_lines_are_plain_text_that_begins_no_formula():
    lines = stamp_lines(a_stamp(SentRow("actions", "=A1", {"comment": "+é"})))
    assert all(cell.isascii() for line in lines for cell in line)
    assert all(line[0][0] in "{[" for line in lines)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda lines: [], "not_a_team_book"),
        (lambda lines: None, "not_a_team_book"),
        (lambda lines: lines[:-1], "stamp_altered"),
        (lambda lines: [*lines, lines[-1]], "stamp_altered"),
        (lambda lines: [[lines[0][0].replace("Sales", "HR")], *lines[1:]], "stamp_altered"),
        (lambda lines: [["{"], *lines[1:]], "stamp_altered"),
        (lambda lines: [["7"]], "stamp_altered"),
        (
            lambda lines: [[lines[0][0].replace(f'"schema":{SCHEMA_VERSION}', '"schema":99')], *lines[1:]],
            "newer_team_book",
        ),
    ],
)
def test_a_stamp_that_is_gone_or_altered_is_refused(spoil, code):
    lines = stamp_lines(a_stamp(SentRow("actions", "A1", {"state": "x"}), team="Sales"))
    with pytest.raises(FileRefusedError) as refused:
        read_stamp(spoil(lines))
    assert refused.value.code == code


def test_of_two_rows_with_one_id_the_first_is_the_base():
    stamp = a_stamp(SentRow("actions", "A1", {"state": "x"}), SentRow("actions", " a1 ", {"state": "y"}))
    assert stamp.base() == {("actions", "a1"): {"state": "x"}}
