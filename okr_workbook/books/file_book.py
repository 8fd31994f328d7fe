"""A planner in a file: read, written without losing anything else in it, and undone."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from okr_workbook.books import gate
from okr_workbook.books.files import journal, saving
from okr_workbook.books.files.backups import Retention, backup_path, keep_backup
from okr_workbook.books.files.journal_lines import line_of
from okr_workbook.books.files.lock import locked
from okr_workbook.books.files.saving import Fingerprint
from okr_workbook.books.workbook import Rewritten, Workbook
from okr_workbook.errors import OkrError
from okr_workbook.records import TYPE_CHECKING, NamedTuple
from okr_workbook.tables.grid import Changes, Grid, Value, Written

if TYPE_CHECKING:
    from okr_workbook.books.files.undoing import JournalEntry


class UndoReport(NamedTuple):
    """What an undo did: the command undone, how many cells were put back, the cells that were edited since."""

    command: str
    restored: int
    kept: tuple[str, ...]


class FileBook:
    """A planner in a file. Symbolic links are followed.

    `keep_backups` is how many backups stay, by default what the planner's settings say, where they may tell an age too.
    With `keep_history` False neither a backup nor a journal is kept.

    `notices` are codes of what was found of an earlier, broken-off run (`messages.toml`, table `notices`).
    """

    def __init__(
        self,
        path: str,
        *,
        keep_history: bool = True,
        keep_backups: int | None = None,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._given = path
        self.path = os.path.realpath(path)
        self._keep_backups = keep_backups
        self.notices: list[str] = []
        self._keep_history = keep_history
        self._clock = clock
        self._workbook: Workbook | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return os.path.basename(self.path)

    @property
    def content(self) -> bytes:
        """The file's bytes, as they were when it was read last."""
        with gate.naming(self._given):
            return self._loaded().content

    def read(self) -> dict[str, Grid]:
        """Every table of the planner that is there, by id, as the file is now. FileRefusedError for what is no planner."""
        with gate.naming(self._given):
            return dict(self._read().grids)

    def read_block(self, name: str) -> list[list[Value]] | None:
        """The values of a defined name: of its cells, or the constant it stands for. None where there is none."""
        with gate.naming(self._given):
            return self._loaded().block(name)

    def write(self, changes: Changes, *, command: str) -> Written:
        """Write all of it or nothing; a backup and what `undo` needs are kept beside the file.

        OkrError where the file changed since it was read, is open elsewhere, or something stands in a table's way.
        A file whose cells hold all of it already is not written.
        """
        with gate.naming(self._given):
            before = self._loaded()
            rewritten = before.changed(changes)
        if rewritten.content == before.content:
            return Written(changed=False, kept=rewritten.kept)
        with gate.naming(self._given), locked(self.path, notices=self.notices):
            self._save(before, rewritten, changes, command)
        self._workbook = None
        return Written(changed=True, kept=rewritten.kept)

    def undo(self) -> UndoReport:
        """Put back what the last writing command changed. OkrError where nothing is left to undo.

        A file that is as the command left it becomes again, to the byte, what it was. In a file edited since, cells that
        still hold what was written are put back, and the others are named in the report.
        """
        from okr_workbook.books.files.undoing import entries  # not on the way of a refresh

        with gate.naming(self._given), locked(self.path, notices=self.notices):
            book = self._read()
            history = entries(journal.lines(self.path))
            while history and history[-1][1].before == Fingerprint.of(book.content):
                history.pop()  # never came about, or was undone by a run that was broken off
            if not history:
                raise OkrError("nothing_to_undo", file=self.path)
            _, entry = history.pop()
            report = self._restore_file(book, entry) or self._restore_cells(book, entry)
            journal.keep(self.path, [line for line, _ in history])
        self._workbook = None
        return report

    def _read(self) -> Workbook:
        self._workbook = gate.admitted(saving.read_file(self.path))
        return self._workbook

    def _loaded(self) -> Workbook:
        return self._workbook or self._read()

    def _save(self, before: Workbook, rewritten: Rewritten, changes: Changes, command: str) -> None:
        """Write a checked file in the place of the old one, with a backup and an entry in the journal."""
        self._check(rewritten, before)
        history = journal.lines(self.path) if self._keep_history else []

        def remember() -> None:
            if self._keep_history:
                now, keep = self._clock(), self._retention(before)
                backup = keep_backup(self.path, before.content, now, keep)
                line = line_of(before, changes, rewritten, command=command, at=now, backup=backup)
                journal.keep(self.path, [*journal.since(keep.since(now), history), line])

        try:
            saving.replace(self.path, rewritten.content, before.content, on_ready=remember)
        except OkrError:
            if self._keep_history:
                journal.keep(self.path, history)
            raise

    def _check(self, rewritten: Rewritten, before: Workbook) -> None:
        """Open what is to be saved, and compare every part of it with what it shall be; it must be let in again, too."""
        after = Workbook(rewritten.content)
        if not after.holds(rewritten.parts, before):
            raise OkrError("save_check_failed", file=self.path)
        gate.check_size(after)

    def _restore_file(self, book: Workbook, entry: JournalEntry) -> UndoReport | None:
        """The file as it was, from its backup; None where the file was edited since or the backup is gone."""
        backup = backup_path(self.path, entry.backup)
        if entry.after != Fingerprint.of(book.content) or not os.path.isfile(backup):
            return None
        content = saving.read_file(backup)
        if entry.before != Fingerprint.of(content):
            return None
        saving.replace(self.path, content, book.content, on_ready=lambda: None)
        self._back_up(book, spare=1)
        saving.remove(backup)  # the planner itself is that file again
        return UndoReport(entry.command, entry.cell_count, ())

    def _restore_cells(self, book: Workbook, entry: JournalEntry) -> UndoReport:
        """The cells as they were, where they still hold what was written."""
        from okr_workbook.books.files.undoing import restoring

        plan = restoring(book, entry)
        rewritten = book.changed(plan.changes)
        if rewritten.content != book.content:
            self._check(rewritten, book)
            saving.replace(
                self.path,
                rewritten.content,
                book.content,
                on_ready=lambda: self._back_up(book),
            )
        return UndoReport(entry.command, plan.restored, plan.kept)

    def _back_up(self, book: Workbook, spare: int = 0) -> None:
        """Keep the file as it is before an undo, with room for so many more backups than usual."""
        keep = self._retention(book)
        keep_backup(self.path, book.content, self._clock(), keep._replace(number=keep.number + spare))

    def _retention(self, book: Workbook) -> Retention:
        """Which backups stay."""
        return Retention(self._keep_backups) if self._keep_backups else retention_of(book.grids.get("settings"))


def retention_of(settings: Grid | None) -> Retention:
    """Which backups the planner's settings want kept, as they are read everywhere; the newest ten where they do not say."""
    from okr_workbook.tables.parsing import parse_planner

    wanted = parse_planner({"settings": settings} if settings else {}).planner.settings
    return Retention(wanted.keep_backups, wanted.delete_backups_after_days)
