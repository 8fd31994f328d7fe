"""Reading files from strangers in a child process with a limit on time and memory.

The gate refuses what it knows; this bounds what it does not know. The child gets bytes and answers in JSON, values only;
one child reads many books, and is replaced when it had to be stopped. On Linux and macOS the system keeps the memory
limit; on Windows the gate's limits alone bound it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, NamedTuple, Self

from okr_workbook.books import gate
from okr_workbook.errors import FileRefusedError, OkrError
from okr_workbook.tables.grid import NOT_COMPUTED, CellError, Grid, NotComputed, Value

SECONDS = 10
"""How long one book may take. A book at the gate's limits takes about two seconds."""
MEGABYTES = 500
"""How much memory the child may take, its interpreter included. A book at the gate's limits takes about 300."""


class Contents(NamedTuple):
    """What was asked for of a book: its tables, the values of named ranges (None: no such name), parts as they are."""

    grids: dict[str, Grid]
    blocks: dict[str, list[list[Value]] | None]
    parts: dict[str, bytes]

    def block(self, name: str) -> list[list[Value]] | None:
        """The values of a named range that was asked for, or None where the book has no such name."""
        return self.blocks[name]


class ChildReader:
    """Reads books one after the other in a child process; use it in a `with` statement."""

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._seconds, self._megabytes = seconds, megabytes
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, content: bytes, *, blocks: Sequence[str] = (), parts: Sequence[str] = ()) -> Contents:
        """A returned book's contents. FileRefusedError from the gate, or where it took too much time or memory."""
        request = json.dumps({"size": len(content), "blocks": list(blocks), "parts": list(parts)})
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        late = threading.Event()
        timer = threading.Timer(self._seconds, _stop_late, (child, late))
        timer.start()
        try:
            child.stdin.write(request.encode() + b"\n" + content)
            child.stdin.flush()
            answer = child.stdout.readline()
        except BrokenPipeError:
            answer = b""
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):
            self._stop()
            raise FileRefusedError("took_too_long" if late.is_set() else "took_too_much", seconds=self._seconds)
        return _contents(json.loads(answer))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            start = f"import sys; sys.path[:] = {sys.path!r}; from okr_workbook.books.sandbox import serve; serve({self._megabytes})"
            try:
                self._child = subprocess.Popen(  # noqa: S603 our own interpreter and module
                    [sys.executable, "-c", start],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise OkrError("reader_not_started", reason=error.strerror or str(error)) from error
        return self._child

    def _stop(self) -> None:
        if self._child is None:
            return
        self._child.kill()
        self._child.communicate()
        self._child = None


def _stop_late(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


# --- the child ---


def serve(megabytes: int) -> None:
    """Answer requests on standard input until it ends. The child's own main."""
    _limit_memory(megabytes)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := requests.readline():
        answers.write(_answer(json.loads(line), requests).encode() + b"\n")
        answers.flush()


def _answer(request: Mapping[str, Any], requests: BinaryIO) -> str:
    content = requests.read(request["size"])
    try:
        return json.dumps(_read(content, request))
    except FileRefusedError as error:
        return _refusal(error.code, error.details)
    except MemoryError:
        return _refusal("took_too_much")
    except Exception:  # noqa: BLE001  (what a stranger's file makes of our reader is the file's fault to its sender)
        return _refusal("damaged")


def _refusal(code: str, details: Mapping[str, object] = {}) -> str:
    return json.dumps({"refused": code, "details": {key: str(value) for key, value in details.items()}})


def _read(content: bytes, request: Mapping[str, Any]) -> dict[str, Any]:
    book = gate.admitted(content, limits=gate.RETURNED, allow_macros=False)
    archive = book.package.archive
    return {
        "grids": [_grid_in_json(grid) for grid in book.grids.values()],
        "blocks": {name: _rows_in_json(book.block(name)) for name in request["blocks"]},
        "parts": {name: archive.read(name).decode("latin-1") for name in request["parts"] if name in archive},
    }


def _limit_memory(megabytes: int) -> None:
    """Have the system refuse more memory, where it can; macOS may not."""
    if sys.platform == "win32":
        return
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    except (ValueError, OSError):
        return


# --- values in JSON, without loss ---


def _grid_in_json(grid: Grid) -> list[Any]:
    rows = _rows_in_json([grid.headers, *grid.rows])
    return [grid.table, rows, sorted(grid.formulas), grid.sheet, grid.top, grid.left]


def _rows_in_json(rows: Sequence[Sequence[Value]] | None) -> list[list[Any]] | None:
    return None if rows is None else [[_in_json(value) for value in row] for row in rows]


def _in_json(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, CellError):
        return {"error": value.code}
    return {} if isinstance(value, NotComputed) else value


def _contents(answer: Mapping[str, Any]) -> Contents:
    if "refused" in answer:
        raise FileRefusedError(answer["refused"], **answer["details"])
    grids = {}
    for table, (headers, *rows), formulas, sheet, top, left in answer["grids"]:
        places = frozenset((row, column) for row, column in formulas)
        body = [[_value(cell) for cell in row] for row in rows]
        grids[table] = Grid(table, tuple(_value(cell) for cell in headers), body, places, sheet, top, left)
    blocks = {
        name: None if rows is None else [[_value(cell) for cell in row] for row in rows]
        for name, rows in answer["blocks"].items()
    }
    return Contents(grids, blocks, {name: part.encode("latin-1") for name, part in answer["parts"].items()})


def _value(cell: Any) -> Value:
    if not isinstance(cell, dict):
        found: str | float | bool | None = cell
        return found
    if "day" in cell:
        return date.fromisoformat(cell["day"])
    if "time" in cell:
        return datetime.fromisoformat(cell["time"])
    return CellError(cell["error"]) if "error" in cell else NOT_COMPUTED
