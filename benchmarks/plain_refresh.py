"""The refresh as one would script it with pandas and openpyxl: read the sheets, compute, write the cells, save.

Usage: python benchmarks/plain_refresh.py PLANNER

An honest script for the plans of `benchmarks.planners` (linear key results, no KPIs): latest values, scores, expected,
gap, status, forecast, what is needed per week, roll-ups to objectives, teams and company, one history row a thing. It
does less than `okr refresh`: no checks, no dashboard, no charts' data, no safe save; and it loses what openpyxl loses.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

TABLES = ("settings", "teams", "objectives", "key_results", "check_ins", "history")
AHEAD, LATE = 0.10, 0.25


def main(path):
    warnings.simplefilter("ignore")  # openpyxl's, of what it will lose
    book = load_workbook(path)
    places = {
        table.name: (sheet.title, range_boundaries(table.ref)) for sheet in book for table in sheet.tables.values()
    }
    sheets = pd.read_excel(path, sheet_name=[places[name][0] for name in TABLES], header=None, engine="openpyxl")
    frames = {name: frame_of(sheets[places[name][0]], places[name][1]) for name in TABLES}

    settings = frames["settings"].set_index("Name")["Value"]
    as_of = pd.Timestamp(settings["As of"])
    start, end = pd.Timestamp(settings["Period start"]), pd.Timestamp(settings["Period end"])
    key_results, objectives, teams = frames["key_results"], frames["objectives"], frames["teams"]

    check_ins = frames["check_ins"].copy()
    check_ins["Date"] = pd.to_datetime(check_ins["Date"])
    check_ins = check_ins[check_ins["Date"] <= as_of].sort_values("Date", kind="stable")
    latest = check_ins.groupby("Key result").agg(Value=("Value", "last"), Updated=("Date", "last"))
    key_results = key_results.join(latest, on="Id", rsuffix=" now")
    width = (key_results["Target"] - key_results["Start"]).astype(float)
    key_results["progress"] = (key_results["Value now"].astype(float) - key_results["Start"]) / width
    key_results["score"] = key_results["progress"].clip(0, 1)
    expected = (as_of - start).days / (end - start).days
    key_results["expected"] = expected
    key_results["gap"] = expected - key_results["score"]
    key_results["status"] = statuses(key_results["gap"], key_results["score"])
    key_results["forecast"] = forecasts(check_ins, key_results, start, end)
    weeks = (end - as_of).days / 7
    key_results["needed"] = ((key_results["Target"] - key_results["Value now"].astype(float)) / weeks).clip(lower=0)

    by_objective = key_results.groupby("Objective")[["score", "expected", "forecast"]].mean()
    objectives = objectives.join(by_objective, on="Id", rsuffix=" now")
    below = objectives[objectives["Level"] == "Team"][["score", "expected", "forecast"]].mean()
    objectives.loc[objectives["Level"] == "Company", ["score", "expected", "forecast"]] = below.to_numpy()
    objectives["status"] = statuses(objectives["expected"] - objectives["score"], objectives["score"])
    by_team = objectives[objectives["Level"] == "Team"].groupby("Team")[["score", "expected"]].mean()
    teams = teams.join(by_team, on="Team", rsuffix=" now")
    teams["status"] = statuses(teams["expected"] - teams["score"], teams["score"])

    written = {"Value": "Value now", "Current": "Value now", "Progress": "progress", "Score": "score", "Expected": "expected", "Gap": "gap", "Status": "status", "Forecast": "forecast", "Needed per week": "needed", "Updated on": "Updated"}  # fmt: skip
    write(book, places["key_results"], frames["key_results"], key_results, written)
    write(book, places["objectives"], frames["objectives"], objectives, {"Score": "score", "Expected": "expected", "Status": "status", "Forecast": "forecast"})  # fmt: skip
    write(book, places["teams"], frames["teams"], teams, {"Score": "score", "Status": "status"})
    rows = [
        (
            "Company",
            settings["Company"],
            below["score"],
            statuses(pd.Series([expected - below["score"]]), pd.Series([below["score"]]))[0],
        )
    ]
    rows += [("Team", *row) for row in teams[["Team", "score", "status"]].itertuples(index=False)]
    rows += [("Objective", *row) for row in objectives[["Id", "score", "status"]].itertuples(index=False)]
    rows += [("Key result", *row) for row in key_results[["Id", "score", "status"]].itertuples(index=False)]
    append_history(book, places["history"], frames["history"], as_of, rows)
    book.save(path)


def frame_of(sheet, area):
    left, top, right, bottom = area
    body = sheet.iloc[top : min(bottom, len(sheet)), left - 1 : right].reset_index(drop=True)
    headers = sheet.iloc[top - 1, left - 1 : right]
    body.columns = [str(header).replace("\n", " ") for header in headers]
    return body.dropna(how="all").infer_objects()


def statuses(gap, score):
    return np.select([score.isna(), score >= 1, gap <= AHEAD, gap <= LATE], ["– No data", "✓ Done", "● On track", "◆ Behind"], "■ At risk")  # fmt: skip


def forecasts(check_ins, key_results, start, end):
    days = (check_ins["Date"] - start).dt.days.astype(float)
    values = check_ins["Value"].astype(float)
    groups = check_ins["Key result"]
    mean_day, mean_value = days.groupby(groups).transform("mean"), values.groupby(groups).transform("mean")
    slope = ((days - mean_day) * (values - mean_value)).groupby(groups).sum() / ((days - mean_day) ** 2).groupby(
        groups
    ).sum()
    base = values.groupby(groups).mean() - slope * days.groupby(groups).mean()
    at_end = (base + slope * (end - start).days).reindex(key_results["Id"]).to_numpy()
    width = (key_results["Target"] - key_results["Start"]).astype(float).to_numpy()
    return np.clip((at_end - key_results["Start"].astype(float).to_numpy()) / width, 0, 1)


def write(book, place, before, frame, columns):
    title, (left, top, _, _) = place
    sheet = book[title]
    for header, column in columns.items():
        at = left + list(before.columns).index(header)
        for row, value in zip(before.index, frame[column], strict=True):
            sheet.cell(top + 1 + row, at).value = None if pd.isna(value) else value


def append_history(book, place, before, as_of, rows):
    title, (left, top, _, _) = place
    sheet, first = book[title], top + 1 + len(before)
    for offset, (level, name, score, status) in enumerate(rows):
        for column, value in enumerate((as_of.to_pydatetime(), level, name, score, status)):
            sheet.cell(first + offset, left + column).value = value
    table = next(table for table in sheet.tables.values() if table.name == "history")
    table.ref = f"{table.ref.split(':')[0]}:{sheet.cell(first + len(rows) - 1, left + 4).coordinate}"


if __name__ == "__main__":
    main(sys.argv[1])
