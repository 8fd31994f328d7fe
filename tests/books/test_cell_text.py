from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.books.parts.cell_text import (
    day_of,
    number_of,
    number_text,
    serial_of,
    shows_day,
    text_of,
    written_text,
)
from okr_workbook.errors import OkrError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("-3", -3.0), ("0.1", 0.1), ("1E-3", 0.001), ("1.5e+3", 1500.0), (".5", 0.5), ("5.", 5.0), (" 7 ", 7.0),
        ("007", 7), ("12345678901234567890", 12345678901234567890.0),
        ("", None), ("nan", None), ("inf", None), ("1e999", None), ("1_000", None), ("0x10", None), ("12,5", None), ("１", None),
    ],
)  # fmt: skip
def test_numbers(text, number):
    assert number_of(text) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_reads_back_the_same(number):
    assert number_of(number_text(number)) == number


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_not_written(number):
    with pytest.raises(OkrError, match="not_finite"):
        number_text(number)


@pytest.mark.parametrize(
    ("serial", "date1904", "day"),
    [
        (1, False, date(1900, 1, 1)), (59, False, date(1900, 2, 28)), (60, False, date(1900, 2, 28)),
        (61, False, date(1900, 3, 1)), (46349, False, date(2026, 11, 23)), (46349.5, False, datetime(2026, 11, 23, 12)),
        (0, False, None), (0.75, False, None), (-1, False, None), (2958465, False, date(9999, 12, 31)), (2958466, False, None),
        (0, True, date(1904, 1, 1)), (44887, True, date(2026, 11, 23)), (2957003, True, date(9999, 12, 31)), (2957004, True, None),
        (46349.999999999, False, datetime(2026, 11, 24)), (2958465.9999999995, False, None), (2957003.9999999995, True, None),
    ],
)  # fmt: skip
def test_days(serial, date1904, day):
    assert day_of(serial, date1904=date1904) == day


@given(st.dates(date(1904, 1, 1)), st.booleans())
def test_a_day_reads_back_the_same(day, date1904):
    assert day_of(serial_of(day, date1904=date1904), date1904=date1904) == day


@given(st.datetimes(datetime(1904, 1, 2), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_a_moment_reads_back_to_the_second(moment):
    found = day_of(serial_of(moment))
    assert found == (moment if moment.time() != datetime.min.time() else moment.date())


def test_days_of_the_year_1900_are_counted_as_excel_does():
    days = [date(1900, 1, 1) + timedelta(days=offset) for offset in range(70)]
    assert [serial_of(day) for day in days] == [*range(1, 60), *range(61, 72)]


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(1000, 1, 1)])
def test_a_day_before_the_calendar_is_refused(day):
    with pytest.raises(OkrError, match="day_out_of_range"):
        serial_of(day)


@pytest.mark.parametrize(
    ("number_format", "code", "shows"),
    [
        (0, None, False), (14, None, True), (18, None, False), (22, None, True), (46, None, False), (47, None, False),
        (164, "dd/mm/yyyy", True), (164, "mmm yyyy", True), (164, "mmmm", True), (164, "[$-40C]d mmmm yyyy;@", True),
        (164, "hh:mm", False), (164, "mm:ss", False), (164, "[h]:mm", False), (164, '0 "days"', False), (164, "#,##0 €", False),
        (164, "General", False), (164, "[Red]0.0", False), (164, '0"d"', False), (164, "0\\d", False), (164, "yyyy-mm-dd hh:mm", True),
        (164, "_-* #,##0_d", False),
    ],
)  # fmt: skip
def test_formats_that_show_days(number_format, code, shows):
    assert shows_day(number_format, code) is shows


@pytest.mark.parametrize(
    ("text", "written"),
    [("a\rb", "a_x000D_b"), ("\x01", "_x0001_"), ("_x000D_", "_x005F_x000D_"), ("a\n\tb", "a\n\tb"), ("_x00", "_x00"),
     ("\ufffe", "_xFFFE_"), ("😀", "😀")],
)  # fmt: skip
def test_control_characters_are_escaped(text, written):
    assert written_text(text) == written
    assert text_of(written) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("_xD83D__xDE00_", "😀"),
        ("a_xD800_b", "a\ufffdb"),
        ("_xDE00__xD83D_", "\ufffd\ufffd"),
        ("_xD83D_😀", "\ufffd😀"),
    ],
)
def test_halves_of_characters_are_joined_and_one_alone_is_no_text(written, text):
    assert text_of(written) == text
    assert text.encode()


def test_half_a_character_is_not_written_as_it_is():
    assert written_text("\ud800") == "_xD800_"


@given(st.text())
def test_text_reads_back_the_same(text):
    assert text_of(written_text(text)) == text


@pytest.mark.parametrize(
    ("text", "fits"), [("x" * 32_767, True), ("x" * 32_768, False), ("😀" * 16_383, True), ("😀" * 16_384, False)]
)
def test_the_length_of_text_is_counted_as_excel_does(text, fits):
    if fits:
        assert written_text(text) == text
    else:
        with pytest.raises(OkrError, match="text_too_long"):
            written_text(text)
