"""Workbooks for the tests of files: a small planner, and one with everything around it that users put in workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import xlsxwriter

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf000000"
    "030001018dd8db0000000049454e44ae426082"
)

HEADERS = {
    "objectives": ["Id", "Objective", "Weight", "Score"],
    "key_results": ["Id", "Key result", "My notes", "Current", "Score", "Due"],
    "measures": ["Measure", "Aggregate", "2026-01"],
    "check_ins": ["Date", "Key result", "Value", "Confidence", "Comment", "Author"],
    "history": ["Date", "Level", "Id", "Score", "Status"],
    "problems": ["Severity", "Table", "Row", "Field", "Cell", "Code", "Message", "Advice"],
}

CHECK_INS = [
    [date(2026, 7, 1), "KR1", 10, 7, "first", "Ann"],
    [date(2026, 8, 1), "KR2", 0.25, None, "ça va – été", "Bob"],
    [date(2026, 9, 1), "KR1", 35.5, 8, None, "Ann"],
]
KEY_RESULTS = [["KR1", "MRR", "mine", 35.5, 0.355, date(2026, 12, 31)], ["KR2", "Churn", None, 0.25, None, None]]


def planner(*, rich: bool = False, check_ins=CHECK_INS, key_results=KEY_RESULTS, version: int = 1) -> bytes:
    """A planner of a few tables, made by XlsxWriter; `rich` adds charts, pictures, comments and what else users add."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy", "bg_color": "#EEEEEE"})
    share = book.add_format({"num_format": "0%", "italic": True})
    content = {
        "objectives": [["O1", "Grow", 1, 0.5]],
        "key_results": key_results,
        "measures": [["mrr", "last", 12.5]],
        "check_ins": check_ins,
        "history": [[date(2026, 9, 1), "key_result", "KR1", 0.3, "on_track"]],
        "problems": [],
    }
    for table_id, rows in content.items():
        _add_table(book, table_id, rows, day, share)
    book.define_name("okr_schema", f"={version}")
    _add_dashboard(book, share)
    if rich:
        _add_riches(book)
    book.close()
    return buffer.getvalue()


def _add_table(book, table_id, rows, day, share):
    sheet = book.add_worksheet(table_id.replace("_", " ").capitalize())
    headers = HEADERS[table_id]
    last = 3 + max(1, len(rows))
    sheet.add_table(3, 1, last, len(headers), {"name": table_id, "columns": [{"header": header} for header in headers]})
    for index in range(max(1, len(rows))):
        row = rows[index] if index < len(rows) else [None] * len(headers)
        sheet.set_row(4 + index, 21)
        for column, value in enumerate(row):
            look = day if headers[column] in ("Date", "Due") else share if headers[column] == "Score" else None
            if isinstance(value, date):
                sheet.write_datetime(4 + index, 1 + column, value, look)
            elif value is None:
                sheet.write_blank(4 + index, 1 + column, None, look or share)
            else:
                sheet.write(4 + index, 1 + column, value, look)
    sheet.conditional_format(4, 1, last, 1, {"type": "text", "criteria": "containing", "value": "x", "format": share})
    sheet.data_validation(4, 2, last, 2, {"validate": "length", "criteria": "<", "value": 300})
    sheet.conditional_format(4, 3, last, 3, {"type": "data_bar", "data_bar_2010": True})


def _add_dashboard(book, share):
    sheet = book.add_worksheet("Dash 'board")
    sheet.write("A1", "Company")
    sheet.write_formula("B1", "=SUM(Objectives!E5:E5)", share, 0.5)
    for row in range(2, 5):
        for column in range(1, 4):
            sheet.write_blank(row, column, None, share)
    book.define_name("okr_alerts", "='Dash ''board'!$B$3:$D$5")


def _add_riches(book):
    sheet = book.add_worksheet("Mine")
    sheet.write_row(0, 0, ["a", "b", "été"])
    sheet.write_rich_string(1, 0, "plain ", book.add_format({"bold": True}), "bold")
    sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
    sheet.write_comment("A1", "my comment")
    sheet.insert_image("D2", "dot.png", {"image_data": io.BytesIO(PNG)})
    sheet.insert_textbox("F2", "a text box")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "='Check ins'!$D$5:$D$7"})
    sheet.insert_chart("A5", chart)
    sheet.add_sparkline("E1", {"range": "'Check ins'!D5:D7"})
    sheet.merge_range("A20:C20", "merged")
    sheet.insert_button("H1", {"caption": "Press"})
    sheet.protect()
    book.get_worksheet_by_name("Check ins").write_comment("D5", "a comment in a table")
    book.get_worksheet_by_name("Check ins").add_sparkline("K5", {"range": "D5:D7"})
    bars = book.add_chart({"type": "bar"})
    bars.add_series({"values": "=Mine!$A$1:$C$1"})
    book.add_chartsheet("A chart").set_chart(bars)
    book.define_name("mine", "=Mine!$A$1")


def with_parts(content: bytes, parts: dict[str, bytes], *, removed: tuple[str, ...] = ()) -> bytes:
    """A workbook with parts added, replaced or removed by another program than ours."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in removed and name not in parts:
                after.writestr(name, before.read(name))
        for name, part in parts.items():
            after.writestr(name, part)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """Every part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(content, edits, added=()):
    """The package with expressions in its parts replaced, each exactly once, and with parts added or put in the place of others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name in added:
                continue
            part = old.read(name)
            for pattern, wanted in edits.get(name, ()):
                text, count = re.subn(pattern, wanted, part.decode())
                assert count == 1, (name, pattern)
                part = text.encode()
            new.writestr(name, part)
        for name, part in dict(added).items():
            new.writestr(name, part)
    return out.getvalue()


def sheet_part(content: bytes, table_id: str) -> str:
    """The sheet part that holds a table of `planner`."""
    return f"xl/worksheets/sheet{list(HEADERS).index(table_id) + 1}.xml"
