"""A planner file in which every text of every table is hostile: one team, and what is its, a text."""

from __future__ import annotations

from datetime import date

from okr_workbook.actions.new import new_planner
from okr_workbook.actions.reading import read_planner
from okr_workbook.books.file_book import FileBook
from okr_workbook.tables.grid import Changes, TableChange
from okr_workbook.tables.schema import INPUT_TABLES

TODAY = date(2026, 12, 2)

TEXTS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "=cmd|'/C calc'!A0",
    '\t=HYPERLINK("http://evil.test")',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    'a "quoted", b; c\nnext',
    "x\r\nBcc: evil@evil.test\r\n\r\nbody",
    "../../x",
    "C:\\x\\y",
    "CON",
    "nul.xlsx",
    "a\0b",
    "\x1b[31mred\x1b]0;title\x07",
    "gnp\u202exslx.exe",
    "🎯 e\u0301té 👩\u200d👩",
    "]]> & </t></si> <!--",
    "_x000D_ _x0041_",
    "{0} {team} {unknown!r:>99} {{",
    "%s %(team)s $HOME `id`",
    "'; DROP TABLE sendings; --",
    " ".join(str(number**3) for number in range(3500))[:32_000],
)  # fmt: skip
HARMLESS = tuple(f"Text {number}" for number in range(len(TEXTS)))
"""As many texts that mean no harm: what is made of them is the measure."""


def a_hostile_planner(path, language="en", texts=TEXTS):
    """A planner file at `path` with a team, a member, objectives, key results, KPIs and actions for each text."""
    new_planner(path, language=language, today=TODAY, period="2026-H2", company=texts[0])
    book = FileBook(path)
    _, parsed = read_planner(book)
    rows = _rows(texts)
    changes = []
    for table_id in INPUT_TABLES[1:]:
        columns = parsed.columns[table_id]
        cells = {
            (number, columns.fields[field]): value
            for number, row in enumerate(rows[table_id])
            for field, value in row.items()
        }
        cells |= {(number, place): 5.0 for number in range(len(texts)) for place in columns.months.values()}
        changes.append(TableChange(table_id, cells))
    book.write(Changes(tuple(changes)), command="test")
    return path


def _rows(texts):
    """The rows of every table, every text field filled in; ids refer to each other so that all of them are used."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in INPUT_TABLES}
    for number, text in enumerate(texts):
        address = f"team{number}@okr.test"
        rows["teams"].append({"team": text, "lead": text, "email": address, "language": ("en", "fr")[number % 2]})
        rows["members"].append({"member": text, "team": text, "email": address})
        rows["objectives"].append({"id": text, "objective": text, "level": "team", "team": text, "owner": text})
        rows["key_results"].append(
            {"id": text, "objective": text, "key_result": text, "team": text, "owner": text, "kind": "increase",
             "unit": text, "start": 0, "target": 10, "current": 4, "override": 0.5, "override_reason": text}
        )  # fmt: skip
        rows["kpis"].append(
            {"id": text, "kpi": text, "formula": "m2 / m4" if number % 2 else TEXTS[number], "unit": text, "direction": "higher",
             "target": 9, "frequency": "month", "team": text, "owner": text, "source": text, "action": text}
        )  # fmt: skip
        rows["measures"].append(
            {"measure": text if number % 2 else f"m{number}", "label": text, "unit": text, "aggregate": "sum",
             "team": text, "source": text}
        )  # fmt: skip
        rows["actions"].append(
            {"id": text, "serves": text, "action": text, "owner": text, "team": text, "state": "todo", "comment": text}
        )
        rows["check_ins"].append(
            {"date": date(2026, 11, 1), "key_result": text, "value": 3, "comment": text, "author": text}
        )
    return rows
