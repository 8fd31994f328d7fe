"""The state of Excel around a piece of work: quiet while it lasts, restored whatever happens.

Classes and not generators: LibreOffice's exceptions cannot be thrown into a generator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from okr_workbook.books.live.hosts import (
    fills_columns,
    is_protected,
    let_fill_columns,
    protect,
    protection_of,
    unprotect,
)
from okr_workbook.errors import OkrError
from okr_workbook.tables.grid import Formula, Value

_QUIET = {"screen_updating": False, "enable_events": False, "calculation": "manual"}


class _Restoring:
    """Remembers how to put back what it changes, the last first. One that fails keeps none of the others from it.

    OkrError at last where one failed, unless an error is on its way already.
    """

    def __init__(self) -> None:
        self._put_back: list[Callable[[], None]] = []

    def __enter__(self) -> None:
        try:
            self._change()
        except BaseException as error:
            self.__exit__(type(error))
            raise

    def _change(self) -> None:
        """Make the changes, each after `_put_back` knows its way back."""
        raise NotImplementedError

    def __exit__(self, kind: object, *_error: object) -> None:
        failure: Exception | None = None
        while self._put_back:
            try:
                self._put_back.pop()()
            except Exception as error:  # noqa: BLE001  (each host has its own; told below)
                failure = failure or error
        if failure is not None and kind is None:
            raise OkrError("not_put_back", reason=str(failure)) from failure


class quiet(_Restoring):  # noqa: N801  (read as a verb: with quiet(app))
    """No repainting, no events and no recalculation inside; all as before afterwards, also after an error.

    A switch the host does not have is left out: xlwings Lite has calculation only, and that where it is new enough.
    """

    def __init__(self, app: Any) -> None:
        super().__init__()
        self._app = app

    def _change(self) -> None:
        for name, value in _QUIET.items():
            before = _get(self._app, name)
            if before is not None:
                self._put_back.append(partial(setattr, self._app, name, before))
                setattr(self._app, name, value)


class status(_Restoring):  # noqa: N801
    """`text` in the status bar inside; what stood there afterwards."""

    def __init__(self, app: Any, text: str) -> None:
        super().__init__()
        self._app, self._text = app, text

    def _change(self) -> None:
        before = _get(self._app, "status_bar")
        if before is not None:
            self._put_back.append(partial(setattr, self._app, "status_bar", before))
            self._app.status_bar = self._text


class unfilled(_Restoring):  # noqa: N801
    """Inside, `values` can be written into a table's cells, and Excel leaves each formula among them in its own cell.

    The switch is one that Excel remembers for good: where no formula is written, it is not touched.
    """

    def __init__(self, app: Any, values: Iterable[Value]) -> None:
        super().__init__()
        self._app, self._matters = app, any(isinstance(one, Formula) for one in values)

    def _change(self) -> None:
        if self._matters and fills_columns(self._app):
            self._put_back.append(partial(let_fill_columns, self._app, True))
            let_fill_columns(self._app, False)


class unprotected(_Restoring):  # noqa: N801
    """The sheets open for writing inside, and protected again afterwards, as they were.

    The planner protects what Refresh writes, without a password, against slips of the hand. OkrError for a sheet that
    somebody protected with a password.
    """

    def __init__(self, sheets: Iterable[Any]) -> None:
        super().__init__()
        self._sheets = {sheet.name: sheet for sheet in sheets}.values()

    def _change(self) -> None:
        for sheet in filter(is_protected, self._sheets):
            protection = protection_of(sheet)
            with suppress(Exception):  # each host has an error of its own for a password
                unprotect(sheet)
            if is_protected(sheet):
                raise OkrError("protected_sheet", sheet=sheet.name)
            self._put_back.append(partial(protect, sheet, protection))


def _get(app: Any, name: str) -> Any:
    try:
        return getattr(app, name)
    except NotImplementedError:
        return None
