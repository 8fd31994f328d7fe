"""The sheet of members' own objectives, where each fills in the value of what he or she stands for.

Scores of persons are shown only where the planner's setting says so.
"""

from __future__ import annotations

from okr_workbook.books.team.answers import answer_row, header_row, input_rules
from okr_workbook.books.team.layout import FIRST_COLUMN, LIST_FIRST, MEMBER_COLUMNS, Layout, column, letters
from okr_workbook.books.team.model import Sheet, TableArea
from okr_workbook.books.team.page import new_list, put_note
from okr_workbook.books.team_names import MEMBERS_TABLE
from okr_workbook.tables.palette import ACCENT


def members_sheet(layout: Layout) -> Sheet:
    """The sheet, one row a key result of a member."""
    shown = layout.plan.settings.show_member_scores
    caption = layout.text("captions.members" if shown else "captions.members_private")
    sheet = new_list(layout, layout.members, layout.text("titles.members"), caption)
    sheet.tab_color = ACCENT
    headers = header_row(MEMBER_COLUMNS, layout.plan.language)
    headers.put(sheet)
    if not shown:
        sheet.hidden |= {column(MEMBER_COLUMNS, name) for name in ("score", "status")}
    for row, place in enumerate(layout.member_answers, LIST_FIRST):
        sheet.rows[row] = answer_row(layout, place, MEMBER_COLUMNS)
    count = max(1, len(layout.member_answers))
    if not layout.member_answers:
        put_note(sheet, LIST_FIRST, len(MEMBER_COLUMNS), layout.text("captions.no_member_objectives"))
    sheet.tables.append(TableArea(MEMBERS_TABLE, LIST_FIRST - 1, FIRST_COLUMN, headers.words, count))
    status = letters(MEMBER_COLUMNS, "status")
    last = LIST_FIRST + count - 1
    sheet.status_areas.append(f"{status}{LIST_FIRST}:{status}{last}")
    sheet.freeze = f"A{LIST_FIRST}"
    sheet.print_area = f"B2:{letters(MEMBER_COLUMNS, 'comment')}{last}"
    rows = {place: LIST_FIRST + i for i, place in enumerate(layout.member_answers)}
    input_rules(sheet, layout, rows, MEMBER_COLUMNS)
    return sheet
