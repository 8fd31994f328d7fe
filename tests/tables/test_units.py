"""Numbers of a unit in sentences, in both languages."""

from __future__ import annotations

import pytest

from okr_workbook.labels import labels_for
from okr_workbook.tables.units import change_in_unit, in_unit

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
        (8.0, "/10", "8", "8"),
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
