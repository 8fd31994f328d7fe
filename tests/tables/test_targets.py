"""What a key result or a KPI aims at, in words, in both languages."""

from __future__ import annotations

import pytest

from okr_workbook.labels import labels_for
from okr_workbook.tables.targets import AT_LEAST, AT_MOST, Target, target_of_key_result, target_of_kpi
from tests.builders import a_key_result, a_kpi

N, T = "\u00a0", "\u202f"  # no-break space, and the thin one between thousands


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"kind": "increase", "target": 100.0}, Target(100.0)),
        ({"kind": "increase", "target": None}, None),
        ({"kind": "", "target": 5.0}, Target(5.0)),
        ({"kind": "stages", "target": 20.0, "stretch": 30.0}, Target(20.0)),
        ({"kind": "milestone", "target": None}, Target(1.0)),
        ({"kind": "stay_above", "lower": 20.0, "target": 100.0}, Target(20.0, AT_LEAST)),
        ({"kind": "stay_below", "upper": 3.0}, Target(3.0, AT_MOST)),
        ({"kind": "stay_between", "lower": 40.0, "upper": 60.0}, Target(40.0, upper=60.0)),
        ({"kind": "stay_between", "upper": 60.0}, Target(60.0, AT_MOST)),
        ({"kind": "stay_above", "upper": 60.0}, None),
    ],
)
def test_a_key_result_aims_at_its_target_or_its_bounds(fields, target):
    assert target_of_key_result(a_key_result(**fields)) == target


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"direction": "higher", "target": 4.0, "lower": 1.0}, Target(4.0)),
        ({"direction": "lower", "target": None}, None),
        ({"direction": "within", "target": 4.0, "lower": 1.0, "upper": 6.0}, Target(1.0, upper=6.0)),
        ({"direction": "within", "target": 4.0, "lower": 1.0}, Target(1.0, AT_LEAST)),
        ({"direction": "within", "target": 4.0, "upper": 6.0}, Target(6.0, AT_MOST)),
        ({"direction": "within", "target": 4.0}, None),
    ],
)
def test_a_kpi_aims_at_its_target_or_its_bounds(fields, target):
    assert target_of_kpi(a_kpi(**fields)) == target


@pytest.mark.parametrize(
    ("target", "unit", "english", "french"),
    [
        (Target(0.04), "%", "4%", f"4{N}%"),
        (Target(20.0, AT_LEAST), "days", f"≥{N}20{N}days", f"≥{N}20{N}days"),
        (Target(-3.0, AT_MOST), "€", f"≤{N}-€3", f"≤{N}-3{N}€"),
        (Target(40.0, upper=60.0), "€", "€40–60", f"40–60{N}€"),
        (Target(40.0, upper=62.5), "€ a month", "€40–62.50 a month", f"40–62,50{N}€ a month"),
        (Target(0.05, upper=0.075), "%", "5–7.5%", f"5–7,5{N}%"),
        (Target(1_000.0, upper=12_000.0), "m2", f"1,000–12,000{N}m2", f"1{T}000–12{T}000{N}m2"),
        (Target(1.0, upper=4.0), "", "1–4", "1–4"),
        (Target(6.0, upper=8.0), "/10", "6–8/10", "6–8/10"),
        (Target(-5.0, upper=5.0), "€", "-€5 to €5", f"-5{N}€ à 5{N}€"),
    ],
)
def test_a_target_says_whether_it_is_to_be_reached_or_kept(target, unit, english, french):
    assert target.in_words(unit, labels_for("en")) == english
    assert target.in_words(unit, labels_for("fr")) == french
