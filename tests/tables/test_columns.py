"""Which column is which: by label in any language, by id, in a team's workbook by its words there; months however written."""

from __future__ import annotations

from datetime import date

import pytest

from okr_workbook.labels import LANGUAGES, labels_for
from okr_workbook.tables.columns import columns_of, month_header, team_header
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


@pytest.mark.parametrize("headers", [("Value", "Current"), ("Valeur", "Actuel"), ("value", "current")])
@pytest.mark.parametrize("in_team_book", [True, False])
def test_columns_are_found_by_label_and_id(headers, in_team_book):
    assert columns_of("key_results", headers, in_team_book=in_team_book).fields == {"value": 0, "current": 1}


@pytest.mark.parametrize("headers", [("Last value", "New value"), ("Dernière valeur", "NOUVELLE VALEUR")])
def test_a_teams_own_words_head_columns_of_its_workbook_alone(headers):
    assert columns_of("key_results", headers, in_team_book=True).fields == {"value": 0, "current": 1}
    assert columns_of("key_results", headers).fields == {}  # in a planner such columns are the user's


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_teams_own_words_mean_one_field_each(language):
    labels = labels_for(language)
    fields = table("key_results").fields
    words = [team_header("key_results", field.id, labels) for field in fields]
    assert columns_of("key_results", words, in_team_book=True).fields == {
        field.id: at for at, field in enumerate(fields)
    }
