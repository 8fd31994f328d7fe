"""A planner in memory: for tests, dry runs, and hosts that hand over tables instead of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import BlockChange, Changes, Formula, Grid, TableChange, Value, Written, shown_value


class MemoryBook:
    """A book of grids and blocks. Grids given are never changed; `read` gives the present ones."""

    def __init__(
        self,
        grids: Mapping[str, Grid],
        blocks: Mapping[str, Sequence[Sequence[Value]]] | None = None,
        *,
        name: str = "planner.xlsx",
    ) -> None:
        self._name = name
        self._state = _State(dict(grids), {key: [list(row) for row in rows] for key, rows in (blocks or {}).items()})
        self._before: list[tuple[str, _State]] = []

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self._name

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that changed something, oldest first."""
        return tuple(command for command, _ in self._before)

    def read(self) -> dict[str, Grid]:
        """Every table, by id."""
        return dict(self._state.grids)

    def read_block(self, name: str) -> list[list[Value]] | None:
        """The values of a named range, or None where there is none."""
        rows = self._state.blocks.get(name)
        return None if rows is None else [list(row) for row in rows]

    def write(self, changes: Changes, *, command: str) -> Written:
        """Write all of it or nothing."""
        kept: list[str] = []
        grids, blocks = dict(self._state.grids), dict(self._state.blocks)
        for change in changes.tables:
            if change.table not in grids:
                raise OkrError("table_missing", table=change.table)
            grids[change.table] = _changed(grids[change.table], change, kept)
        for block in changes.blocks:
            if block.name in blocks:
                blocks[block.name] = _filled(blocks[block.name], block)
        after = _State(grids, blocks)
        if after == self._state:
            return Written(changed=False, kept=tuple(kept))
        self._before.append((command, self._state))
        self._state = after
        return Written(changed=True, kept=tuple(kept))

    def undo(self) -> str:
        """Put back what the last writing command changed; that command. OkrError where there is nothing left."""
        if not self._before:
            raise OkrError("nothing_to_undo", file=self._name)
        command, self._state = self._before.pop()
        return command


class _State(NamedTuple):
    grids: dict[str, Grid]
    blocks: dict[str, list[list[Value]]]


def _changed(grid: Grid, change: TableChange, kept: list[str]) -> Grid:
    """A grid with one change made; cells whose formula was left alone are appended to `kept`."""
    width = len(grid.headers) + len(change.new_headers)
    rows = [[*row, *[None] * (width - len(row))] for row in grid.rows]
    formulas = set(grid.formulas)
    for (row, column), value in change.cells.items():
        if value in (None, "") and row >= len(grid.rows):
            continue
        if (row, column) in formulas and not change.writes_over_formulas:
            if value is not None:
                kept.append(grid.named(grid.address(row, column)))
            continue
        rows.extend([None] * width for _ in range(row + 1 - len(rows)))
        held = shown_value(value)
        rows[row][column] = None if held == "" else held
        (formulas.add if isinstance(value, Formula) else formulas.discard)((row, column))
    if change.row_count is not None:
        written = 1 + max((row for (row, _), value in change.cells.items() if value not in (None, "")), default=0)
        count = max(change.row_count, written)
        rows = rows[:count] + [[None] * width for _ in range(count - len(rows))]
    formulas = {place for place in formulas if place[0] < len(rows)}
    return grid._replace(headers=(*grid.headers, *change.new_headers), rows=rows, formulas=frozenset(formulas))


def _filled(block: Sequence[Sequence[Value]], change: BlockChange) -> list[list[Value]]:
    """A block's values anew; cells without a value are emptied, rows past its end have no place."""
    return [[_value(change.rows, row, column) for column in range(len(cells))] for row, cells in enumerate(block)]


def _value(rows: Sequence[Sequence[Value]], row: int, column: int) -> Value:
    return shown_value(rows[row][column]) if row < len(rows) and column < len(rows[row]) else None
