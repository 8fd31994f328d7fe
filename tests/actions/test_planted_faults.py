"""A planner file with fifty planted faults: all of them at their cells in the sheet of problems, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from okr_workbook.books.file_book import FileBook
from okr_workbook.cli import main
from okr_workbook.labels import labels_for
from okr_workbook.tables.cell_changes import record_cells
from okr_workbook.tables.columns import find_columns
from okr_workbook.tables.grid import Changes, TableChange, quoted
from okr_workbook.tables.parsing import setting_of
from tests.builders import END, START
from tests.domain.test_checks import PLANTED, planted

TABLES = ("teams", "members", "objectives", "key_results", "kpis", "actions", "check_ins")
OF_FORMULAS = re.compile("formula_|kpi_unknown|unknown_name|unknown_measure")
AS_OF = START + timedelta(7)


def settings_of(planner):
    return {
        "company": planner.settings.company, "period_start": START, "period_end": END, "as_of": AS_OF,
        "amber_from": planner.settings.amber_from,
    }  # fmt: skip


def written(path, language):
    """The planted planner in a file, each record in its own row."""
    assert main(["new", str(path), "--lang", language, "--period", "2026-H2"]) == 0
    planner, labels = planted(), labels_for(language)
    # in a file a member is a row only where something is in it: the one without a name has an address
    members = tuple(row if row.member else row._replace(email="who@example.com") for row in planner.members)
    planner = planner._replace(members=members)
    grids = FileBook(str(path)).read()
    changes = []
    for table in TABLES:
        fields = find_columns(grids[table]).fields
        changes.append(
            TableChange(
                table,
                {
                    (row.row_number - 1, fields[field]): value
                    for row in getattr(planner, table)
                    for field, value in record_cells(table, row, labels).items()
                    if value not in (None, "")
                },
            )
        )
    value_at = find_columns(grids["settings"]).fields["value"]
    wanted = settings_of(planner)
    changes.append(
        TableChange(
            "settings",
            {
                (index, value_at): wanted[setting.id]
                for index, row in enumerate(grids["settings"].rows)
                if (setting := setting_of(str(row[0] or ""))) and setting.id in wanted
            },
        )
    )
    FileBook(str(path)).write(Changes(tuple(changes)), command="typing")
    return planner


def cell_of(grids, planner, planted_fault):
    """Where a planted fault stands: (code, cell)."""
    code, table, name, field = planted_fault
    grid = grids[table]
    columns = find_columns(grid)
    if table == "settings":
        numbers = [i for i, row in enumerate(grid.rows) if (one := setting_of(str(row[0] or ""))) and one.id == name]
        place = columns.fields["value"]
    else:
        rows = getattr(planner, table)
        named = [row.row_number - 1 for row in rows if name in (row.row_number, row[0])]
        numbers = named[-1:] if code == "duplicate_id" else named[:1]
        place = columns.fields[field] if field else 0
    (number,) = numbers
    return code, f"{quoted(grid.sheet)}!{grid.address(number, place)}"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_planted_fault_is_at_its_cell_and_there_is_nothing_else(tmp_path, capsys, language):
    path = tmp_path / "planted.xlsx"
    planner = written(path, language)
    capsys.readouterr()
    assert main(["refresh", str(path), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    grids = FileBook(str(path)).read()
    expected = sorted(cell_of(grids, planner, one) for one in PLANTED)
    assert sorted((one["code"], one["cell"]) for one in problems if not OF_FORMULAS.match(one["code"])) == expected
    assert len(expected) >= 40
    shown = find_columns(grids["problems"]).fields
    on_sheet = [(row[shown["code"]], row[shown["cell"]]) for row in grids["problems"].rows]
    assert sorted(one for one in on_sheet if not OF_FORMULAS.match(one[0])) == expected
