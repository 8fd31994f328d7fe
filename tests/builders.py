"""Records with sensible values, so that a test says only what it is about."""

from __future__ import annotations

from datetime import date

from okr_workbook.domain.planner import Action, CheckIn, KeyResult, Kpi, Measure, Objective, Planner, Settings, Team

START, END, MIDDLE = date(2026, 7, 1), date(2026, 12, 31), date(2026, 9, 30)


def settings(**changes):
    values = {"company": "Alvéo", "period": "2026-H2", "period_start": START, "period_end": END}
    return Settings(**{**values, **changes})


def a_team(**changes):
    return Team(**{"team": "Marketing", "row_number": 1, **changes})


def an_objective(**changes):
    values = {"id": "O1", "objective": "Grow the revenue", "level": "company", "owner": "Ann", "row_number": 1}
    return Objective(**{**values, **changes})


def a_key_result(**changes):
    values = {
        "id": "KR1", "objective": "O1", "key_result": "MRR from 0 to 100 k€", "owner": "Ann", "kind": "increase",
        "unit": "k€", "start": 0.0, "target": 100.0, "row_number": 1,
    }  # fmt: skip
    return KeyResult(**{**values, **changes})


def a_check_in(on: date, value: float | None, **changes):
    return CheckIn(**{"date": on, "key_result": "KR1", "value": value, "row_number": 1, **changes})


def a_kpi(**changes):
    values = {
        "id": "conversion",
        "kpi": "Conversion",
        "formula": "paid / trials",
        "direction": "higher",
        "row_number": 1,
    }
    return Kpi(**{**values, **changes})


def a_measure(measure: str, months: dict[date, float], **changes):
    return Measure(**{"measure": measure, "aggregate": "sum", "months": months, "row_number": 1, **changes})


def an_action(**changes):
    return Action(**{"id": "A1", "action": "Do it", "state": "to_do", "row_number": 1, **changes})


def a_planner(**tables):
    """A planner of one company objective unless told otherwise."""
    tables.setdefault("settings", settings())
    tables.setdefault("objectives", (an_objective(),))
    return Planner(**{name: rows if name == "settings" else tuple(rows) for name, rows in tables.items()})
