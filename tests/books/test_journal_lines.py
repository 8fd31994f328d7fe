"""What is written of a change is JSON that the standard library reads back the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.books.files.journal_lines import json_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_read_back_the_same(value):
    written = json_text(value)
    assert json.loads(written) == value
    assert written.isascii()
    assert "\n" not in written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"), (True, "true"), (False, "false"), (1, "1"), (1.5, "1.5"), ("", '""'), ("KR1", '"KR1"'),
        ('a "b"\\', '"a \\u0022b\\u0022\\u005c"'), ("é\n", '"\\u00e9\\u000a"'), ("😀", '"\\ud83d\\ude00"'),
        ((1, [None]), "[1,[null]]"), ({"a": {"b": []}}, '{"a":{"b":[]}}'), ("\u2028", '"\\u2028"'),
    ],
)  # fmt: skip
def test_written_as(value, text):
    assert json_text(value) == text
    assert json.dumps(json.loads(text)) == json.dumps(value)
