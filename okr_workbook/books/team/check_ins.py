"""The check-in form: dated readings that the table of key results has no room for, such as last week's."""

from __future__ import annotations

from functools import cache, lru_cache

from okr_workbook.books.design import number_formats
from okr_workbook.books.team.actions import key_result_ids
from okr_workbook.books.team.layout import DETAIL_COLUMNS, FIRST_COLUMN, LIST_FIRST, Layout, letters
from okr_workbook.books.team.looks import INPUT, INPUT_CENTRED, INPUT_NUMBER, INPUT_WORDS, QUIET
from okr_workbook.books.team.model import ROW, Between, Choice, Look, Row, RowKind, Sheet, TableArea
from okr_workbook.books.team.page import Column, HeaderRow, new_list
from okr_workbook.labels import Labels, labels_for
from okr_workbook.tables.grid import column_letters
from okr_workbook.tables.palette import ACCENT

FIELDS = ("date", "key_result", "title", "value", "confidence", "comment", "author")
SPARE_ROWS = 20

_WIDTHS = {"date": 110, "key_result": 110, "title": 320, "value": 110, "confidence": 92, "comment": 330, "author": 150}


def check_ins_sheet(layout: Layout) -> Sheet:
    """The sheet: blank rows to fill in, in any order."""
    sheet = new_list(layout, layout.check_ins, layout.text("titles.check_ins"), layout.text("captions.check_ins"))
    sheet.tab_color = ACCENT
    language = layout.plan.language
    header_row = _header_row(language)
    header_row.put(sheet)
    spare = Row(_row_kind(key_result_ids(layout) if layout.scored else "", language), (None,) * len(FIELDS))
    sheet.rows |= dict.fromkeys(range(LIST_FIRST, LIST_FIRST + SPARE_ROWS), spare)
    sheet.tables.append(TableArea("check_ins", LIST_FIRST - 1, FIRST_COLUMN, header_row.words, SPARE_ROWS))
    _add_rules(sheet, layout)
    sheet.freeze = f"A{LIST_FIRST}"
    sheet.print_area = f"B2:{column_letters(FIRST_COLUMN + len(FIELDS) - 1)}{LIST_FIRST + SPARE_ROWS - 1}"
    return sheet


@cache
def _header_row(language: str) -> HeaderRow:
    labels = labels_for(language)
    return HeaderRow.of(
        Column(_header(labels, field), _look(field, language), _WIDTHS[field], ours=field != "title")
        for field in FIELDS
    )


def _header(labels: Labels, field: str) -> str:
    return labels.text("team_book", "columns.title") if field == "title" else labels.field("check_ins", field)


@lru_cache(maxsize=256)
def _row_kind(ids: str, language: str) -> RowKind:
    """The blank rows of a team whose key results have their ids in a range, "" for none."""
    return RowKind(
        (
            (place, _title(ids) if field == "title" and ids else "", _look(field, language))
            for place, field in enumerate(FIELDS, FIRST_COLUMN)
        ),
        height=21,
    )


def _title(ids: str) -> str:
    """The words of the key result whose id stands in the row, as a formula."""
    ids_column, words_column = letters(DETAIL_COLUMNS, "id"), letters(DETAIL_COLUMNS, "key_result")
    words = ids.replace(f"${ids_column}$", f"${words_column}$")
    typed = f"{column_letters(FIRST_COLUMN + FIELDS.index('key_result'))}{ROW}"
    return f'IF({typed}="","",IFERROR(INDEX({words},MATCH({typed},{ids},0)),""))'


def _look(field: str, language: str) -> Look:
    if field == "date":
        return INPUT_CENTRED._replace(number=number_formats.date(language))
    if field == "title":
        return QUIET
    return {"value": INPUT_NUMBER, "confidence": INPUT_CENTRED, "comment": INPUT_WORDS}.get(field, INPUT)


def _add_rules(sheet: Sheet, layout: Layout) -> None:
    last = LIST_FIRST + SPARE_ROWS - 1
    area = {
        field: f"{column_letters(place)}{LIST_FIRST}:{column_letters(place)}{last}"
        for place, field in enumerate(FIELDS, FIRST_COLUMN)
    }
    dates = ("date", "DATE(2000,1,1)", "DATE(2199,12,31)")
    sheet.betweens.append(Between(area["date"], *dates, error=layout.text("errors.any_date")))
    sheet.betweens.append(Between(area["confidence"], "decimal", "0", "10", error=layout.text("errors.confidence")))
    if layout.scored:
        sheet.choices.append(Choice(area["key_result"], source=key_result_ids(layout)))
    if layout.people:
        sheet.choices.append(Choice(area["author"], source=layout.people))
