"""Which column of a grid is which field: by label in any language the planner knows, or by id, wherever it stands."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from okr_workbook.labels import LANGUAGES, Labels, area, folded, labels_for
from okr_workbook.records import NamedTuple
from okr_workbook.tables.grid import Grid, Value
from okr_workbook.tables.schema import Table, table
from okr_workbook.tables.text_values import month_from_text


class Columns(NamedTuple):
    """Where each field of a table stands (index from 0), and each month, by its first day. Other columns are the user's."""

    fields: dict[str, int]
    months: dict[date, int]

    @property
    def places(self) -> dict[str, int]:
        """Where each field and each month stands, by its id."""
        return self.fields | {month_header(month): index for month, index in self.months.items()}

    def missing(self, of: Table) -> tuple[str, ...]:
        """The ids of the table's fields that have no column."""
        return tuple(field.id for field in of.fields if field.id not in self.fields)

    def lacks(self, *fields: str) -> bool:
        """True where one of the fields has no column."""
        return any(field not in self.fields for field in fields)


def find_columns(grid: Grid) -> Columns:
    """The columns of a grid. Where two columns carry the same field's label, the first is the field's."""
    return columns_of(grid.table, grid.headers)


def columns_of(table_id: str, headers: Iterable[Value], *, in_team_book: bool = False) -> Columns:
    """The columns that a row of headers names, for one table; in a team's workbook some have words of their own."""
    names, months = _names(table_id, in_team_book=in_team_book), table(table_id).months
    found = Columns({}, {})
    for index, header in enumerate(headers):
        if header is None:
            continue
        field_id = names.get(folded(header)) if isinstance(header, str) else None
        if field_id is not None:
            found.fields.setdefault(field_id, index)
        elif months and (month := month_of(header)) is not None:
            found.months.setdefault(month, index)
    return found


def month_of(header: Value) -> date | None:
    """The first day of the month a header stands for, or None."""
    if isinstance(header, datetime):
        return header.date().replace(day=1)
    if isinstance(header, date):
        return header.replace(day=1)
    return month_from_text(header, month_names()) if isinstance(header, str) else None


def month_header(month: date) -> str:
    """How a month column is headed: 2026-07. Excel keeps table headers as text, and fills such a series on by itself."""
    return f"{month.year:04}-{month.month:02}"


@cache
def month_names() -> tuple[tuple[str, ...], ...]:
    """The names of the twelve months in every language, long and short."""
    return tuple(
        tuple(area(language, "tables")["months"][form]) for language in LANGUAGES for form in ("long", "short")
    )


def team_header(table_id: str, field_id: str, labels: Labels) -> str:
    """How a field's column is headed in a team's workbook: in words of its own there, else as in the planner."""
    own = area(labels.language, "team_book")["headers"].get(table_id, {})
    return str(own.get(field_id) or labels.field(table_id, field_id))


@cache
def _names(table_id: str, *, in_team_book: bool = False) -> dict[str, str]:
    """Every way to head a column of a table, folded -> field id. Labels go before ids."""
    found: dict[str, str] = {}
    fields = table(table_id).fields
    for language in LANGUAGES:
        labels = labels_for(language)
        for field in fields:
            found.setdefault(folded(labels.field(table_id, field.id)), field.id)
    for field in fields:
        found.setdefault(field.id, field.id)
        for language in LANGUAGES if in_team_book else ():
            found.setdefault(folded(team_header(table_id, field.id, labels_for(language))), field.id)
    return found
