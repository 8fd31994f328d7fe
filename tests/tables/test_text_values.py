"""Numbers, dates and months that came as text: read where there is one way to read them, refused where there are two."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.labels import labels_for
from okr_workbook.tables.columns import month_names
from okr_workbook.tables.text_values import AMBIGUOUS, date_from_text, month_from_text, number_from_text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("-12", -12), ("+3", 3), ("12.5", 12.5), ("12,5", 12.5), (".5", 0.5), ("1e3", 1000),
        ("12,5 %", 0.125), ("12,5\u00a0%", 0.125), ("100%", 1), ("0,125", 0.125), ("0.125", 0.125),
        ("1 200", 1200), ("1\u00a0200", 1200), ("1\u202f200,50", 1200.5), ("1 200 000", 1_200_000), ("1'200", 1200),
        ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1,234,567", 1_234_567), ("1.234.567", 1_234_567),
        ("60 000 €", 60000), ("€1,234.50", 1234.5), ("\u22125", -5), ("1 234,567", 1234.567),
        ("1,234", AMBIGUOUS), ("1.234", AMBIGUOUS), ("-12,345", AMBIGUOUS), ("999.999", AMBIGUOUS),
        ("", None), ("abc", None), ("12 apples", None), ("1,2,3", None), ("1.2.3", None), ("12/3", None), ("--1", None),
        ("5 5", None), ("3 5", None), ("1 2", None), ("15 00", None), ("1 00", None), ("12 34", None), ("1 2 3", None),
        ("1200 000", None), ("1 2,345", None), ("1 234 56", None), ("1 ,234", None), ("1, 234", None), ("1. 5", None),
        ("5²", None), ("²", None), ("½", None), ("12%%", None), ("12 % %", None), ("% 12", None), ("12 € %", None),
        ("€ 5 €", None), ("5 5 %", None), ("1 200'000", None), ("5-", None), ("(5)", None), ("+-5", None),
        ("- 1,234", AMBIGUOUS), ("1,234 €", AMBIGUOUS), ("$1,200", AMBIGUOUS), ("1,234 %", AMBIGUOUS),
        ("- 5", -5), ("-\u00a05", -5), ("-€5", -5), ("€ -5", -5), ("$ 1 200,50", 1200.5), ("1\u2009200", 1200),
        ("100 000,00", 100_000), ("1 234,5 %", 12.345), ("1’234.50", 1234.5), ("1,5e3", 1500), ("00012", 12),
        (",5", 0.5), ("5.", 5), (".", None), (",", None), ("-", None), ("n/a", None), ("–", None), ("1.e", None),
        ("1,23.4,5", None), ("1e999", None), ("nan", None), ("inf", None), ("%", None), ("1,", 1), ("1..2", None),
    ],
)  # fmt: skip
def test_number_from_text(text, number):
    assert number_from_text(text) == number


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).map(lambda x: round(x, 2)))
def test_a_french_amount_is_read_as_written(amount):
    written = f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")
    assert number_from_text(written) == pytest.approx(amount, abs=1e-9)


@given(
    st.integers(0, 10**9),
    st.sampled_from([" ", "\u00a0", "\u202f"]),
    st.integers(1, 8),
    st.sampled_from(["", " %", " €", "€"]),
)
def test_a_space_is_read_only_where_thousands_part(number, space, place, unit):
    digits = str(number)
    written = digits[:-place] + space + digits[-place:]
    readable = number_from_text(written + unit) is not None
    assert readable == (f"{number:,}" == written.replace(space, ",") or len(digits) <= place)


@given(st.text(max_size=20))
def test_any_text_is_a_finite_number_or_refused(text):
    number = number_from_text(text)
    assert number is None or number == AMBIGUOUS or abs(number) < float("inf")


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("2026-03-31", "en", date(2026, 3, 31)),
        ("2026-3-1", "fr", date(2026, 3, 1)),
        ("2026-03-31 00:00:00", "en", date(2026, 3, 31)),
        ("31/03/2026", "fr", date(2026, 3, 31)),
        ("31/03/2026", "en", date(2026, 3, 31)),
        ("03/31/2026", "en", date(2026, 3, 31)),
        ("03/04/2026", "fr", date(2026, 4, 3)),
        ("03/04/2026", "en", AMBIGUOUS),
        ("04/04/2026", "en", date(2026, 4, 4)),
        ("31.12.2026", "fr", date(2026, 12, 31)),
        ("31/03", "fr", None),
        ("31/02/2026", "fr", None),
        ("2026", "fr", None),
        ("soon", "en", None),
        ("31/03/26", "fr", None),
    ],
)
def test_date_from_text(text, language, day):
    assert date_from_text(text, language) == day


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("30 Nov 2026", date(2026, 11, 30)),
        ("30 November 2026", date(2026, 11, 30)),
        ("30-Nov-2026", date(2026, 11, 30)),
        ("30 NOV. 2026", date(2026, 11, 30)),
        ("Nov 30, 2026", date(2026, 11, 30)),
        ("November 30th, 2026", date(2026, 11, 30)),
        ("Nov. 3 2026", date(2026, 11, 3)),
        ("1st Dec 2026", date(2026, 12, 1)),
        ("30 novembre 2026", date(2026, 11, 30)),
        ("30\u00a0nov.\u00a02026", date(2026, 11, 30)),
        ("1er décembre 2026", date(2026, 12, 1)),
        ("1er de\u0301cembre 2026", date(2026, 12, 1)),
        ("1 DECEMBRE 2026", date(2026, 12, 1)),
        ("15 févr. 2027", date(2027, 2, 15)),
        ("15 aout 2026", date(2026, 8, 15)),
        ("3 Mai 2026", date(2026, 5, 3)),
        ("3 may 2026", date(2026, 5, 3)),
        ("31 Nov 2026", None),
        ("30 Nov", None),
        ("Nov 2026", None),
        ("30 Nov 26", None),
        ("26 Nov 30", None),
        ("2026 Nov 30", None),
        ("30 ju 2026", None),
        ("30 jui 2026", None),
        ("30 Team 2026", None),
        ("30 Nov 2026 or so", None),
        ("Nov 30 Dec 2026", None),
    ],
)
def test_a_day_whose_month_is_a_word_is_read_in_both_languages(text, day, language):
    assert date_from_text(text, language, month_names()) == day


@pytest.mark.parametrize("language", ["en", "fr"])
@given(day=st.dates(date(1990, 1, 1), date(2199, 12, 31)))
def test_a_day_is_read_as_the_planner_itself_writes_it(language, day):
    assert date_from_text(labels_for(language).date(day), language, month_names()) == day


@pytest.mark.parametrize(
    ("header", "month"),
    [
        ("2026-07", date(2026, 7, 1)),
        ("2026-07-01", date(2026, 7, 1)),
        ("2026/07", date(2026, 7, 1)),
        ("07/2026", date(2026, 7, 1)),
        ("01/07/2026", date(2026, 7, 1)),
        ("Jul 2026", date(2026, 7, 1)),
        ("july 2026", date(2026, 7, 1)),
        ("juil. 2026", date(2026, 7, 1)),
        ("Août 2026", date(2026, 8, 1)),
        ("aout 2026", date(2026, 8, 1)),
        ("aou\u0302t 2026", date(2026, 8, 1)),
        ("Jul-26", date(2026, 7, 1)),
        ("2026-13", None),
        ("2026-07-15", None),
        ("Notes", None),
        ("", None),
        ("Team 2026", None),
    ],
)
def test_month_from_text(header, month):
    assert month_from_text(header, month_names()) == month
