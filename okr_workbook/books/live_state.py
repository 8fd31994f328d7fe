"""The state of Excel around a piece of work: quiet while it lasts, restored whatever happens.

Classes and not generators: LibreOffice's exceptions cannot be thrown into a generator.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from okr_workbook.errors import OkrError

_QUIET = {"screen_updating": False, "enable_events": False, "calculation": "manual"}


class quiet:  # noqa: N801  (read as a verb: with quiet(app))
    """No repainting, no events and no recalculation inside; all as before afterwards, also after an error.

    A switch the host does not have (xlwings Lite has none of them) is left out.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._before: dict[str, Any] = {}

    def __enter__(self) -> None:
        self._before = {name: value for name in _QUIET if (value := _get(self._app, name)) is not None}
        for name in self._before:
            setattr(self._app, name, _QUIET[name])

    def __exit__(self, *_error: object) -> None:
        for name, value in reversed(self._before.items()):
            setattr(self._app, name, value)


class status:  # noqa: N801
    """`text` in the status bar inside; what stood there afterwards."""

    def __init__(self, app: Any, text: str) -> None:
        self._app, self._text = app, text
        self._before: Any = None

    def __enter__(self) -> None:
        self._before = _get(self._app, "status_bar")
        if self._before is not None:
            self._app.status_bar = self._text

    def __exit__(self, *_error: object) -> None:
        if self._before is not None:
            self._app.status_bar = self._before


class unprotected:  # noqa: N801
    """The sheets open for writing inside, and protected again afterwards.

    The planner protects what Refresh writes, without a password, against slips of the hand. OkrError for a sheet that
    somebody protected with a password.
    """

    def __init__(self, sheets: Iterable[Any]) -> None:
        self._sheets = {sheet.name: sheet for sheet in sheets}.values()
        self._opened: list[Any] = []

    def __enter__(self) -> None:
        for sheet in filter(_is_protected, self._sheets):
            with suppress(Exception):  # each host has an error of its own for a password
                _unprotect(sheet)
            if _is_protected(sheet):
                self.__exit__()
                raise OkrError("protected_sheet", sheet=sheet.name)
            self._opened.append(sheet)

    def __exit__(self, *_error: object) -> None:
        for sheet in self._opened:
            _protect(sheet)


def _get(app: Any, name: str) -> Any:
    try:
        return getattr(app, name)
    except NotImplementedError:
        return None


_ALLOWED = ("formatting_columns", "formatting_rows", "sorting", "filtering")
"""What the planner's protected sheets still let people do."""


def _is_protected(sheet: Any) -> bool:
    """True for a protected sheet; False where the host cannot tell."""
    host = _host(sheet)
    if host == "libreoffice":
        return bool(sheet.api.isProtected())
    if host == "macos":
        return bool(sheet.api.protect_contents.get())
    return bool(host == "windows" and sheet.api.ProtectContents)


def _unprotect(sheet: Any) -> None:
    host = _host(sheet)
    if host == "libreoffice":
        sheet.api.unprotect("")
    elif host == "macos":
        sheet.api.unprotect(password="")
    else:
        sheet.api.Unprotect(Password="")  # given, so that Excel does not ask for it


def _protect(sheet: Any) -> None:
    host = _host(sheet)
    if host == "libreoffice":
        sheet.api.protect("")
    elif host == "macos":
        sheet.api.protect_worksheet(**{f"allow_{name}": True for name in _ALLOWED})
    else:
        sheet.api.Protect(**{f"Allow{name.title().replace('_', '')}": True for name in _ALLOWED})


def _host(sheet: Any) -> str:
    name = str(sheet.book.app.engine.name)
    if name == "excel":
        return "macos" if sys.platform == "darwin" else "windows"
    return name
