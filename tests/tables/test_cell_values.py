"""One cell, one value of its field's type; whatever is not one is a fault with a code."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.labels import LANGUAGES, area, labels_for
from okr_workbook.tables.cell_values import (
    choice_of,
    is_blank,
    odd_cells,
    plain_values,
    read_cell,
    read_incoming,
    yes_or_no,
)
from okr_workbook.tables.grid import NOT_COMPUTED, CellError, Formula
from okr_workbook.tables.schema import TABLES, Field, table

NUMBER, DATE, TEXT, FLAG, WHOLE = (Field("f", kind) for kind in ("number", "date", "text", "flag", "integer"))
READING = Field("f", "reading")
KIND = table("key_results").field("kind")


@pytest.mark.parametrize(
    ("cell", "field", "value", "code"),
    [
        (None, NUMBER, None, None),
        ("  ", NUMBER, None, None),
        ("\u00a0", DATE, None, None),
        (0, NUMBER, 0.0, None),
        (12.5, NUMBER, 12.5, None),
        ("12,5 %", NUMBER, 0.125, "text_number"),
        ("1,234", NUMBER, None, "ambiguous_number"),
        ("n/a", NUMBER, None, "not_a_number"),
        (True, NUMBER, None, "not_a_number"),
        (float("nan"), NUMBER, None, "not_a_number"),
        (date(2026, 7, 1), NUMBER, None, "date_in_number"),
        (CellError("#DIV/0!"), NUMBER, None, "cell_error"),
        (CellError("#REF!"), TEXT, None, "cell_error"),
        (NOT_COMPUTED, NUMBER, None, "never_computed"),
        (Formula("A1", 3.0), NUMBER, 3.0, None),
        (date(2026, 7, 1), DATE, date(2026, 7, 1), None),
        (datetime(2026, 7, 1, 13, 30), DATE, date(2026, 7, 1), None),
        (46204, DATE, date(2026, 7, 1), None),
        (7, DATE, None, "not_a_date"),
        ("31/03", DATE, None, "not_a_date"),
        ("2026-07-01", DATE, date(2026, 7, 1), "text_date"),
        ("1 Jul 2026", DATE, date(2026, 7, 1), "text_date"),
        ("1er juillet 2026", DATE, date(2026, 7, 1), "text_date"),
        ("03/04/2026", DATE, None, "ambiguous_date"),
        (1.0, TEXT, "1", None),
        (1.5, TEXT, "1.5", None),
        (" KR1 ", TEXT, "KR1", None),
        (True, FLAG, True, None),
        ("Oui", FLAG, True, None),
        ("maybe", FLAG, None, "not_yes_or_no"),
        (14, WHOLE, 14, None),
        (1.5, WHOLE, None, "not_a_whole_number"),
        ("Increase", KIND, "increase", None),
        ("AUGMENTER", KIND, "increase", None),
        ("rester au-dessus", KIND, "stay_above", None),
        ("stay_above", KIND, "stay_above", None),
        ("improve", KIND, None, "unknown_choice"),
    ],
)
def test_read_cell(cell, field, value, code):
    got, fault = read_cell(cell, field, "en")
    assert got == value
    assert type(got) is type(value)
    assert (fault.code if fault else None) == code


@pytest.mark.parametrize(
    ("cell", "unit", "yes_no", "value", "code"),
    [
        ("88 s", "s", False, 88.0, "text_number"),
        ("1 200 Drops", "drops", False, 1200.0, "text_number"),
        ("1,234 drops", "drops", False, None, "ambiguous_number"),
        ("8 weeks", "days", False, None, "not_a_number"),
        ("60 % done", "% done", True, 0.6, "text_number"),
        ("done", "% done", True, 1.0, None),
        ("n/a", "a", False, None, "not_a_number"),
        (88.0, "s", False, 88.0, None),
    ],
)
def test_the_unit_of_the_row_may_stand_beside_a_number(cell, unit, yes_no, value, code):
    got, fault = read_cell(cell, READING, "en", yes_no=yes_no, unit=unit)
    assert (got, fault.code if fault else None) == (value, code)
    assert fault is None or fault.details["text"] == cell


@pytest.mark.parametrize(
    ("cell", "field", "value", "code"),
    [
        ("2026-07-01", DATE, date(2026, 7, 1), "text_date"),
        ("1026-12-01", DATE, None, "day_out_of_range"),
        (date(1899, 6, 1), DATE, None, "day_out_of_range"),
        (datetime(9999, 12, 31, 8), DATE, None, "day_out_of_range"),
        ("é" * 32_767, TEXT, "é" * 32_767, None),
        ("é" * 32_768, TEXT, None, "text_too_long"),
        ("😀" * 16_384, TEXT, None, "text_too_long"),
    ],
)
def test_what_comes_from_elsewhere_must_fit_a_cell_and_a_plan(cell, field, value, code):
    got, fault = read_incoming(cell, field, "en")
    assert (got, fault.code if fault else None) == (value, code)


@pytest.mark.parametrize(
    ("cell", "value"), [(True, 1.0), (False, 0.0), ("oui", 1.0), ("Not done", 0.0), (0.4, 0.4), ("40 %", 0.4)]
)
def test_a_milestone_may_be_yes_no_or_a_share(cell, value):
    assert read_cell(cell, READING, "fr", yes_no=True)[0] == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Terminé", 1.0), ("TERMINEE", 1.0), ("terminées", 1.0), ("faite", 1.0), ("Fait !", 1.0), ("finished", 1.0),
        ("Completed.", 1.0), ("ok", 1.0), ("OK", 1.0), ("☑", 1.0), ("✓", 1.0), ("✔️", 1.0), ("✅", 1.0), ("Done", 1.0),
        ("Achevée", 1.0), ("  réalisé\u00a0", 1.0),
        ("Pas terminé", 0.0), ("non terminée", 0.0), ("Pas\u00a0encore", 0.0), ("à faire", 0.0), ("A FAIRE", 0.0),
        ("not yet", 0.0), ("Not finished", 0.0), ("to do", 0.0), ("☐", 0.0), ("✗", 0.0), ("❌", 0.0), ("inachevé", 0.0),
    ],
)  # fmt: skip
def test_a_clear_answer_is_read(cell, value):
    assert read_cell(cell, READING, "en", yes_no=True) == (value, None)


@pytest.mark.parametrize(
    "cell", ["en cours", "nearly done", "almost", "?", "n/a", "-", "fait ?", "done?", "x2", "3 of 5", date(2026, 7, 1)]
)
def test_what_says_neither_done_nor_how_much_has_advice_of_its_own(cell):
    value, fault = read_cell(cell, READING, "fr", yes_no=True)
    assert (value, fault.code, fault.severity) == (None, "not_done_or_share", "error")
    assert fault.details == {"text": cell}
    assert read_cell(cell, READING, "fr")[1].code in ("not_a_number", "date_in_number")


def test_an_answer_is_yes_or_no_and_never_both():
    said = [area(language, "tables")["answers"] for language in LANGUAGES]
    assert all(yes_or_no(word) is True for one in said for word in one["yes"])
    assert all(yes_or_no(word) is False for one in said for word in one["no"])
    assert all(
        yes_or_no(labels_for(one).choice(answer)) is (answer == "yes") for one in LANGUAGES for answer in ("yes", "no")
    )


def test_yes_is_no_number_for_any_other_kind():
    assert read_cell(True, READING, "en")[1].code == "not_a_number"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_choice_is_found_by_its_label_in_every_language(language):
    from okr_workbook.labels import labels_for

    labels = labels_for(language)
    for one in TABLES:
        for field in one.fields:
            for choice in field.choices:
                assert choice_of(labels.choice(choice, field.id), field) == choice
                assert choice_of(choice.replace("_", "-"), field) == choice  # half-year, as it was written once
                if field.id == "status":
                    assert choice_of(labels.status(choice), field) == choice


@given(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=12), st.dates(), st.datetimes()),
    st.sampled_from([NUMBER, DATE, TEXT, FLAG, WHOLE, READING, KIND]),
    st.sampled_from(["en", "fr"]),
)
def test_a_cell_is_blank_or_gives_a_value_or_a_fault(cell, field, language):
    value, fault = read_cell(cell, field, language)
    assert value == value  # never NaN
    if is_blank(cell):
        assert (value, fault) == (None, None)
    else:
        assert (value is None) == (fault is not None and fault.severity == "error")


@pytest.mark.parametrize(("text", "answer"), [("Vrai", True), ("x", True), ("non", False), ("", None), ("2", None)])
def test_yes_or_no(text, answer):
    assert yes_or_no(text) is answer


CELLS = st.one_of(
    st.none(), st.text(max_size=3), st.floats(), st.integers(0, 9), st.booleans(), st.dates(), st.datetimes(),
    st.just(CellError("#N/A")), st.just(NOT_COMPUTED),
)  # fmt: skip


@given(st.lists(CELLS, max_size=6), st.sampled_from([NUMBER, DATE, TEXT, READING, KIND, FLAG]))
def test_cells_of_a_column_that_are_not_odd_are_what_reading_each_gives(cells, field):
    blank = "" if field is TEXT else None
    odd = odd_cells(cells, field)
    values = plain_values(cells, odd, blank)
    for index, cell in enumerate(cells):
        if index in odd:
            assert values[index] == blank
            assert cell is not None
        else:
            value, fault = read_cell(cell, field, "en")
            assert (values[index], fault) == (blank if value is None else value, None)
