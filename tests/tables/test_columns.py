"""Columns are found by label in any language, months by any way to write them."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.labels import LANGUAGES, labels_for
from okr_workbook.tables.columns import columns_of, month_header
from okr_workbook.tables.schema import MONTH, table


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_in_the_words_of_any_language_is_that_month(language):
    months = [date(year, month, 1) for year in (1999, 2026) for month in range(1, 13)]
    found = columns_of("measures", [labels_for(language).month(month) for month in months])
    assert found.months == {month: place for place, month in enumerate(months)}
    assert found.fields == {}


def test_fields_and_months_have_their_places_by_id():
    found = columns_of("measures", ["2026-11", "Mesure", "mine", date(2026, 12, 1)])
    assert found.places == {"measure": 1, "2026-11": 0, "2026-12": 3}


def test_a_month_is_declared_where_a_table_has_months():
    assert table("measures").field(month_header(date(2026, 11, 1))) is MONTH
    assert table("measures").field("unit").type == "text"
    with pytest.raises(KeyError):
        table("kpis").field("2026-11")
