"""A planner's workbook in memory, to the byte what its file would become: for work that is saved all at once or not."""

from __future__ import annotations

from okr_workbook.books import gate
from okr_workbook.tables.grid import Changes, Grid, Value, Written


class DraftBook:
    """The workbook in a file's bytes; `content` is what it has become. FileRefusedError for what is no workbook."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        self._workbook = gate.admitted(content)

    @property
    def name(self) -> str:
        """The file's name."""
        return self._name

    @property
    def content(self) -> bytes:
        """The file's bytes, as they are by now."""
        return self._workbook.content

    def read(self) -> dict[str, Grid]:
        """Every table that is there, by id."""
        with gate.naming(self._name):
            return dict(self._workbook.grids)

    def read_block(self, name: str) -> list[list[Value]] | None:
        """The values of a defined name, or None where there is none."""
        with gate.naming(self._name):
            return self._workbook.block(name)

    def write(self, changes: Changes, *, command: str) -> Written:
        """Write all of it or nothing. Nothing is kept for an undo."""
        del command
        with gate.naming(self._name):
            rewritten = self._workbook.changed(changes)
            changed = rewritten.content != self.content
            if changed:
                self._workbook = gate.admitted(rewritten.content)
        return Written(changed, rewritten.kept)
