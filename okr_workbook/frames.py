"""A planner as pandas data frames, for notebooks: every table with its computed fields, the history, and the KPIs' figures.

    from okr_workbook.frames import frames
    plan = frames("planner.xlsx")
    plan.key_results.query("status == 'at_risk'")[["id", "owner", "gap"]]

Ids stay text, blanks stay missing (`pandas.NA`, `NaT`), shares run 0 to 1; docs/frames.md lists every column. pandas is
imported here and by nothing on the way from click to result.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from okr_workbook.actions.refresh import refresh_book
from okr_workbook.books.file_book import FileBook
from okr_workbook.domain.planner import Planner
from okr_workbook.domain.results import Scores
from okr_workbook.tables import schema
from okr_workbook.tables.problem_rows import ShownProblem
from okr_workbook.tables.schema import Field

DTYPES: Mapping[str, str] = {
    "text": "string",
    "formula": "string",
    "choice": "string",
    "link": "string",
    "number": "Float64",
    "share": "Float64",
    "reading": "Float64",
    "integer": "Int64",
    "date": "datetime64[ns]",
    "flag": "boolean",
}
"""The pandas type of each type of field. All of them can hold a missing value."""

_GROUP = (
    Field("score", "share"),
    Field("expected", "share"),
    Field("gap", "share"),
    Field("status", "choice"),
    Field("grade", "choice"),
    Field("forecast", "share"),
)
_BESIDE: Mapping[str, tuple[Field, ...]] = {
    "teams": _GROUP,
    "members": _GROUP,
    "objectives": (Field("gap", "share"), Field("grade", "choice"), Field("stale", "flag")),
    "key_results": (
        Field("grade", "choice"),
        Field("stale", "flag"),
        Field("overridden", "flag"),
        Field("forecast_value", "reading"),
        Field("chance", "share"),
        Field("forecast_method", "choice"),
    ),
    "kpis": (
        Field("alert_raised", "flag"),
        Field("error"),
    ),
}
"""Computed fields that are not columns of the workbook, but of the frame."""

_OWN: Mapping[str, tuple[Field, ...]] = {
    "settings": schema.SETTINGS,
    "company": (Field("name"), *_GROUP),
    "measure_values": (Field("measure"), Field("month", "date"), Field("value", "number")),
    "kpi_series": (Field("kpi"), Field("period"), Field("date", "date"), Field("value", "number")),
}
"""Frames that are no table of the workbook, or have another form there."""


class Frames(NamedTuple):
    """A planner computed at `as_of`. One frame a table of the workbook, and four in a form of their own.

    `settings` has one row, and a column a setting. `measure_values` has the figures of `measures`, one row a month;
    `kpi_series` the KPIs' values, one row a period. `company` has one row.
    """

    as_of: date
    settings: pd.DataFrame
    company: pd.DataFrame
    teams: pd.DataFrame
    members: pd.DataFrame
    objectives: pd.DataFrame
    key_results: pd.DataFrame
    kpis: pd.DataFrame
    kpi_series: pd.DataFrame
    measures: pd.DataFrame
    measure_values: pd.DataFrame
    actions: pd.DataFrame
    check_ins: pd.DataFrame
    history: pd.DataFrame
    problems: pd.DataFrame


def columns_of(frame: str) -> tuple[Field, ...]:
    """The columns of a frame, in their order."""
    if frame in _OWN:
        return _OWN[frame]
    fields = schema.table(frame).fields
    known = {field.id for field in fields}
    return fields + tuple(field for field in _BESIDE.get(frame, ()) if field.id not in known)


def frames(path: str | os.PathLike[str], as_of: date | None = None) -> Frames:
    """The frames of a planner in a file, computed as `okr refresh` would and nothing written.

    `as_of` looks back at that day; without it the planner's own as-of date counts, or today. OkrError where the file is
    no planner.
    """
    today = date.today()  # noqa: DTZ011  (a plan's days are the user's own)
    report = refresh_book(FileBook(os.fspath(path)), today=today, as_of=as_of, dry_run=True)
    return frames_of(report.planner, report.scores, report.problems)


def frames_of(planner: Planner, scores: Scores, problems: Sequence[ShownProblem] = ()) -> Frames:
    """The frames of a planner and its scores. The rows of `planner` and `scores` belong together one by one."""
    company = {"name": planner.settings.company, **_plain(scores.company)}
    return Frames(
        scores.as_of,
        _frame("settings", [_plain(planner.settings)]),
        _frame("company", [company]),
        _frame("teams", _joined(planner.teams, scores.teams)),
        _frame("members", _joined(planner.members, scores.members)),
        _frame("objectives", _joined(planner.objectives, scores.objectives)),
        _frame("key_results", [_with_forecast(row) for row in _joined(planner.key_results, scores.key_results)]),
        _frame("kpis", [_with_alert(row, got) for row, got in zip(planner.kpis, scores.kpis, strict=True)]),
        _frame("kpi_series", _kpi_series(scores)),
        _frame("measures", [_plain(row) for row in planner.measures]),
        _frame("measure_values", _measure_values(planner)),
        _frame("actions", [_plain(row) for row in planner.actions]),
        _frame("check_ins", [_plain(row) for row in planner.check_ins]),
        _frame("history", [_plain(row) for row in planner.history]),
        _frame("problems", [{**_plain(one), "cell": one.cell} for one in problems]),
    )


Row = Mapping[str, Any]


def _frame(name: str, rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a frame with the columns and types of its name; "" is a blank."""
    found = list(rows)
    columns = {}
    for field in columns_of(name):
        values = [None if (value := row.get(field.id)) == "" else value for row in found]
        columns[field.id] = pd.Series(values, dtype=DTYPES[field.type])
    return pd.DataFrame(columns)


def _plain(record: NamedTuple) -> dict[str, Any]:
    return record._asdict()


def _joined(rows: Iterable[NamedTuple], results: Iterable[NamedTuple]) -> list[dict[str, Any]]:
    """Rows with what was computed of them; of a field both have, the computed one counts."""
    return [{**_plain(row), **_plain(got)} for row, got in zip(rows, results, strict=True)]


def _with_forecast(row: dict[str, Any]) -> dict[str, Any]:
    forecast = row["forecast"]
    return {
        **row,
        "forecast": forecast.score,
        "forecast_value": forecast.value,
        "chance": forecast.chance,
        "forecast_method": forecast.method,
    }


def _with_alert(row: NamedTuple, got: NamedTuple) -> dict[str, Any]:
    """A KPI: its field `alert` is the bound people typed, whether it is beyond it stands in `alert_raised`."""
    typed, computed = _plain(row), _plain(got)
    return {**typed, **computed, "alert": typed["alert"], "alert_raised": computed["alert"]}


def _kpi_series(scores: Scores) -> Iterable[Row]:
    for kpi in scores.kpis:
        for period, day, value in kpi.series:
            yield {"kpi": kpi.id, "period": period, "date": day, "value": value}


def _measure_values(planner: Planner) -> Iterable[Row]:
    for row in planner.measures:
        for month, value in sorted(row.months.items()):
            yield {"measure": row.measure, "month": month, "value": value}
