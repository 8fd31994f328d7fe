"""What a team's workbook costs, beside what one would otherwise do. One run, medians of CPU time, in this process.

Usage: python benchmarks/team_books.py [ROUNDS]

The same workbook (values, formulas with stored values, styles, dropdowns, charts, tables) is written by the package
writer, by XlsxWriter, plainly by openpyxl, and by openpyxl from a loaded template. Every round has another team. The
limit is deflating the bytes of all parts of the book at the same level. The package writer deflates parts that are the same
in all books once only, so the stricter limit, of the parts that are new in each book, is told beside it.
"""

from __future__ import annotations

import io
import sys
import time
import warnings
import zlib
from datetime import date, timedelta
from statistics import median

import xlsxwriter
from openpyxl import load_workbook

from okr_workbook.books.team.model import Sheet, Workbook
from okr_workbook.books.team.package_writer import package_parts, write_package
from okr_workbook.books.team_book import team_workbook
from okr_workbook.domain.planner import CheckIn, KeyResult, Member, Objective, Planner, Settings, Team
from okr_workbook.domain.scoring import score_planner, score_series
from okr_workbook.domain.team_cutter import team_plans
from okr_workbook.domain.team_plan import TeamPlan
from okr_workbook.labels import labels_for
from okr_workbook.tables.grid import Formula
from tests.books.plain_writer import write_plain

START, AS_OF, END = date(2026, 7, 1), date(2026, 11, 18), date(2026, 12, 31)


def a_planner(team: str, step: float, key_results: int = 60) -> Planner:
    """One team with `key_results` key results under twelve objectives, a reading `step` higher every other week."""
    objectives = [Objective("O0", "Grow", "company")]
    objectives += [Objective(f"O{i}", f"Objective {i} of {team}", "team", team, "Ann", "O0") for i in range(1, 13)]
    rows = [
        KeyResult(
            f"KR{i}",
            f"O{i % 12 + 1}",
            f"Result {i} of {team}",
            team,
            "Ann",
            "increase",
            "€",
            0.0,
            100.0,
            confidence=7.0,
        )
        for i in range(key_results)
    ]
    days = [START + timedelta(days=days) for days in range(0, 140, 14)]
    check_ins = [CheckIn(day, row.id, k * step + n / 100) for n, row in enumerate(rows) for k, day in enumerate(days)]
    return Planner(
        Settings(company="Acme", language="en", period="2026-H2", period_start=START, period_end=END),
        (Team(team, lead="Ann"),),
        (Member("Ann", team),),
        tuple(objectives),
        tuple(rows),
        check_ins=tuple(check_ins),
    )


def a_plan(team: str = "Sales", step: float = 9.0) -> TeamPlan:
    planner = a_planner(team, step)
    days = [START + timedelta(weeks=week) for week in range(27)]
    return team_plans(planner, score_planner(planner, AS_OF), [team], score_series(planner, days))[0]


# --- the other ways -------------------------------------------------------------------------------


def by_xlsxwriter(workbook: Workbook) -> bytes:
    """The same cells, looks, tables, rules and charts by XlsxWriter."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    formats: dict = {}
    for sheet in workbook.sheets:
        target = book.add_worksheet(sheet.title)
        for (row, column), (value, look) in sheet.all_cells().items():
            if look not in formats:
                formats[look] = book.add_format(_properties(look))
            _write(target, row - 1, column - 1, value, formats[look])
        _rules(target, book, sheet)
    book.close()
    return out.getvalue()


def _properties(look) -> dict:
    found = {"font_name": "Calibri", "font_size": look.size, "bold": look.bold, "font_color": look.color, "valign": "vcenter", "locked": not look.unlocked}  # fmt: skip
    found |= {"align": look.align} if look.align else {}
    found |= {"indent": look.indent} if look.indent else {}
    found |= {"num_format": look.number} if look.number else {}
    found |= {"bg_color": look.fill} if look.fill else {}
    found |= {"text_wrap": True} if look.wrap else {}
    found |= {"shrink": True} if look.shrink else {}
    return found | ({"bottom": 1, "bottom_color": look.line} if look.line else {})


def _write(target, row, column, value, look) -> None:
    if value is None:
        target.write_blank(row, column, None, look)
    elif isinstance(value, Formula):
        target.write_formula(row, column, f"={value.text}", look, value.value)
    elif isinstance(value, str):
        target.write_string(row, column, value, look)
    elif isinstance(value, date):
        target.write_datetime(row, column, value, look)
    else:
        target.write_number(row, column, value, look)


def _rules(target, book, sheet: Sheet) -> None:
    for column, pixels in sheet.widths.items():
        target.set_column_pixels(column - 1, column - 1, pixels)
    for row, points in sheet.all_heights().items():
        target.set_row(row - 1, points)
    for table in sheet.tables:
        target.add_table(table.ref, {"name": table.name, "columns": [{"header": name} for name in table.headers]})
    for rule in sheet.choices:
        target.data_validation(
            rule.area, {"validate": "list", "source": f"={rule.source}" if rule.source else list(rule.options)}
        )
    for rule in sheet.betweens:
        kind = {"whole": "integer"}.get(rule.kind, rule.kind)
        target.data_validation(
            rule.area, {"validate": kind, "criteria": "between", "minimum": f"={rule.low}", "maximum": f"={rule.high}"}
        )
    for area in sheet.status_areas:
        for symbol in "✓●◆■○–":
            target.conditional_format(area, {"type": "text", "criteria": "begins with", "value": symbol, "format": book.add_format({"bg_color": "#D3EDE4"})})  # fmt: skip
    for chart in sheet.charts:
        drawn = book.add_chart({"type": "bar" if chart.kind == "bullets" else "line"})
        for offset in range(5 if chart.kind == "bullets" else 2):
            column = chart.column - 1 + offset
            drawn.add_series({"values": [chart.sheet, chart.first - 1, column, chart.last - 1, column]})
        target.insert_chart(chart.start[1] - 1, chart.start[0] - 1, drawn)
    if sheet.state != "visible":
        target.hide()
    else:
        target.protect()


def by_template(template: bytes, workbook: Workbook) -> bytes:
    """The template loaded, every cell filled in, saved: what most scripts do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(template))
    for sheet in workbook.sheets:
        target = book[sheet.title]
        for (row, column), (value, _) in sheet.all_cells().items():
            if isinstance(value, Formula):
                target.cell(row, column).value = f"={value.text}"
            elif value is not None:
                target.cell(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- side by side ---------------------------------------------------------------------------------


def main(rounds: int) -> None:
    """Every way in turn for one team after another, so that a busy moment hits them all and no two books are the same."""
    labels = labels_for("en")
    template = write_package(team_workbook(a_plan(), labels))
    times: dict[str, list[float]] = {}
    seen: set[bytes] = set()
    for number in range(rounds + 1):
        plan = a_plan(f"Team {number}", 5 + number / 7)
        workbook = team_workbook(plan, labels)
        parts = [text.encode() for text in package_parts(workbook).values()]
        new = [part for part in parts if part not in seen]
        seen.update(parts)
        ways = {
            "deflating all parts (the limit)": lambda parts=parts: [zlib.compress(part, 6) for part in parts],
            "deflating the parts new in each book": lambda new=new: [zlib.compress(part, 6) for part in new],
            "this package: parts as text, deflated": lambda workbook=workbook: write_package(workbook),
            "  of it the parts, before deflating": lambda workbook=workbook: package_parts(workbook),
            "XlsxWriter, in memory": lambda workbook=workbook: by_xlsxwriter(workbook),
            "openpyxl, plainly": lambda workbook=workbook: write_plain(workbook),
            "openpyxl: load a template, fill, save": lambda workbook=workbook: by_template(template, workbook),
            "(laying the workbook out from the plan)": lambda plan=plan: team_workbook(plan, labels),
        }
        for name, way in ways.items():
            start = time.process_time()
            way()
            if number:  # a first round, which fills caches, is not counted
                times.setdefault(name, []).append((time.process_time() - start) * 1000)
    limit = median(times["deflating all parts (the limit)"])
    cells = sum(len(sheet.all_cells()) for sheet in workbook.sheets)
    size = len(write_package(workbook)) / 1024
    print(f"{len(workbook.sheets)} sheets, {cells} cells, {len(parts)} parts, {size:.0f} kB, {rounds} rounds")
    for name, found in times.items():
        print(f"{name:<42}{median(found):8.1f} ms {median(found) / limit:6.1f} x the limit")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
