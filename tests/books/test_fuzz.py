from __future__ import annotations

import pytest

from okr_workbook.labels import LANGUAGES, area
from tests.books.fuzzing import SEEDS, outcomes


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_broken_books_are_read_or_refused_with_a_sentence():
    found = outcomes(range(SEEDS))
    assert found["read"] > SEEDS // 10
    assert len(found) > 8
    for language in LANGUAGES:
        assert found.keys() - {"read"} <= area(language, "messages")["errors"].keys()
