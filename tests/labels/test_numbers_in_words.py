"""Numbers and shares in sentences: a language's marks, and no minus before what rounds to nothing."""

from __future__ import annotations

import pytest

from okr_workbook.labels import labels_for


@pytest.mark.parametrize(
    ("value", "decimals", "english", "french"),
    [
        (1234.5, None, "1,234.5", "1\u202f234,5"),
        (-1234.5, 2, "-1,234.50", "-1\u202f234,50"),
        (0.0, None, "0", "0"),
        (-0.0, None, "0", "0"),
        (-0.00001, None, "0", "0"),
        (-0.04, 1, "0.0", "0,0"),
        (-0.06, 1, "-0.1", "-0,1"),
        (-0.4, 0, "0", "0"),
    ],
)
def test_a_number(value, decimals, english, french):
    assert labels_for("en").number(value, decimals) == english
    assert labels_for("fr").number(value, decimals) == french


@pytest.mark.parametrize(
    ("share", "decimals", "shown"), [(-0.0004, 1, "0.0%"), (-0.0006, 1, "-0.1%"), (0.125, 1, "12.5%")]
)
def test_a_share(share, decimals, shown):
    assert labels_for("en").percent(share, decimals) == shown
