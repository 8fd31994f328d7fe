"""Numbers of a unit in sentences, in both languages."""

from __future__ import annotations

import pytest

from okr_workbook.labels import labels_for
from okr_workbook.tables.units import change_in_unit, in_unit, is_seen, of_one_unit, step_in_unit

N, T = "\u00a0", "\u202f"  # no-break space, and the thin one between thousands


@pytest.mark.parametrize(
    ("value", "unit", "english", "french"),
    [
        (0.041, "%", "4.1%", f"4,1{N}%"),
        (0.04, "%", "4%", f"4{N}%"),
        (0.8, "% done", "80%", f"80{N}%"),
        (58_500.0, "€", "€58,500", f"58{T}500{N}€"),
        (-15.69, "€", "-€15.69", f"-15,69{N}€"),
        (12.5, "€ a month", "€12.50 a month", f"12,50{N}€ a month"),
        (1_234.56, "k€", f"1,235{N}k€", f"1{T}235{N}k€"),
        (4.0, "people", f"4{N}people", f"4{N}people"),
        (4.5, "days", f"4.5{N}days", f"4,5{N}days"),
        (7.25, "", "7.25", "7,25"),
        (4.5, "", "4.5", "4,5"),
        (8.0, "/10", "8/10", "8/10"),
        (91.0, "/100", "91/100", "91/100"),
        (12.25, "/20", "12.25/20", "12,25/20"),
        (7.1, "note /10", "7.1/10", "7,1/10"),
        (9.0, "jours", f"9{N}jours", f"9{N}jours"),
        (1.0, "days", f"1{N}day", f"1{N}day"),
        (1.5, "jours", f"1.5{N}jour", f"1,5{N}jour"),
        (1.02, "days", f"1{N}day", f"1{N}day"),
        (1.96, "jours", f"2{N}jours", f"2{N}jours"),
        (0.0003, "days", f"0{N}days", f"0{N}days"),
        (0.0003, "€", "€0", f"0{N}€"),
    ],
)
def test_a_value_reads_as_people_write_it(value, unit, english, french):
    assert in_unit(value, unit, labels_for("en")) == english
    assert in_unit(value, unit, labels_for("fr")) == french


@pytest.mark.parametrize(
    ("change", "unit", "shown"),
    [
        (0.003, "%", "0.3 pt"),
        (-0.05, "%", "5 pt"),
        (-9.0, "€", "€9"),
        (1500.0, "€", "€1,500"),
        (0.5, "days", f"0.5{N}days"),
    ],
)
def test_a_change_is_told_without_its_sign_and_a_shares_in_points(change, unit, shown):
    assert change_in_unit(change, unit, labels_for("en")) == shown
    assert is_seen(change, unit)


@pytest.mark.parametrize(("change", "unit"), [(0.0, "%"), (-0.0004, "%"), (0.004, "€"), (0.04, "days"), (1e-9, "")])
def test_a_change_of_which_nothing_shows_is_none(change, unit):
    assert not is_seen(change, unit)


@pytest.mark.parametrize(
    ("value", "target", "unit", "shown"),
    [
        (5.0, 6.0, "people", ("5", f"6{N}people")),
        (7.1, 8.0, "note /10", ("7.1", "8/10")),
        (9.0, 8.0, "days", ("9", f"8{N}days")),
        (385.0, 320.0, "€", ("€385", "€320")),
        (12.5, 20.0, "€ a month", ("€12.50", "€20 a month")),
        (0.041, 0.05, "%", ("4.1%", "5%")),
        (0.5, 1.0, "% done", ("50%", "100%")),
        (3.0, 4.0, "", ("3", "4")),
    ],
)
def test_a_unit_in_words_is_told_once_of_two_numbers(value, target, unit, shown):
    assert of_one_unit(value, target, unit, labels_for("en")) == shown


@pytest.mark.parametrize(
    ("step", "unit", "english", "french"),
    [
        (0.004, "%", "0.4 points", "0,4 point"),
        (-0.004, "%", "0.4 points less", "0,4 point de moins"),
        (0.01, "%", "1 point", "1 point"),
        (0.0215, "%", "2.1 points", "2,1 points"),
        (-15.69, "€", "€15.69 less", f"15,69{N}€ de moins"),
        (2.0, "people", f"2{N}people", f"2{N}people"),
    ],
)
def test_a_step_is_told_in_words_and_a_shares_in_points(step, unit, english, french):
    assert step_in_unit(step, unit, labels_for("en")) == english
    assert step_in_unit(step, unit, labels_for("fr")) == french
