"""A planner in a file: read, written without losing anything else in it, and undone."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from okr_workbook.books import gate, saving
from okr_workbook.books.workbook import Rewritten, Workbook
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import Changes, Grid, Value, Written


class FileBook:
    """A planner in a file. Symbolic links are followed.

    `notices` are codes of what was found of an earlier, broken-off run (`messages.toml`, table `notices`).
    """

    def __init__(
        self,
        path: str,
        *,
        keep_history: bool = True,
        keep_backups: int = 10,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.path = os.path.realpath(path)
        self.keep_backups = keep_backups
        self.notices: list[str] = []
        self._keep_history = keep_history
        self._clock = clock
        self._workbook: Workbook | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return os.path.basename(self.path)

    def read(self) -> dict[str, Grid]:
        """Every table of the planner that is there, by id, as the file is now. FileRefusedError for what is no planner."""
        self._workbook = gate.admitted(saving.read_file(self.path), file=self.path)
        return dict(self._workbook.grids)

    def read_block(self, name: str) -> list[list[Value]] | None:
        """The values of a defined name: of its cells, or the constant it stands for. None where there is none."""
        return self._loaded().block(name)

    def write(self, changes: Changes, *, command: str) -> Written:
        """Write all of it or nothing; a backup and what `undo` needs are kept beside the file.

        OkrError where the file changed since it was read, is open elsewhere, or something stands in a table's way.
        A file whose cells hold all of it already is not written.
        """
        before = self._loaded()
        rewritten = before.changed(changes)
        if rewritten.content == before.content:
            return Written(changed=False, kept=rewritten.kept)
        with saving.locked(self.path, notices=self.notices):
            self._save(before, rewritten, command)
        self._workbook = None
        return Written(changed=True, kept=rewritten.kept)

    def _loaded(self) -> Workbook:
        if self._workbook is None:
            self.read()
        assert self._workbook is not None
        return self._workbook

    def _save(self, before: Workbook, rewritten: Rewritten, command: str) -> None:
        def ready() -> None:
            if not Workbook(rewritten.content).holds(rewritten.edits):
                raise OkrError("save_check_failed", file=self.path)
            if self._keep_history:
                saving.keep_backup(self.path, before.content, self._clock(), self.keep_backups)

        del command
        saving.replace(self.path, rewritten.content, before.content, on_ready=ready)
