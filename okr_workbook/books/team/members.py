"""The sheet of members' own objectives, where each fills in the value of what he or she stands for.

Scores of persons are shown only where the planner's setting says so.
"""

from __future__ import annotations

from functools import cache

from okr_workbook.books.team.answers import input_rules
from okr_workbook.books.team.layout import FIRST_COLUMN, LIST_FIRST, MEMBER_COLUMNS, Layout, column, letters
from okr_workbook.books.team.looks import QUIET, TEXT
from okr_workbook.books.team.model import Sheet, TableArea
from okr_workbook.books.team.overview import INPUTS, answer_header, answer_row, look_of
from okr_workbook.books.team.page import Column, HeaderRow, new_list
from okr_workbook.books.team_names import MEMBERS_TABLE
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.palette import ACCENT

_WIDTHS = {
    "member": 140, "objective": 230, "id": 60, "key_result": 280, "status": 108, "score": 66, "confidence": 92,
    "comment": 230,
}  # fmt: skip


def members_sheet(layout: Layout) -> Sheet:
    """The sheet, one row a key result of a member."""
    shown = layout.plan.settings.show_member_scores
    caption = layout.text("captions.members" if shown else "captions.members_private")
    sheet = new_list(layout, layout.members, layout.text("titles.members"), caption)
    sheet.tab_color = ACCENT
    header_row = _header_row(layout.plan.language)
    header_row.put(sheet)
    for row, place in enumerate(layout.member_answers, LIST_FIRST):
        sheet.rows[row] = answer_row(layout, place, MEMBER_COLUMNS)
    count = max(1, len(layout.member_answers))
    if not layout.member_answers:
        for name in MEMBER_COLUMNS:
            sheet.put(LIST_FIRST, column(MEMBER_COLUMNS, name), None, TEXT)
        sheet.put(LIST_FIRST, FIRST_COLUMN, layout.text("captions.no_member_objectives"), QUIET)
    sheet.tables.append(TableArea(MEMBERS_TABLE, LIST_FIRST - 1, FIRST_COLUMN, header_row.words, count))
    status = letters(MEMBER_COLUMNS, "status")
    last = LIST_FIRST + count - 1
    sheet.status_areas.append(f"{status}{LIST_FIRST}:{status}{last}")
    sheet.freeze = f"A{LIST_FIRST}"
    sheet.print_area = f"B2:{letters(MEMBER_COLUMNS, 'comment')}{last}"
    rows = {place: LIST_FIRST + i for i, place in enumerate(layout.member_answers)}
    input_rules(sheet, layout, rows, letters(MEMBER_COLUMNS, "current"), letters(MEMBER_COLUMNS, "confidence"))
    return sheet


@cache
def _header_row(language: str) -> HeaderRow:
    labels = labels_for(language)
    return HeaderRow.of(
        Column(_header(labels, name), look_of(name, "", language), _WIDTHS.get(name, 90), ours=name in INPUTS)
        for name in MEMBER_COLUMNS
    )


def _header(labels: Labels, name: str) -> str:
    return labels.field("members", "member") if name == "member" else answer_header(labels, name)
